import type { Rejection } from '#shared/domain/rejections.ts';
import type { SentCommand } from '#shared/protocol/messages.ts';

/** A command that was given here and is not yet part of the room. */
export interface Pending {
  /** Made here; the same on every resend, so that the command acts once. */
  readonly commandId: string;
  readonly command: SentCommand;
  /** This device's clock, for the screen only. */
  readonly madeAt: number;
  readonly status:
    | { readonly name: 'waiting' }
    /** Accepted as this seq; shown until the room here has reached it. */
    | { readonly name: 'accepted'; readonly seq: number }
    | { readonly name: 'refused'; readonly rejection: Rejection };
}

/** What is used of the browser's storage. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** The command's place in storage: per room and person, so that nothing is ever sent in another's name. */
export function outboxKey(roomId: string, participantId: string): string {
  return `shangliang/outbox/${roomId}/${participantId}`;
}

/** 128 random bits as hex. `crypto.randomUUID` does not exist on plain HTTP pages; `getRandomValues` does. */
export function newCommandId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What was left unsent or refused when the page went away; an unreadable entry counts as none. */
export function readOutbox(shelf: Shelf, key: string): readonly Pending[] {
  try {
    const value: unknown = JSON.parse(shelf.getItem(key) ?? '[]');
    return Array.isArray(value) ? value.filter(isPending) : [];
  } catch {
    return [];
  }
}

/**
 * Changes one entry in storage and leaves the others as they are: other pages of the same person write there too. Gives false
 * where the browser does not keep it (storage full or switched off); the command then lives as long as the page.
 */
export function writeOutbox(shelf: Shelf, key: string, commandId: string, entry: Pending | null): boolean {
  try {
    const others = readOutbox(shelf, key).filter((pending) => pending.commandId !== commandId);
    const all = entry === null ? others : [...others, entry];
    if (all.length === 0) shelf.removeItem(key);
    else shelf.setItem(key, JSON.stringify(all));
    return true;
  } catch {
    return false;
  }
}

function isPending(value: unknown): value is Pending {
  if (typeof value !== 'object' || value === null) return false;
  const { commandId, command, madeAt, status } = value as Partial<Pending>;
  return (
    typeof commandId === 'string' && typeof command?.type === 'string' && typeof madeAt === 'number' && typeof status?.name === 'string'
  );
}

/** Whether a refused command holds words that must not be lost. */
export function holdsWords(command: SentCommand): boolean {
  if (command.type === 'disputeSuggestion') return command.note !== undefined;
  return words[command.type];
}

/** Which commands hold words that somebody wrote. One that is not listed does not compile, so that no words are dropped in silence. */
const words: Readonly<Record<SentCommand['type'], boolean>> = {
  describeRoom: false,
  changeSettings: false,
  openCommenting: false,
  closeCommenting: false,
  closeRoom: false,
  reopenRoom: false,
  changeRole: false,
  muteParticipant: false,
  unmuteParticipant: false,
  removeParticipant: false,
  readmitParticipant: false,
  lockDraft: false,
  unlockDraft: false,
  postComment: true,
  editComment: true,
  withdrawComment: false,
  supportComment: false,
  endSupport: false,
  resolveComment: false,
  reopenComment: false,
  hideComment: false,
  restoreComment: false,
  pauseRoom: false,
  resumeRoom: false,
  scheduleRoom: false,
  archiveRoom: false,
  unarchiveRoom: false,
  deleteRoom: false,
  undoDeletion: false,
  removeFile: false,
  createDraft: false,
  renameDraft: false,
  numberClauses: false,
  nameVersion: false,
  recordSpeech: true,
  publishComment: false,
  makeSuggestion: true,
  gatherSuggestion: true,
  rewordSuggestion: true,
  addSource: false,
  confirmSuggestion: false,
  disputeSuggestion: true,
  mergeSuggestion: false,
  undoMerge: false,
  splitSuggestion: true,
  dropSuggestion: false,
  relistSuggestion: false,
  supportSuggestion: false,
  endSuggestionSupport: false,
  eraseText: false,
  createRoom: false,
  admitParticipant: false,
  suspendParticipant: false,
  resumeParticipant: false,
  sealRevision: false,
  addFile: false,
  eraseParticipant: false,
  erasePassage: false,
};

/** Whether the same command may be accepted a little later without anybody doing anything. Gives the pause in ms, else null. */
export function retryAfter(rejection: Rejection): number | null {
  switch (rejection.code) {
    case 'tooFast':
      return Math.max(100, rejection.retryAfterMs);
    case 'storeUnavailable':
      return 2_000;
    default:
      return null;
  }
}
