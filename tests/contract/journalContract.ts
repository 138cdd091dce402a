import type { Commit } from '#shared/domain/commit.ts';
import { describe, expect, test } from 'vitest';
import type { DraftEntry } from '#server/store/ports.ts';
import {
  appendCommits,
  appended,
  chainOf,
  commitAfter,
  commitWrite,
  conflict,
  countOutcomes,
  draftWrite,
  entriesOf,
  newDraftId,
  newStream,
  unusualTexts,
} from './samples.ts';
import type { OpenPlace, Place } from './place.ts';

const start = { seq: 0, hash: '' };

/** What the logs promise. `fresh` gives a place of its own to a test that would slow the others down. */
export function journalContract(shared: () => OpenPlace, fresh: () => Promise<Place>): void {
  describe('commits', () => {
    test('[ST2] read back exactly as they were given: text, key order, numbers, salts', async () => {
      const { journal } = shared().store;
      const stream = newStream();
      const events = unusualTexts.map((text, index) => ({
        salt: `salt ${String(index)}`,
        json: JSON.stringify({ z: text, a: 0.1, 10: 1e21, 9: -0, n: 9007199254740991, nested: { $set: { 'a.b': null } }, text }),
      }));
      const commit = commitAfter(stream, start, { events, actorId: '委员-é', commandId: 'c:1', at: 8_640_000_000_000_000 });
      expect(await appendCommits(journal, [commit])).toEqual([appended]);
      const read = await journal.readCommits(stream, 0, 10);
      expect(read).toEqual([commit]);
      expect(JSON.stringify(read[0]?.events)).toBe(JSON.stringify(commit.events));
    });

    test('[ST2] a commit of no events and one of a megabyte', async () => {
      const place = await fresh();
      const { journal } = await place.open();
      const stream = newStream();
      const empty = commitAfter(stream, start, { events: [] });
      const big = commitAfter(stream, empty, { events: [{ salt: 's', json: JSON.stringify('议'.repeat(350_000)) }] });
      expect(await appendCommits(journal, [empty, big])).toEqual([appended, appended]);
      expect(await journal.readCommits(stream, 0, 10)).toEqual([empty, big]);
      await place.remove();
    });

    test('[ST3] an empty stream has head 0', async () => {
      expect(await shared().store.journal.head(newStream())).toEqual({ seq: 0, hash: '', at: 0 });
    });

    test('[ST3] the head is the last commit', async () => {
      const { journal } = shared().store;
      const stream = newStream();
      const commits = chainOf(stream, 3);
      await appendCommits(journal, commits);
      expect(await journal.head(stream)).toEqual({ seq: 3, hash: commits[2]?.hash, at: commits[2]?.at });
    });

    test.for([2, 3, 0, -1])('[ST3] a commit with seq %i is refused in an empty stream', async (seq) => {
      const { journal } = shared().store;
      const stream = newStream();
      expect(await appendCommits(journal, [commitAfter(stream, start, { seq })])).toEqual([conflict]);
      expect(await journal.readCommits(stream, -5, 10)).toEqual([]);
    });

    test('[ST3] a gap, a repeated seq and a wrong predecessor are refused, in one call and in several', async () => {
      const { journal } = shared().store;
      const stream = newStream();
      const [first, second] = chainOf(stream, 2);
      if (first === undefined || second === undefined) throw new Error('unreachable');
      await appendCommits(journal, [first, second]);
      expect(await appendCommits(journal, [commitAfter(stream, second, { seq: 4 })])).toEqual([conflict]);
      expect(await appendCommits(journal, [commitAfter(stream, first)])).toEqual([conflict]);
      expect(await appendCommits(journal, [commitAfter(stream, { seq: 2, hash: first.hash })])).toEqual([conflict]);
      const third = commitAfter(stream, second);
      expect(await appendCommits(journal, [third, commitAfter(stream, third, { seq: 5 })])).toEqual([appended, conflict]);
      expect(await journal.readCommits(stream, 0, 10)).toEqual([first, second, third]);
    });

    test('[ST4] of twenty writers who want the same seq one gets it, twenty seqs long', async () => {
      const { store, place } = shared();
      const other = await place.open();
      const stream = newStream();
      let before = start;
      for (let round = 0; round < 5; round++) {
        const wanted = Array.from({ length: 20 }, () => commitAfter(stream, before));
        const answers = await Promise.all(
          wanted.map((commit, index) => appendCommits((index % 2 === 0 ? store : other).journal, [commit])),
        );
        expect(countOutcomes(answers.flat())).toEqual({ appended: 1, conflict: 19 });
        const winner = wanted[answers.findIndex(([answer]) => answer?.outcome === 'appended')];
        expect(await other.journal.readCommits(stream, before.seq, 10)).toEqual([winner]);
        expect(await store.journal.head(stream)).toEqual({ seq: winner?.seq, hash: winner?.hash, at: winner?.at });
        before = winner ?? start;
      }
    });

    test('[ST4] a writer that is behind conflicts, reads the tail and goes on', async () => {
      const { store, place } = shared();
      const other = await place.open();
      const stream = newStream();
      const commits = chainOf(stream, 4);
      expect(countOutcomes(await appendCommits(store.journal, commits.slice(0, 2)))).toEqual({ appended: 2 });
      expect(countOutcomes(await appendCommits(other.journal, commits.slice(2)))).toEqual({ appended: 2 });
      const stale = commitAfter(stream, commits[1] ?? start);
      expect(await appendCommits(store.journal, [stale, commitAfter(stream, stale)])).toEqual([conflict, conflict]);
      const tail = await store.journal.readCommits(stream, 2, 10);
      expect(tail).toEqual(commits.slice(2));
      expect(await appendCommits(store.journal, [commitAfter(stream, tail[1] ?? start)])).toEqual([appended]);
    });

    test('[ST5] the same command of the same actor is a duplicate and answered with the first seq', async () => {
      const { store, place } = shared();
      const other = await place.open();
      const stream = newStream();
      const first = commitAfter(stream, start, { commandId: 'resent', commandMac: 'b'.repeat(64) });
      const second = commitAfter(stream, first);
      await appendCommits(store.journal, [first, second]);
      const again = commitAfter(stream, second, { commandId: 'resent' });
      for (const { journal } of [store, other]) {
        expect(await appendCommits(journal, [first])).toEqual([{ outcome: 'duplicate', seq: 1 }]);
        expect(await appendCommits(journal, [again])).toEqual([{ outcome: 'duplicate', seq: 1 }]);
        expect(await journal.findCommand(stream, 'ana', 'resent')).toEqual({ seq: 1, commandMac: 'b'.repeat(64) });
      }
      expect(await store.journal.head(stream)).toMatchObject({ seq: 2 });
    });

    test('[ST5] the command of another actor or another stream is no duplicate', async () => {
      const { journal } = shared().store;
      const stream = newStream();
      const elsewhere = newStream();
      const first = commitAfter(stream, start, { commandId: 'same' });
      const bens = commitAfter(stream, first, { commandId: 'same', actorId: 'ben' });
      const there = commitAfter(elsewhere, start, { commandId: 'same' });
      expect(await appendCommits(journal, [first, bens, there])).toEqual([appended, appended, appended]);
      expect(await journal.findCommand(stream, 'ben', 'same')).toMatchObject({ seq: 2 });
      expect(await journal.findCommand(stream, 'ben', 'other')).toBeNull();
      expect(await journal.findCommand(newStream(), 'ana', 'same')).toBeNull();
    });

    test('[ST6] a conflict or duplicate of one stream touches no other write of the call', async () => {
      const { journal } = shared().store;
      const [taken, resent, good] = [newStream(), newStream(), newStream()];
      const draftId = newDraftId();
      const there = commitAfter(resent, start);
      await appendCommits(journal, [commitAfter(taken, start), there]);
      const [one, two] = chainOf(good, 2);
      if (one === undefined || two === undefined) throw new Error('unreachable');
      const late = commitAfter(taken, start);
      const outcomes = await journal.append([
        commitWrite(one),
        commitWrite(late),
        draftWrite(entriesOf(draftId, 1, 4)),
        commitWrite({ ...there }),
        commitWrite(commitAfter(taken, late)),
        commitWrite(two),
        draftWrite(entriesOf(newDraftId(), 2, 2)),
      ]);
      expect(outcomes).toEqual([appended, conflict, appended, { outcome: 'duplicate', seq: 1 }, conflict, appended, conflict]);
      expect(await journal.readCommits(good, 0, 10)).toEqual([one, two]);
      expect(await journal.head(taken)).toMatchObject({ seq: 1 });
      expect(await journal.readDraft(draftId, 0, 10)).toHaveLength(4);
    });

    test('[ST6] once a commit of a stream conflicts, the later ones of that call conflict, whatever they are', async () => {
      const { journal } = shared().store;
      const stream = newStream();
      const [first, second] = chainOf(stream, 2);
      if (first === undefined || second === undefined) throw new Error('unreachable');
      await appendCommits(journal, [first]);
      const ahead = commitAfter(stream, second);
      expect(await appendCommits(journal, [ahead, second, first])).toEqual([conflict, conflict, conflict]);
      expect(await journal.readCommits(stream, 0, 10)).toEqual([first]);
      expect(await appendCommits(journal, [first, second])).toEqual([{ outcome: 'duplicate', seq: 1 }, appended]);
    });

    test('[ST6] an empty call is answered with nothing', async () => {
      expect(await shared().store.journal.append([])).toEqual([]);
    });

    test('[ST8] pages follow one another without gap or repetition', async () => {
      const { journal } = shared().store;
      const stream = newStream();
      const commits = chainOf(stream, 25);
      await appendCommits(journal, commits);
      const read = [];
      for (let after = 0; ;) {
        const page = await journal.readCommits(stream, after, 10);
        expect(page.length).toBeLessThanOrEqual(10);
        if (page.length === 0) break;
        read.push(...page);
        after = page.at(-1)?.seq ?? Number.NaN;
      }
      expect(read).toEqual(commits);
      expect(await journal.readCommits(stream, 20, 0)).toEqual([]);
      expect(await journal.readCommits(stream, 25, 10)).toEqual([]);
    });

    test('[ST26] a page of commits ends where its bytes do, and holds one at least', async () => {
      const { journal } = shared().store;
      const stream = newStream();
      const commits: Commit[] = [];
      for (let before = { seq: 0, hash: '' }, seq = 1; seq <= 9; seq += 1) {
        const json = JSON.stringify('议'.repeat(seq === 5 ? 400 : 98));
        commits.push(commitAfter(stream, before, { events: [{ salt: 's', json }] }));
        before = commits.at(-1) ?? before;
      }
      await appendCommits(journal, commits);
      const seqs = async (after: number, mostBytes: number) =>
        (await journal.readCommits(stream, after, 5, mostBytes)).map(({ seq }) => seq);
      expect(await seqs(0, 1)).toEqual([1]);
      expect((await seqs(0, 400)).length).toBeLessThanOrEqual(4);
      expect(await seqs(4, 300)).toEqual([5]);
      expect(await seqs(0, 1_000_000)).toEqual([1, 2, 3, 4, 5]);
      const read: number[] = [];
      for (let page = await seqs(0, 250); page.length > 0; page = await seqs(read.at(-1) ?? 0, 250)) read.push(...page);
      expect(read).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });

    test('[ST8] streams are listed once each, rising', async () => {
      const { journal } = shared().store;
      const streams = [newStream(), newStream(), newStream()];
      for (const stream of streams) await appendCommits(journal, chainOf(stream, 2));
      const listed: string[] = [];
      for (let after = ''; ;) {
        const page = await journal.listStreams('room', after, 2);
        if (page.length === 0) break;
        listed.push(...page);
        after = page.at(-1) ?? '';
      }
      expect(listed).toEqual([...new Set(listed)].sort());
      for (const { id } of streams) expect(listed).toContain(id);
    });
  });

  describe('drafts', () => {
    test('[ST2] entries read back exactly as they were given, empty bytes and views of larger buffers too', async () => {
      const { journal } = shared().store;
      const draftId = newDraftId();
      const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const entries = entriesOf(draftId, 1, 6).map((entry, index): DraftEntry =>
        index === 1 ? { ...entry, bytes: all.subarray(100, 200) } : entry,
      );
      expect(await journal.append([draftWrite(entries)])).toEqual([appended]);
      const read = await journal.readDraft(draftId, 0, 10);
      expect(read.map(({ bytes, ...rest }) => ({ ...rest, bytes: [...bytes] }))).toEqual(
        entries.map(({ bytes, ...rest }) => ({ ...rest, bytes: [...bytes] })),
      );
      expect(read.every(({ bytes }) => Object.getPrototypeOf(bytes) === Uint8Array.prototype)).toBe(true);
    });

    test('[ST3] an entry that is not the next one is refused', async () => {
      const { journal } = shared().store;
      const draftId = newDraftId();
      expect(await journal.append([draftWrite(entriesOf(draftId, 2, 3))])).toEqual([conflict]);
      expect(await journal.append([draftWrite(entriesOf(draftId, 1, 3))])).toEqual([appended]);
      expect(await journal.append([draftWrite(entriesOf(draftId, 5, 5))])).toEqual([conflict]);
      expect(await journal.append([draftWrite(entriesOf(draftId, 3, 4))])).toEqual([conflict]);
      expect(await journal.append([draftWrite(entriesOf(draftId, 4, 4))])).toEqual([appended]);
      expect((await journal.readDraft(draftId, 0, 10)).map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4]);
    });

    test('[ST7] of a write with a gap inside nothing is stored', async () => {
      const { journal } = shared().store;
      const draftId = newDraftId();
      const holey = [...entriesOf(draftId, 1, 2), ...entriesOf(draftId, 4, 5)];
      expect(await journal.append([draftWrite(holey)])).toEqual([conflict]);
      expect(await journal.readDraft(draftId, 0, 10)).toEqual([]);
    });

    test('[ST4] [ST7] of two processes that write overlapping runs one gets in whole, the other not at all', async () => {
      const { store, place } = shared();
      const other = await place.open();
      const draftId = newDraftId();
      let head = 0;
      for (let round = 0; round < 8; round++) {
        const runs = [
          { journal: store.journal, entries: entriesOf(draftId, head + 1, head + 1 + (round % 4), 'ana') },
          { journal: other.journal, entries: entriesOf(draftId, head + 1, head + 3, 'ben') },
        ];
        const outcomes = (await Promise.all(runs.map(({ journal, entries }) => journal.append([draftWrite(entries)])))).flat();
        expect(countOutcomes(outcomes)).toEqual({ appended: 1, conflict: 1 });
        const won = runs[outcomes.findIndex(({ outcome }) => outcome === 'appended')]?.entries ?? [];
        expect(await store.journal.readDraft(draftId, head, 100)).toEqual(won);
        head = won.at(-1)?.ordinal ?? Number.NaN;
      }
    });

    test('[ST8] pages begin and end anywhere in what was written together', async () => {
      const { journal } = shared().store;
      const draftId = newDraftId();
      for (const [first, last] of [
        [1, 7],
        [8, 8],
        [9, 20],
      ] as const)
        await journal.append([draftWrite(entriesOf(draftId, first, last))]);
      for (const [after, limit] of [
        [0, 3],
        [3, 4],
        [6, 3],
        [7, 1],
        [8, 100],
        [10, 5],
        [20, 5],
        [0, 0],
      ] as const) {
        const read = await journal.readDraft(draftId, after, limit);
        const expected = Array.from({ length: Math.min(limit, 20 - after) }, (_, index) => after + 1 + index);
        expect(read.map(({ ordinal }) => ordinal)).toEqual(expected);
      }
      expect(await journal.readDraft(newDraftId(), 0, 10)).toEqual([]);
    });

    test('[ST26] a page of entries ends where its bytes do, and holds one at least', async () => {
      const { journal } = shared().store;
      const draftId = newDraftId();
      const entries = entriesOf(draftId, 1, 20).map((entry) => ({ ...entry, bytes: new Uint8Array(entry.ordinal === 7 ? 500 : 100) }));
      await journal.append([draftWrite(entries.slice(0, 9))]);
      await journal.append([draftWrite(entries.slice(9))]);
      const ordinals = async (after: number, mostBytes: number) =>
        (await journal.readDraft(draftId, after, 8, mostBytes)).map(({ ordinal }) => ordinal);
      expect(await ordinals(0, 1)).toEqual([1]);
      expect(await ordinals(0, 350)).toEqual([1, 2, 3]);
      expect(await ordinals(6, 350)).toEqual([7]);
      expect(await ordinals(5, 650)).toEqual([6, 7]);
      expect(await ordinals(8, 350)).toEqual([9, 10, 11]);
      expect(await ordinals(8, 100_000)).toEqual([9, 10, 11, 12, 13, 14, 15, 16]);
      expect(await ordinals(20, 1)).toEqual([]);
    });
  });
}
