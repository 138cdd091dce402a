import { commitTakes, entryTakes } from './entryBounds.ts';
import type { DraftEntry, Journal, JournalOutcome, JournalWrite } from './ports.ts';

/** Gathers what many rooms and drafts write at the same time into one append per turn. */
export interface GroupCommit {
  /** Resolves once the write is durable or refused; rejects with StoreUnavailable if the append it was part of failed. */
  write(write: JournalWrite): Promise<JournalOutcome>;
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>;
}

/** One journal write and everybody who waits for it: several, when writes to one draft were joined. */
interface Gathered {
  readonly write: JournalWrite;
  /** Of a draft write: the array in `write`, to which consecutive writes are added. */
  readonly entries: DraftEntry[];
  bytes: number;
  readonly waiting: { readonly resolve: (outcome: JournalOutcome) => void; readonly reject: (reason: unknown) => void }[];
}

/** Bounds of one append, so that a transaction stays short and a joined draft write fits into one document of any store. */
const maxWritesPerTurn = 1_000;
const maxBytesPerTurn = 8 * 1024 * 1024;
const maxBytesPerDraftWrite = 4 * 1024 * 1024;

/**
 * One append at a time. A write that meets an idle store goes out at the end of the event-loop turn it came in; while an append is
 * under way, and until `turnMs` milliseconds after it began, the next one gathers. Commits of a stream keep their order, and so do
 * the writes of a draft, of which consecutive ones become one (and then share one outcome). Writes to different streams and
 * drafts have no order among each other: who needs one waits for the first before giving the second.
 *
 * A draft write that was given before its predecessor was known to have failed rests on entries that are not there, and another
 * process may have put others in their place; unlike a commit it names no predecessor the store could check. So it shares the
 * predecessor's fate: conflict, or the error.
 */
export function createGroupCommit(journal: Pick<Journal, 'append'>, options: { readonly turnMs: number }): GroupCommit {
  let gathering: Gathered[] = [];
  let lastOfDraft = new Map<string, Gathered>();
  let state: 'idle' | 'waiting' | 'appending' = 'idle';
  let lastStart = Number.NEGATIVE_INFINITY;
  let whenIdle: (() => void)[] = [];

  function next(): void {
    if (gathering.length === 0) {
      state = 'idle';
      const told = whenIdle;
      whenIdle = [];
      for (const tell of told) tell();
      return;
    }
    state = 'waiting';
    const rest = lastStart + options.turnMs - performance.now();
    if (rest > 0) setTimeout(flush, rest);
    else setImmediate(flush);
  }

  function flush(): void {
    state = 'appending';
    lastStart = performance.now();
    const turn = takeTurn(gathering);
    keep(gathering.slice(turn.length));
    append(turn.map(({ write }) => write)).then(
      (outcomes) => {
        const lost = turn.filter((_, index) => outcomes[index]?.outcome === 'conflict').map(({ write }) => write);
        for (const { waiting } of dropBehind(lost)) for (const { resolve } of waiting) resolve({ outcome: 'conflict' });
        turn.forEach(({ waiting }, index) => {
          const outcome = outcomes[index];
          for (const { resolve, reject } of waiting) {
            if (outcome === undefined) reject(new Error('The journal answered fewer writes than it was given.'));
            else resolve(outcome);
          }
        });
        next();
      },
      (reason: unknown) => {
        const behind = dropBehind(turn.map(({ write }) => write));
        for (const { waiting } of [...turn, ...behind]) for (const { reject } of waiting) reject(reason);
        next();
      },
    );
  }

  // Asynchronous, so that a journal that throws at once is one that rejects.
  async function append(writes: readonly JournalWrite[]): Promise<readonly JournalOutcome[]> {
    return journal.append(writes);
  }

  function keep(kept: Gathered[]): void {
    gathering = kept;
    lastOfDraft = new Map(kept.flatMap((item) => (item.write.kind === 'draft' ? [[item.write.draftId, item] as const] : [])));
  }

  /** Takes out what has gathered behind writes that failed, and gives it. */
  function dropBehind(failed: readonly JournalWrite[]): readonly Gathered[] {
    const drafts = new Set(failed.map((write) => (write.kind === 'draft' ? write.draftId : null)));
    const isBehind = ({ write }: Gathered): boolean => write.kind === 'draft' && drafts.has(write.draftId);
    const dropped = gathering.filter(isBehind);
    if (dropped.length > 0) keep(gathering.filter((item) => !isBehind(item)));
    return dropped;
  }

  return {
    write(write) {
      return new Promise((resolve, reject) => {
        const waiter = { resolve, reject };
        const bytes = sizeOf(write);
        const earlier = write.kind === 'draft' ? lastOfDraft.get(write.draftId) : undefined;
        if (
          write.kind === 'draft' &&
          earlier !== undefined &&
          follows(earlier, write.entries) &&
          earlier.bytes + bytes <= maxBytesPerDraftWrite
        ) {
          earlier.entries.push(...write.entries);
          earlier.bytes += bytes;
          earlier.waiting.push(waiter);
        } else {
          const gathered = gather(write, bytes, waiter);
          gathering.push(gathered);
          if (write.kind === 'draft') lastOfDraft.set(write.draftId, gathered);
        }
        if (state === 'idle') next();
      });
    },
    idle() {
      return state === 'idle' ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve));
    },
  };
}

function gather(write: JournalWrite, bytes: number, waiter: Gathered['waiting'][number]): Gathered {
  const entries = write.kind === 'draft' ? [...write.entries] : [];
  return { write: write.kind === 'draft' ? { ...write, entries } : write, entries, bytes, waiting: [waiter] };
}

/** The longest run from the front that fits into one append: at most one write per draft, within the bounds; at least one write. */
function takeTurn(gathering: readonly Gathered[]): readonly Gathered[] {
  const seen = new Set<string>();
  let bytes = 0;
  const end = gathering.findIndex((item, index) => {
    bytes += item.bytes;
    if (index > 0 && (index >= maxWritesPerTurn || bytes > maxBytesPerTurn)) return true;
    if (item.write.kind === 'commit') return false;
    if (seen.has(item.write.draftId)) return true;
    seen.add(item.write.draftId);
    return false;
  });
  return end === -1 ? gathering : gathering.slice(0, end);
}

function follows(earlier: Gathered, entries: readonly DraftEntry[]): boolean {
  return entries[0] !== undefined && entries[0].ordinal === (earlier.entries.at(-1)?.ordinal ?? Number.NaN) + 1;
}

function sizeOf(write: JournalWrite): number {
  return write.kind === 'commit' ? commitTakes(write.commit) : write.entries.reduce((sum, entry) => sum + entryTakes(entry), 0);
}
