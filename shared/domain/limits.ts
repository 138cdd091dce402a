/**
 * Everything in a room that could grow without bound, in one table. The server injects it, `/api/limits` shows it, and a
 * measurement that raised one prints it. Lengths are UTF-16 code units unless the name says bytes.
 */
export interface Limits {
  readonly titleLength: number;
  readonly backgroundLength: number;
  readonly commentBytes: number;
  readonly quoteLength: number;
  readonly anchorRuns: number;
  readonly noteLength: number;
  readonly displayNameLength: number;
  readonly commentsPerRoom: number;
  readonly mentionsPerComment: number;
  readonly suggestionsPerRoom: number;
  readonly suggestionLength: number;
  readonly sourcesPerSuggestion: number;
  readonly draftsPerRoom: number;
  readonly clausesPerDraft: number;
  /** Runs of characters of a draft that are erased at once, and characters of the passage itself. */
  readonly erasedRuns: number;
  readonly erasedLength: number;
  readonly namedVersionsPerDraft: number;
  readonly filesPerRoom: number;
  readonly fileBytes: number;
  readonly recordBytes: number;
  readonly rosterSize: number;
  readonly labelLength: number;
  readonly participantsPerRoom: number;
  readonly roomsPerAccount: number;
  readonly tokensPerAccount: number;
  readonly deletedRoomDays: number;
  readonly roomLogBytes: number;
  readonly roomReserveBytes: number;
  readonly roomFileBytes: number;
  readonly draftStateBytes: number;
  readonly draftLogBytes: number;
  /** Items that whoever joins a draft passes at contended places: about 0.15 µs each. */
  readonly joinSteps: number;
  readonly invitationsPerRoom: number;
  readonly frameBytes: number;
  readonly joiningFrameBytes: number;
  readonly framesPerSecond: number;
  readonly frameBurst: number;
  readonly frameBytesPerSecond: number;
  readonly presencePerSecond: number;
  readonly presenceBytes: number;
  readonly presenceIdsPerSocket: number;
  readonly commandsPerSecond: number;
  readonly commandBurst: number;
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
  readonly commandsPerSecondPerAddress: number;
  readonly commandBurstPerAddress: number;
  readonly refusalsPerSocket: number;
  readonly messageBytes: number;
  readonly socketsPerPerson: number;
  readonly socketsPerPersonInAll: number;
  readonly participantSocketsPerRoom: number;
  readonly anonymousSockets: number;
  readonly unjoinedSocketsPerAddress: number;
  readonly connectsPerMinutePerAddress: number;
  readonly signInsPerMinutePerAccount: number;
  readonly signInsPerMinutePerAddress: number;
  readonly outgoingSoftBytes: number;
  readonly outgoingHardBytes: number;
  readonly outgoingStallMs: number;
  readonly joinTimeoutMs: number;
  readonly heavyReadsPerMinute: number;
  readonly readsPerSecond: number;
  readonly readBurst: number;
  readonly readsPerSecondPerAddress: number;
  readonly readBurstPerAddress: number;
  readonly answerBytesHeld: number;
  readonly historyBytes: number;
  readonly sampleRooms: number;
  readonly samplesPerHourPerAddress: number;
}

export const defaultLimits: Limits = {
  titleLength: 200,
  backgroundLength: 20_000,
  commentBytes: 10_240,
  quoteLength: 500,
  anchorRuns: 500,
  noteLength: 500,
  displayNameLength: 40,
  commentsPerRoom: 200_000,
  mentionsPerComment: 20,
  suggestionsPerRoom: 20_000,
  suggestionLength: 2_000,
  sourcesPerSuggestion: 200,
  draftsPerRoom: 20,
  clausesPerDraft: 5_000,
  erasedRuns: 20_000,
  erasedLength: 2_000,
  namedVersionsPerDraft: 500,
  filesPerRoom: 100,
  fileBytes: 20 * 1024 * 1024,
  recordBytes: 128 * 1024 * 1024,
  rosterSize: 1_000,
  labelLength: 100,
  participantsPerRoom: 5_000,
  roomsPerAccount: 200,
  tokensPerAccount: 100,
  deletedRoomDays: 30,
  roomLogBytes: 200 * 1024 * 1024,
  roomReserveBytes: 1024 * 1024,
  roomFileBytes: 500 * 1024 * 1024,
  draftStateBytes: 20 * 1024 * 1024,
  draftLogBytes: 200 * 1024 * 1024,
  joinSteps: 3_000_000,
  invitationsPerRoom: 500,
  frameBytes: 1024 * 1024,
  joiningFrameBytes: 4 * 1024 * 1024,
  framesPerSecond: 60,
  frameBurst: 240,
  frameBytesPerSecond: 256 * 1024,
  presencePerSecond: 20,
  presenceBytes: 2_048,
  presenceIdsPerSocket: 4,
  commandsPerSecond: 2,
  commandBurst: 10,
  requestsPerSecond: 10,
  requestBurst: 50,
  commandsPerSecondPerAddress: 300,
  commandBurstPerAddress: 3_000,
  refusalsPerSocket: 1_000,
  messageBytes: 64 * 1024,
  socketsPerPerson: 10,
  socketsPerPersonInAll: 200,
  participantSocketsPerRoom: 500,
  anonymousSockets: 5_000,
  unjoinedSocketsPerAddress: 500,
  connectsPerMinutePerAddress: 600,
  signInsPerMinutePerAccount: 5,
  signInsPerMinutePerAddress: 300,
  outgoingSoftBytes: 1024 * 1024,
  outgoingHardBytes: 4 * 1024 * 1024,
  outgoingStallMs: 10_000,
  joinTimeoutMs: 5_000,
  heavyReadsPerMinute: 60,
  readsPerSecond: 50,
  readBurst: 500,
  readsPerSecondPerAddress: 300,
  readBurstPerAddress: 3_000,
  answerBytesHeld: 64 * 1024 * 1024,
  historyBytes: 256 * 1024 * 1024,
  sampleRooms: 200,
  samplesPerHourPerAddress: 60,
};
