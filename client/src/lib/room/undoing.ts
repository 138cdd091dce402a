import type { SentCommand } from '#shared/protocol/messages.ts';

/** How long an act of steering can be taken back with one touch. */
export const UNDO_MS = 10_000;

/** An act that can be taken back with one touch, and what takes it back. */
export interface Undoing {
  readonly kind: 'lock' | 'closeCommenting' | 'mute' | 'remove' | 'hide' | 'resolve' | 'pause' | 'merge' | 'drop';
  readonly inverse: SentCommand;
}

/**
 * What takes a command back, for those acts that are offered with an undo instead of a question; null for all others. Each
 * inverse is a command of its own, decided and recorded like any other: nothing vanishes from the record.
 */
export function undoingOf(command: SentCommand): Undoing | null {
  switch (command.type) {
    case 'lockDraft':
      return { kind: 'lock', inverse: { type: 'unlockDraft', draftId: command.draftId } };
    case 'closeCommenting':
      return { kind: 'closeCommenting', inverse: { type: 'openCommenting' } };
    case 'muteParticipant':
      return { kind: 'mute', inverse: { type: 'unmuteParticipant', participantId: command.participantId } };
    case 'removeParticipant':
      return { kind: 'remove', inverse: { type: 'readmitParticipant', participantId: command.participantId } };
    case 'hideComment':
      return { kind: 'hide', inverse: { type: 'restoreComment', comment: command.comment } };
    case 'resolveComment':
      return { kind: 'resolve', inverse: { type: 'reopenComment', comment: command.comment } };
    case 'pauseRoom':
      return { kind: 'pause', inverse: { type: 'resumeRoom' } };
    case 'mergeSuggestion':
      return { kind: 'merge', inverse: { type: 'undoMerge', suggestion: command.suggestion } };
    case 'dropSuggestion':
      return { kind: 'drop', inverse: { type: 'relistSuggestion', suggestion: command.suggestion } };
    default:
      return null;
  }
}
