import type { StreamRef } from '#shared/domain/commit.ts';
import type { ErasedEntry, ErasedWords } from '../erasing.ts';
import type { JournalOutcome, JournalWrite, Snapshot } from '../ports.ts';
import type { Segment } from '../segment.ts';
import type { RecordForm } from '../recordForm.ts';
import type { EntryPlace } from './erase.ts';
import type { RemovedThing } from './removal.ts';

/** What the main thread may ask of the thread that writes. Everything in it survives a structured clone. */
export type WriterRequest =
  | { readonly op: 'open' }
  | { readonly op: 'append'; readonly writes: readonly JournalWrite[] }
  | { readonly op: 'putSnapshot'; readonly snapshot: Snapshot }
  | { readonly op: 'insertRecord'; readonly kind: string; readonly form: RecordForm }
  | { readonly op: 'replaceRecord'; readonly kind: string; readonly form: RecordForm; readonly expectedRev: number }
  | { readonly op: 'removeRecord'; readonly kind: string; readonly id: string }
  | { readonly op: 'removeExpired'; readonly kind: string; readonly now: number }
  | { readonly op: 'removeSome'; readonly thing: RemovedThing }
  | { readonly op: 'laySegment'; readonly segment: Segment }
  | { readonly op: 'settleSegment'; readonly draftId: string }
  | { readonly op: 'eraseWords'; readonly stream: StreamRef; readonly erased: readonly ErasedWords[] }
  | { readonly op: 'eraseEntries'; readonly draftId: string; readonly erased: readonly ErasedEntry[] }
  | { readonly op: 'forgetSnapshots'; readonly kind: Snapshot['kind']; readonly id: string }
  | { readonly op: 'rewriteEntries'; readonly draftId: string; readonly from: EntryPlace | null }
  | { readonly op: 'emptyLog' }
  | { readonly op: 'health' }
  | { readonly op: 'writtenElsewhere' }
  | { readonly op: 'limitPages'; readonly pages: number | null }
  | { readonly op: 'close' };

/** What each request is answered with. */
export interface WriterAnswers {
  /** The version of SQLite. */
  readonly open: string;
  readonly append: readonly JournalOutcome[];
  readonly putSnapshot: null;
  readonly insertRecord: 'inserted' | 'exists';
  readonly replaceRecord: 'replaced' | 'conflict' | 'absent' | 'exists';
  readonly removeRecord: null;
  readonly removeExpired: number;
  /** Whether there may be more. */
  readonly removeSome: boolean;
  readonly laySegment: 'laid' | 'taken' | 'gone';
  readonly settleSegment: 'settled' | 'nothing' | 'differs';
  readonly eraseWords: null;
  readonly eraseEntries: null;
  readonly forgetSnapshots: null;
  /** Where to go on; null at the end. */
  readonly rewriteEntries: EntryPlace | null;
  readonly emptyLog: null;
  readonly health: null;
  readonly writtenElsewhere: boolean;
  readonly limitPages: null;
  readonly close: null;
}

export type WriterOp = WriterRequest['op'];

/**
 * How a request failed. open: the file cannot be opened; unavailable: the disk or the file failed, or somebody else held the
 * lock for too long; bug: the request itself was wrong, and nothing of it was stored.
 */
export interface WriterFailure {
  readonly kind: 'open' | 'unavailable' | 'bug';
  readonly message: string;
}

export interface WriterQuestion {
  readonly id: number;
  readonly request: WriterRequest;
}

export type WriterReply =
  | { readonly id: number; readonly ok: true; readonly answer: WriterAnswers[WriterOp] }
  | { readonly id: number; readonly ok: false; readonly failure: WriterFailure };
