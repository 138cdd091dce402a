import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '#server/store/ports.ts';
import { appendCommits, appended, chainOf, commitAfter, draftWrite, entriesOf, newDraftId, newStream } from './samples.ts';
import type { OpenPlace } from './place.ts';

function snapshotOf(kind: Snapshot['kind'], id: string, position: number): Snapshot {
  const bytes = Uint8Array.of(position);
  return { kind, id, position, version: 1, sha256: createHash('sha256').update(bytes).digest('hex'), bytes };
}

/** What the removal of whole logs promises. */
export function removalContract(shared: () => OpenPlace): void {
  describe('removal', () => {
    test('[ST21] a stream goes whole, with its commands and its snapshots, and no other stream is touched', async () => {
      const { journal, snapshots, removal } = shared().store;
      const [gone, stays] = [newStream(), newStream()];
      const long = chainOf(gone, 1_203);
      const kept = chainOf(stays, 3);
      for (let from = 0; from < long.length; from += 400) await appendCommits(journal, long.slice(from, from + 400));
      await appendCommits(journal, kept);
      for (const { id } of [gone, stays]) for (const position of [1, 2]) await snapshots.put(snapshotOf('room', id, position));
      await removal.stream(gone);
      expect(await journal.readCommits(gone, 0, 10)).toEqual([]);
      expect(await journal.head(gone)).toEqual({ seq: 0, hash: '', at: 0 });
      expect(await journal.findCommand(gone, 'ana', long[7]?.commandId ?? '')).toBeNull();
      expect(await snapshots.latest('room', gone.id)).toEqual([]);
      const listed: string[] = [];
      for (let after = ''; ;) {
        const page = await journal.listStreams('room', after, 500);
        listed.push(...page);
        after = page.at(-1) ?? after;
        if (page.length < 500) break;
      }
      expect([listed.includes(gone.id), listed.includes(stays.id)]).toEqual([false, true]);
      expect(await journal.readCommits(stays, 0, 10)).toEqual(kept);
      expect((await snapshots.latest('room', stays.id)).length).toBe(2);
    });

    test('[ST21] the log of a draft goes whole, with its snapshots, and no other draft is touched', async () => {
      const { journal, snapshots, removal } = shared().store;
      const [gone, stays] = [newDraftId(), newDraftId()];
      const entries = entriesOf(gone, 1, 1_100);
      for (let from = 0; from < entries.length; from += 300) await journal.append([draftWrite(entries.slice(from, from + 300))]);
      await journal.append([draftWrite(entriesOf(stays, 1, 2))]);
      for (const id of [gone, stays]) await snapshots.put(snapshotOf('draft', id, 1));
      await removal.draft(gone);
      expect(await journal.readDraft(gone, 0, 10)).toEqual([]);
      expect(await snapshots.latest('draft', gone)).toEqual([]);
      expect((await journal.readDraft(stays, 0, 10)).length).toBe(2);
      expect((await snapshots.latest('draft', stays)).length).toBe(1);
    });

    test('[ST21] removing again, or what never was, does no harm; a position is free afterwards', async () => {
      const { journal, removal } = shared().store;
      const stream = newStream();
      const draftId = newDraftId();
      const first = chainOf(stream, 5);
      await appendCommits(journal, first);
      await journal.append([draftWrite(entriesOf(draftId, 1, 3))]);
      for (let time = 0; time < 2; time += 1) {
        await removal.stream(stream);
        await removal.draft(draftId);
        await removal.stream({ kind: 'room', id: `never-${randomUUID()}` });
        await removal.draft(`never-${randomUUID()}`);
      }
      // What knew of the old end of the log does not stand in the way.
      expect(await appendCommits(journal, [commitAfter(stream, { seq: 0, hash: '' })])).toEqual([appended]);
      expect(await journal.append([draftWrite(entriesOf(draftId, 1, 1))])).toEqual([appended]);
    });

    test('[ST21] other writes go on while a log is removed', async () => {
      const { journal, removal } = shared().store;
      const [gone, busy] = [newStream(), newStream()];
      const long = chainOf(gone, 2_000);
      for (let from = 0; from < long.length; from += 500) await appendCommits(journal, long.slice(from, from + 500));
      const commits = chainOf(busy, 20);
      const removed = removal.stream(gone);
      for (const commit of commits) expect(await appendCommits(journal, [commit])).toEqual([appended]);
      await removed;
      expect((await journal.head(gone)).seq).toBe(0);
      expect((await journal.head(busy)).seq).toBe(20);
    });
  });
}
