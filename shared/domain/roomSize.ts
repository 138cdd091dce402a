import type { RoomCommand } from './facts.ts';
import type { Limits } from './limits.ts';
import type { Rejection } from './rejections.ts';
import type { RoomState } from './state.ts';

/** What a room takes up, in bytes: the log of what people said and did, the logs of its drafts, its background files. */
export interface RoomSize {
  readonly discussion: number;
  readonly drafts: number;
  readonly files: number;
}

/** near: moderators are warned; full: only what ends, orders or takes away still goes. */
export type Fullness = 'fine' | 'near' | 'full';

type SizeLimits = Pick<Limits, 'roomLogBytes' | 'roomFileBytes' | 'roomReserveBytes'>;

/** From which share on moderators are warned. */
const nearShare = 0.8;

/** Bytes of the background files a room has now. */
export function fileBytesOf(state: RoomState): number {
  return state.files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Bytes that count as words: everything but files. */
export function wordBytes({ discussion, drafts }: RoomSize): number {
  return discussion + drafts;
}

/** How full a room is of words, and of files. */
export function fullnessOf(size: RoomSize, limits: SizeLimits): { readonly words: Fullness; readonly files: Fullness } {
  return { words: levelOf(wordBytes(size), limits.roomLogBytes), files: levelOf(size.files, limits.roomFileBytes) };
}

function levelOf(bytes: number, most: number): Fullness {
  if (bytes >= most) return 'full';
  return bytes >= most * nearShare ? 'near' : 'fine';
}

/**
 * What a command adds to a room. content: a full room takes no more of it. words: a full room still takes it out of a reserve, so
 * that people can say goodbye. nothing: always; it ends, orders or takes away, and comes from people and the system in small numbers.
 */
const adds: Readonly<Record<RoomCommand['type'], 'content' | 'words' | 'nothing'>> = {
  createRoom: 'nothing',
  describeRoom: 'words',
  changeSettings: 'nothing',
  openCommenting: 'nothing',
  closeCommenting: 'nothing',
  closeRoom: 'nothing',
  reopenRoom: 'nothing',
  admitParticipant: 'nothing',
  changeRole: 'nothing',
  muteParticipant: 'nothing',
  unmuteParticipant: 'nothing',
  removeParticipant: 'nothing',
  readmitParticipant: 'nothing',
  suspendParticipant: 'nothing',
  resumeParticipant: 'nothing',
  pauseRoom: 'nothing',
  resumeRoom: 'nothing',
  scheduleRoom: 'nothing',
  archiveRoom: 'nothing',
  unarchiveRoom: 'nothing',
  deleteRoom: 'nothing',
  undoDeletion: 'nothing',
  addFile: 'words',
  removeFile: 'nothing',
  createDraft: 'content',
  renameDraft: 'words',
  numberClauses: 'content',
  lockDraft: 'nothing',
  unlockDraft: 'nothing',
  nameVersion: 'words',
  sealRevision: 'nothing',
  postComment: 'words',
  recordSpeech: 'words',
  publishComment: 'nothing',
  editComment: 'words',
  withdrawComment: 'nothing',
  supportComment: 'words',
  endSupport: 'words',
  resolveComment: 'words',
  reopenComment: 'words',
  hideComment: 'nothing',
  restoreComment: 'nothing',
  makeSuggestion: 'content',
  gatherSuggestion: 'content',
  rewordSuggestion: 'content',
  addSource: 'content',
  confirmSuggestion: 'words',
  disputeSuggestion: 'words',
  mergeSuggestion: 'words',
  undoMerge: 'words',
  splitSuggestion: 'content',
  dropSuggestion: 'words',
  relistSuggestion: 'words',
  supportSuggestion: 'words',
  endSuggestionSupport: 'words',
  eraseText: 'nothing',
  erasePassage: 'nothing',
  eraseParticipant: 'nothing',
};

/** Why a room of this size takes no such command any more, or null. */
export function whyTooFull(size: RoomSize, command: RoomCommand, limits: SizeLimits): Rejection | null {
  const kind = adds[command.type];
  if (command.type === 'addFile' && size.files + command.bytes > limits.roomFileBytes) {
    return { code: 'filesFull', most: limits.roomFileBytes, got: size.files + command.bytes };
  }
  if (kind === 'nothing') return null;
  const most = limits.roomLogBytes + (kind === 'words' ? limits.roomReserveBytes : 0);
  return wordBytes(size) >= most ? { code: 'roomFull' } : null;
}
