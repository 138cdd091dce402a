import { setImmediate as nextTurn } from 'node:timers/promises';
import * as Y from 'yjs';
import { Damaged } from '../store/damaged.ts';
import type { DraftEntry, Journal, Snapshots } from '../store/ports.ts';
import { isWhole } from './draftText.ts';
import type { DraftText } from './draftText.ts';
import { entryDigest } from './entries.ts';
import { emptyText, openSnapshot } from './snapshot.ts';
import type { Position } from './snapshotKeeper.ts';

const pageSize = 500;
/** Others are let in between: an entry may take as long as a frame may cost. */
const sliceMs = 25;

/** The log of a draft does not hold together: an ordinal is missing, a digest is wrong, or an update does not apply. */
export class DraftDamaged extends Damaged {
  override readonly name = 'DraftDamaged';

  constructor(draftId: string, message: string, options?: ErrorOptions) {
    super('draft', draftId, `Draft ${draftId}: ${message}`, options);
  }
}

/**
 * Loads a draft: the newest good snapshot that belongs to the log, and the entries behind it, each checked against the chain of
 * digests. Rejects with DraftDamaged or StoreUnavailable; it never gives an empty text in place of one that cannot be read.
 * `from` is where the snapshot stands that it began with, the beginning of the log without one.
 */
export async function loadText(
  store: { readonly journal: Pick<Journal, 'readDraft'>; readonly snapshots: Pick<Snapshots, 'latest'> },
  draftId: string,
): Promise<{ readonly text: DraftText; readonly from: Position }> {
  for (const snapshot of await store.snapshots.latest('draft', draftId)) {
    const text = openSnapshot(snapshot);
    if (text === null) continue;
    const [entry] = await store.journal.readDraft(draftId, snapshot.position - 1, 1);
    // A snapshot of another history, say from before a restored backup, must not be mixed with this log.
    if (entry?.ordinal !== snapshot.position || entry.digest !== text.head.digest) continue;
    const from = text.head;
    await readTail(store.journal, text);
    return { text, from };
  }
  const text = emptyText(draftId);
  await readTail(store.journal, text);
  return { text, from: { ordinal: 0, logBytes: 0 } };
}

/** Applies what the log holds behind the text's head, page by page, and hands each page on. */
export async function readTail(
  journal: Pick<Journal, 'readDraft'>,
  text: DraftText,
  onPage: (entries: readonly DraftEntry[]) => void = () => undefined,
): Promise<void> {
  for (;;) {
    const page = await journal.readDraft(text.draftId, text.head.ordinal, pageSize);
    for (let from = 0; from < page.length;) {
      from = applySlice(text, page, from);
      if (!isWhole(text.doc)) throw new DraftDamaged(text.draftId, 'an update rests on something the log does not hold.');
      if (from < page.length) await nextTurn();
    }
    onPage(page);
    if (page.length < pageSize) return;
    // A long log is read beside everything else.
    await nextTurn();
  }
}

/** The last entry of a log, whatever lies before it; null where there is none. `after`: an ordinal it is known to have reached. */
export async function lastEntry(journal: Pick<Journal, 'readDraft'>, draftId: string, after: number): Promise<DraftEntry | null> {
  let last: DraftEntry | null = null;
  for (let from = Math.max(0, after - 1); ;) {
    const page = await journal.readDraft(draftId, from, pageSize);
    last = page.at(-1) ?? last;
    if (page.length < pageSize || last === null) return last;
    from = last.ordinal;
    await nextTurn();
  }
}

/** Applies entries from an index on for a moment, in one transaction; gives the index of the next. */
function applySlice(text: DraftText, page: readonly DraftEntry[], from: number): number {
  const end = performance.now() + sliceMs;
  let next = from;
  text.doc.transact(() => {
    do {
      const entry = page[next];
      if (entry !== undefined) applyEntry(text, entry);
      next += 1;
    } while (next < page.length && performance.now() < end);
  }, 'log');
  return next;
}

function applyEntry(text: DraftText, entry: DraftEntry): void {
  const expected = text.head.ordinal + 1;
  if (entry.ordinal !== expected) throw new DraftDamaged(text.draftId, `entry ${expected} is missing.`);
  if (entryDigest(text.head.digest, entry) !== entry.digest) throw new DraftDamaged(text.draftId, `entry ${expected} was changed.`);
  if (entry.kind === 'update') {
    try {
      for (const client of Y.parseUpdateMeta(entry.bytes).from.keys()) {
        if (!text.authors.has(client)) text.authors.set(client, entry.actorId);
      }
      Y.applyUpdate(text.doc, entry.bytes);
      text.burden.takeUnknown(entry.bytes.byteLength);
    } catch (error) {
      throw new DraftDamaged(text.draftId, `entry ${expected} is no update.`, { cause: error });
    }
  }
  text.advance(entry);
}
