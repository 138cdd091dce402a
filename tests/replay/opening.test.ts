import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { entryDigest } from '#server/drafts/entries.ts';
import type { DraftEntry } from '#server/store/ports.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { contentHash } from '#shared/document/text.ts';
import { documentOf, draftId, join, logOf, openTestStore, roomId, startDrafts, until } from '../drafts/harness.ts';
import { isThere, readTrace } from './realData.ts';
import type { Writing } from './realData.ts';
import { makeParagraph, paragraphOf } from './writers.ts';

const file = 'editing-traces/automerge-paper.json.gz';
const MOST = process.env.NIGHTLY === '1' ? Infinity : 30_000;

/** A log as one person's writing leaves it, an entry for each change. */
function logOfWriting(most: number): readonly DraftEntry[] {
  const doc = new Y.Doc();
  const entries: DraftEntry[] = [];
  let digest = '';
  doc.on('update', (bytes: Uint8Array) => {
    const entry = { draftId, ordinal: entries.length + 1, kind: 'update' as const, actorId: 'ana', at: entries.length + 1, bytes };
    digest = entryDigest(digest, entry);
    entries.push({ ...entry, digest });
  });
  makeParagraph(doc);
  const text = paragraphOf(doc);
  const patches = readTrace<Writing>(file).txns.flatMap(({ patches }) => patches);
  for (const [at, out, into] of patches.slice(0, most)) {
    doc.transact(() => {
      if (out > 0) text.delete(at, out);
      if (into !== '') text.insert(at, into);
    });
  }
  return entries;
}

const timed = <T>(work: () => T): { readonly value: T; readonly ms: number } => {
  const start = performance.now();
  const value = work();
  return { value, ms: performance.now() - start };
};

test.skipIf(!isThere(file))(
  '[DR15] [DR23] a long writing opens in a fresh client in what its merged state needs, is checked for little, and leaves memory; its log stays whole',
  { timeout: 600_000 },
  async () => {
    const store = await openTestStore();
    const entries = logOfWriting(MOST);
    for (let from = 0; from < entries.length; from += 5_000) {
      await store.journal.append([{ kind: 'draft', draftId, entries: entries.slice(from, from + 5_000) }]);
    }
    const { drafts } = startDrafts(store, { parts: { idleMs: 0, checkPace: { everyMs: 60_000, everyEntries: 1 } } });
    const fromLog = performance.now();
    await drafts.read(roomId, draftId);
    const fromLogMs = performance.now() - fromLog;
    // Nobody is connected: it goes, and leaves a snapshot.
    await until('it has left memory', () => drafts.counts().openDrafts === 0, 60_000);
    const [snapshot] = await store.snapshots.latest('draft', draftId);
    expect(snapshot?.position).toBe(entries.length);

    const start = performance.now();
    const ana = await join(drafts, 'ana');
    const openMs = performance.now() - start;
    const sent = ana.frames.reduce((sum, frame) => sum + frame.byteLength, 0);
    const merged = Y.encodeStateAsUpdate(await documentOf(store));
    const fresh = new Y.Doc();
    const alone = timed(() => Y.applyUpdate(fresh, merged));
    const hashing = timed(() => contentHash(fresh.getXmlFragment(DRAFT_FIELD)));
    expect(contentHash(ana.doc.getXmlFragment(DRAFT_FIELD))).toBe(hashing.value);
    // What comes beside it says who one is and who writes under which id.
    expect(sent).toBeLessThan(merged.byteLength * 1.01 + 1_000);

    ana.type('.');
    await until('it is saved and checked', () => ana.allSaved && ana.checks.length > 0);
    const again = timed(() => contentHash(ana.doc.getXmlFragment(DRAFT_FIELD)));
    ana.drop();
    await until('it has left memory', () => drafts.counts().openDrafts === 0, 60_000);
    expect(drafts.counts()).toMatchObject({ openDrafts: 0, connections: 0 });
    // Compaction is a cache beside the log: every entry is still there, with its writer and its time.
    const log = await store.journal.readDraft(draftId, 0, 1_000_000);
    expect(log.length).toBe(entries.length + 1);
    expect(log.slice(0, -1).every((entry, index) => entry.digest === entries[index]?.digest)).toBe(true);
    const logBytes = log.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    console.log(
      [
        `automerge-paper, ${entries.length} entries of the log (${(logBytes / 1024).toFixed(0)} kB), read whole in ${fromLogMs.toFixed(0)} ms:`,
        `  a fresh client was sent ${sent} bytes, the merged state alone has ${merged.byteLength}: ${(sent / merged.byteLength).toFixed(4)} of it`,
        `  open from the snapshot in ${openMs.toFixed(0)} ms with server and client in one process, the merged state alone applied in ${alone.ms.toFixed(0)} ms: ${(openMs / alone.ms).toFixed(1)} of it`,
        `  hash of the content: ${hashing.ms.toFixed(1)} ms at first, ${again.ms.toFixed(1)} ms the next time`,
      ].join('\n'),
    );
    expect((await logOf(store)).length).toBe(log.length);
  },
);
