import { describe, expect, test } from 'vitest';
import type { Commit } from '#shared/domain/commit.ts';
import { eventDigest, sealCommit, upcast } from '#shared/domain/commit.ts';
import { makeWords } from '#shared/domain/words.ts';
import { packSegment } from '#server/store/segment.ts';
import { bytesCommitment } from '#shared/domain/drafts/entryDigest.ts';
import { sha256OfBytes } from '#shared/lib/hash.ts';
import { randomOf } from '../support/random.ts';
import { appendCommits, chainedEntries, draftWrite, entriesOf, newDraftId, newStream } from './samples.ts';
import type { OpenPlace } from './place.ts';

/** The first commits of a stream, each with two events of two texts each, sealed as a room's are. */
function talk(stream: Commit['stream'], count: number): readonly Commit[] {
  const commits: Commit[] = [];
  let before = { seq: 0, hash: '' };
  let salts = 0;
  const salt = () => (salts += 1).toString(16).padStart(32, '0');
  for (let seq = 1; seq <= count; seq++) {
    const events = [1, 2].map(
      (comment) =>
        ({
          type: 'comment.posted',
          v: 1,
          comment,
          parent: null,
          stance: null,
          body: makeWords(`secret ${String(seq)} 秘密 ${String(comment)}`, salt()),
          anchor: {
            draftId: 'd',
            runs: [],
            quote: makeWords(`quoted ${String(seq)}`, salt()),
            before: makeWords('', salt()),
            after: makeWords('', salt()),
          },
        }) as const,
    );
    const header = { stream, seq, at: 1000 + seq, actorId: 'ana', commandId: `c-${String(seq)}`, commandMac: 'm', prevHash: before.hash };
    before = sealCommit(header, events, salt);
    commits.push(before as Commit);
  }
  return commits;
}

const digestsOf = (commit: Commit | undefined) => (commit?.events ?? []).map((stored) => eventDigest(upcast(stored), stored.salt));

/** What a store promises of texts that are taken out of it. */
export function erasingContract(shared: () => OpenPlace): void {
  describe('erasing', () => {
    test('[ERA1] a text leaves the log, its place and every digest stay, and nothing else changes', async () => {
      const { store, place } = shared();
      const other = await place.open();
      const stream = newStream();
      const commits = talk(stream, 3);
      await appendCommits(store.journal, commits);
      const second = upcast(commits[1]?.events[0] ?? { salt: '', json: '{}' });
      if (second.type !== 'comment.posted') throw new Error('unreachable');
      const erased = [{ seq: 2, digests: [second.body.digest] }];
      for (const { erasing } of [store, other, store]) {
        await erasing.eraseWords(stream, erased);
        const read = await other.journal.readCommits(stream, 0, 10);
        expect(read.map(({ hash }) => hash)).toEqual(commits.map(({ hash }) => hash));
        expect([read[0], read[2]]).toEqual([commits[0], commits[2]]);
        expect(digestsOf(read[1])).toEqual(digestsOf(commits[1]));
        expect(read[1]?.events[1]).toEqual(commits[1]?.events[1]);
        const left = upcast(read[1]?.events[0] ?? { salt: '', json: '{}' });
        expect(left).toEqual({ ...second, body: { digest: second.body.digest } });
      }
    });

    test('[ERA1] what is not there is passed over, and the log goes on behind it', async () => {
      const { journal, erasing } = shared().store;
      const stream = newStream();
      const [first, second] = talk(stream, 2);
      if (first === undefined || second === undefined) throw new Error('unreachable');
      await appendCommits(journal, [first]);
      await erasing.eraseWords(stream, []);
      await erasing.eraseWords(stream, [
        { seq: 1, digests: ['no such digest'] },
        { seq: 7, digests: ['x'] },
      ]);
      await erasing.eraseWords(newStream(), [{ seq: 1, digests: ['x'] }]);
      expect(await journal.readCommits(stream, 0, 10)).toEqual([first]);
      expect(await appendCommits(journal, [second])).toEqual([{ outcome: 'appended' }]);
    });

    test('[ERA12] entries of a draft get other bytes, and nothing else of the log changes', async () => {
      const { store, place } = shared();
      const other = await place.open();
      const draftId = newDraftId();
      const entries = entriesOf(draftId, 1, 7);
      // Written in several runs, as people write.
      for (const [from, to] of [
        [0, 1],
        [1, 5],
        [5, 7],
      ] as const)
        await store.journal.append([draftWrite(entries.slice(from, to))]);
      const bytes = Uint8Array.of(9, 9);
      const erased = [1, 2, 7, 99].map((ordinal) => ({ ordinal, bytes, erased: `was ${String(ordinal)}` }));
      const left = entries.map(({ salt, ...entry }) => {
        if (![1, 2, 7].includes(entry.ordinal)) return salt === undefined ? entry : { ...entry, salt };
        return { ...entry, bytes, erased: `was ${String(entry.ordinal)}` };
      });
      for (const { erasing } of [store, other, store]) {
        await erasing.eraseEntries(draftId, erased);
        await erasing.eraseEntries(newDraftId(), erased);
        await erasing.eraseEntries(draftId, []);
        expect(await other.journal.readDraft(draftId, 0, 100)).toEqual(left);
      }
      const next = entriesOf(draftId, 8, 8);
      expect(await other.journal.append([draftWrite(next)])).toEqual([{ outcome: 'appended' }]);
      expect(await store.journal.readDraft(draftId, 6, 100)).toEqual([left[6], ...next]);
    });

    test('[ERA12] in a packed log too: what is packed, what is both packed and single, and what is single', async () => {
      const { store, place } = shared();
      const other = await place.open();
      const { packing, journal } = store;
      const draftId = newDraftId();
      const log = chainedEntries(draftId, 40, randomOf(5));
      for (let from = 0; from < log.length; from += 3) await journal.append([draftWrite(log.slice(from, from + 3))]);
      const lay = (first: number, last: number) => packing.lay(packSegment(log[first - 2]?.digest ?? '', log.slice(first - 1, last)));
      expect([await lay(1, 9), await lay(10, 18), await packing.settle(draftId)]).toEqual(['laid', 'laid', 'settled']);
      expect(await lay(19, 27)).toBe('laid');
      // Before it is settled: one log more beside its entries.
      const gone = [2, 9, 10, 20, 27, 28, 40];
      const erased = log
        .filter(({ ordinal }) => gone.includes(ordinal))
        .map((entry) => ({
          ordinal: entry.ordinal,
          bytes: Uint8Array.of(0, 0),
          erased: bytesCommitment(entry, sha256OfBytes(entry.bytes)),
        }));
      const left = log.map((entry) => {
        const { salt: _salt, ...kept } = entry;
        return { ...(gone.includes(entry.ordinal) ? kept : entry), ...erased.find(({ ordinal }) => ordinal === entry.ordinal) };
      });
      for (const { erasing } of [store, other]) {
        await erasing.eraseEntries(draftId, erased);
        for (const { journal: read } of [store, other]) expect(await read.readDraft(draftId, 0, 100)).toEqual(left);
      }
      while ((await packing.settle(draftId)) === 'settled');
      expect(await packing.settle(draftId)).toBe('nothing');
      expect(await journal.readDraft(draftId, 0, 100)).toEqual(left);
      // What is packed afterwards is packed without it.
      expect(await packing.lay(packSegment(left[26]?.digest ?? '', left.slice(27, 40)))).toBe('laid');
      expect(await packing.settle(draftId)).toBe('settled');
      expect(await other.journal.readDraft(draftId, 0, 100)).toEqual(left);
    });

    test('[ERA1] snapshots of a thing are forgotten, and of no other', async () => {
      const { snapshots, erasing } = shared().store;
      const id = newStream().id;
      const snapshot = { id, position: 3, version: 1, sha256: 'x', bytes: Uint8Array.of(1) } as const;
      for (const kind of ['room', 'draft'] as const) await snapshots.put({ ...snapshot, kind });
      await erasing.forgetSnapshots('room', id);
      await erasing.forgetSnapshots('room', id);
      expect(await snapshots.latest('room', id)).toEqual([]);
      expect(await snapshots.latest('draft', id)).toEqual([{ ...snapshot, kind: 'draft' }]);
      await snapshots.put({ ...snapshot, kind: 'room' });
      expect(await snapshots.latest('room', id)).toEqual([{ ...snapshot, kind: 'room' }]);
    });

    test('[ERA1] scrubbing changes nothing that can be read, while others write', async () => {
      const { journal, erasing } = shared().store;
      const stream = newStream();
      const commits = talk(stream, 20);
      const [outcomes] = await Promise.all([appendCommits(journal, commits), erasing.scrub()]);
      expect(outcomes.every(({ outcome }) => outcome === 'appended')).toBe(true);
      expect(await journal.readCommits(stream, 0, 50)).toEqual(commits);
    });
  });
}
