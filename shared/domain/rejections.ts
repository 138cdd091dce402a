/** What can be damaged in a store, by what people know it as. */
export type DamagedThing = 'room' | 'draft' | 'file' | 'record';

/**
 * Why something was refused. A rejection is a value, never an exception: a code both sides know, and the facts a sentence
 * about it needs. The client has a sentence for each code in each language, and a test holds that.
 */
export type Rejection =
  | { readonly code: 'signInNeeded' }
  | { readonly code: 'notAllowed' }
  | { readonly code: 'notFound' }
  | { readonly code: 'roomClosed' }
  | { readonly code: 'roomOpen' }
  | { readonly code: 'roomExists' }
  | { readonly code: 'roomLimit'; readonly most: number }
  | { readonly code: 'removed' }
  /** `ask`: by what name the administrator goes who suspended it, told to who knows the account's password. */
  | { readonly code: 'accountSuspended'; readonly ask?: string }
  | { readonly code: 'muted' }
  | { readonly code: 'commentingClosed' }
  | { readonly code: 'draftLocked' }
  | { readonly code: 'unknownDraft' }
  | { readonly code: 'unknownComment' }
  | { readonly code: 'unknownParticipant' }
  | { readonly code: 'roomPaused' }
  /** `goneAt`: when it was removed for good; absent where it can still be brought back, or is about to be removed. */
  | { readonly code: 'roomDeleted'; readonly goneAt?: number }
  | { readonly code: 'slowMode'; readonly retryAfterMs: number }
  | { readonly code: 'commentLimit'; readonly most: number }
  | { readonly code: 'unknownSuggestion' }
  | { readonly code: 'unknownFile' }
  | { readonly code: 'unknownPassage' }
  | { readonly code: 'fileTypeRefused' }
  | { readonly code: 'fileTooLarge'; readonly most: number; readonly got: number }
  | { readonly code: 'roomFull' }
  | { readonly code: 'filesFull'; readonly most: number; readonly got: number }
  | { readonly code: 'commentHidden' }
  | { readonly code: 'commentWithdrawn' }
  | { readonly code: 'notYours' }
  | { readonly code: 'textErased' }
  | { readonly code: 'alreadySo' }
  | { readonly code: 'lastModerator' }
  | { readonly code: 'emptyText' }
  | { readonly code: 'textTooLong'; readonly most: number; readonly got: number }
  | { readonly code: 'tooMany'; readonly most: number }
  /** It would take everybody too long to take it into a draft. */
  | { readonly code: 'tooCostly' }
  | { readonly code: 'malformed'; readonly field?: string }
  | { readonly code: 'commandIdReused' }
  | { readonly code: 'tooFast'; readonly retryAfterMs: number }
  /** So much is being read that this would be too much; nothing was done. */
  | { readonly code: 'busy'; readonly retryAfterMs: number }
  /** A draft was changed so often that its whole history cannot be held in memory; bytes. Its log, its versions and its text can be read. */
  | { readonly code: 'historyTooLarge'; readonly most: number; readonly got: number }
  | { readonly code: 'storeUnavailable' }
  /** What is stored of it is not what was written; sending again changes nothing, and everything else goes on. */
  | { readonly code: 'damaged'; readonly what: DamagedThing }
  | { readonly code: 'linkUnknown' }
  | { readonly code: 'linkExpired' }
  | { readonly code: 'linkRevoked' }
  /** The sign-in was made by a personal link, and counts in the link's room only. */
  | { readonly code: 'linkRoomOnly' }
  | { readonly code: 'guestsNotAllowed' }
  /** A name holds what nobody sees, or what turns the direction of writing. */
  | { readonly code: 'nameInvisible' }
  /** A word of a name mixes alphabets whose letters look alike. */
  | { readonly code: 'nameMixed' }
  | { readonly code: 'handleTaken' }
  | { readonly code: 'handleInvalid' }
  | { readonly code: 'passwordTooShort'; readonly least: number }
  | { readonly code: 'wrongCredentials' }
  | { readonly code: 'setupDone' }
  | { readonly code: 'lastAdministrator' }
  | { readonly code: 'wrongOrigin' }
  | { readonly code: 'reloadNeeded' };

export type RejectionCode = Rejection['code'];

/** Every code once, for tests over the message catalogues and the protocol document; the type makes a forgotten one fail to compile. */
const everyCode: Record<RejectionCode, true> = {
  signInNeeded: true,
  notAllowed: true,
  notFound: true,
  roomClosed: true,
  roomOpen: true,
  roomExists: true,
  roomLimit: true,
  removed: true,
  accountSuspended: true,
  muted: true,
  commentingClosed: true,
  draftLocked: true,
  unknownDraft: true,
  unknownComment: true,
  unknownParticipant: true,
  roomPaused: true,
  roomDeleted: true,
  slowMode: true,
  commentLimit: true,
  unknownSuggestion: true,
  unknownFile: true,
  unknownPassage: true,
  fileTypeRefused: true,
  fileTooLarge: true,
  roomFull: true,
  filesFull: true,
  commentHidden: true,
  commentWithdrawn: true,
  notYours: true,
  textErased: true,
  alreadySo: true,
  lastModerator: true,
  emptyText: true,
  textTooLong: true,
  tooMany: true,
  tooCostly: true,
  malformed: true,
  commandIdReused: true,
  tooFast: true,
  busy: true,
  historyTooLarge: true,
  storeUnavailable: true,
  damaged: true,
  linkUnknown: true,
  linkExpired: true,
  linkRevoked: true,
  linkRoomOnly: true,
  guestsNotAllowed: true,
  nameInvisible: true,
  nameMixed: true,
  handleTaken: true,
  handleInvalid: true,
  passwordTooShort: true,
  wrongCredentials: true,
  setupDone: true,
  lastAdministrator: true,
  wrongOrigin: true,
  reloadNeeded: true,
};
export const rejectionCodes = Object.keys(everyCode) as readonly RejectionCode[];
