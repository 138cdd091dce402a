import { describe, expect, test } from 'vitest';
import type { Commit } from '#shared/domain/commit.ts';
import { eventDigest, sealCommit, upcast } from '#shared/domain/commit.ts';
import { makeWords } from '#shared/domain/words.ts';
import { appendCommits, newStream } from './samples.ts';
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
