import type { Actor } from '#shared/domain/decision.ts';
import type { Limits } from '#shared/domain/limits.ts';
import type { DraftState } from '#shared/domain/state.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { Meters } from '../metrics/meters.ts';
import type { GroupCommit } from '../store/groupCommit.ts';
import type { Journal, Snapshots } from '../store/ports.ts';

/**
 * What drafts ask of the rooms, on every frame, never remembered. Synchronous, from the state of the live room; whoever connects
 * a socket sees to it that the room is loaded as long as the socket lives.
 */
export interface DraftAccess {
  mayWrite(roomId: string, draftId: string, actor: Actor): Rejection | null;
  mayRead(roomId: string, actor: Actor): Rejection | null;
  /** Passages of the draft that were erased, and by whom; none, if not given. */
  erased?(roomId: string, draftId: string): DraftState['erased'];
  /** Which history of the draft is the valid one, or null where there is no such draft. */
  lineageOf(roomId: string, draftId: string): string | null;
  /**
   * Brings the room's state up to date with its log; rejects where that cannot be read. Called whenever a draft was read that another
   * process may have written into.
   */
  refresh?(roomId: string): Promise<void>;
}

export interface DraftLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** How often everybody on a draft is told what its content should be, while it changes. */
export interface CheckPace {
  readonly everyMs: number;
  readonly everyEntries: number;
}

export interface DraftParts {
  readonly journal: Pick<Journal, 'readDraft'>;
  readonly snapshots: Snapshots;
  readonly commits: Pick<GroupCommit, 'write'>;
  readonly access: DraftAccess;
  readonly limits: Limits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** At least 128 fresh random bits, as hex. */
  readonly newSalt: () => string;
  readonly log: DraftLog;
  readonly meters?: Meters;
  /** The store failed under a draft; its editors have been sent away with 1013. */
  readonly onStoreFailed?: (reason: unknown) => void;
  /** Called with where a draft's log stands whenever more of it was stored or read. */
  readonly onSize?: (roomId: string, draftId: string, head: { readonly ordinal: number; readonly logBytes: number }) => void;
  /** How long a draft nobody is connected to stays in memory; 5 seconds if not given. */
  readonly idleMs?: number;
  /** How often it is looked who has shown presence and was not heard of since; every 2 seconds if not given. */
  readonly presenceTurnMs?: number;
  /** How often the content is told; every 30 seconds or 200 entries if not given. */
  readonly checkPace?: CheckPace;
}
