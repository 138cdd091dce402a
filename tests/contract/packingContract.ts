import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { DraftEntry } from '#server/store/ports.ts';
import { packSegment, sameEntry } from '#server/store/segment.ts';
import type { Segment } from '#server/store/segment.ts';
import { bytesCommitment } from '#shared/domain/drafts/entryDigest.ts';
import { sha256OfBytes } from '#shared/lib/hash.ts';
import { randomOf } from '../support/random.ts';
import type { OpenPlace, Place } from './place.ts';
import { appended, chainedEntries, conflict, draftWrite, newDraftId } from './samples.ts';

const packForever = fileURLToPath(new URL('./packForever.ts', import.meta.url));
const nightly = process.env.NIGHTLY === '1';
const seed = Number(process.env.SEED ?? 20261124);

/** The segment of entries `first` to `last` of a log that is whole. */
function segmentOf(log: readonly DraftEntry[], first: number, last: number): Segment {
  return packSegment(log[first - 2]?.digest ?? '', log.slice(first - 1, last));
}

/** Entries in writes of a few each, as people's typing leaves them. */
async function write(store: OpenPlace['store'], entries: readonly DraftEntry[], runs: number): Promise<void> {
  for (let from = 0; from < entries.length; from += runs) {
    expect(await store.journal.append([draftWrite(entries.slice(from, from + runs))])).toEqual([appended]);
  }
}

/** Fails unless they are the same entries. Not `toEqual`, which takes its time over bytes. */
function same(found: readonly DraftEntry[], wanted: readonly DraftEntry[]): void {
  const other = wanted.findIndex((entry, index) => !sameEntry(found[index] ?? { ...entry, ordinal: 0 }, entry));
  expect({ length: found.length, other }).toEqual({ length: wanted.length, other: -1 });
}

/** What packing promises: nobody who reads a log can tell. */
export function packingContract(shared: () => OpenPlace, fresh: () => Promise<Place>): void {
  describe('packing', () => {
    test('[ST24] a log reads the same before, while and after its beginning is packed, from everywhere and in pages of any size', async () => {
      const { store } = shared();
      const draftId = newDraftId();
      const log = chainedEntries(draftId, 300, randomOf(seed));
      await write(store, log, 7);
      const reads = async (): Promise<void> => {
        same(await store.journal.readDraft(draftId, 0, 1_000_000), log);
        for (const after of [0, 1, 98, 99, 100, 101, 249, 250, 251, 299, 300]) {
          for (const limit of [0, 1, 3, 150]) {
            same(await store.journal.readDraft(draftId, after, limit), log.slice(after, after + limit));
          }
        }
      };
      const { packing } = store;
      expect([await packing.packed(draftId), await packing.settle(draftId)]).toEqual([{ ordinal: 0, digest: '' }, 'nothing']);
      for (const [first, last] of [
        [1, 100],
        [101, 101],
        [102, 250],
      ] as const) {
        expect(await packing.lay(segmentOf(log, first, last))).toBe('laid');
        expect(await packing.packed(draftId)).toEqual({ ordinal: last, digest: log[last - 1]?.digest });
        await reads();
        // One entry that shares its write with later ones stays beside its segment until those are packed.
        if (last !== 101) expect(await packing.settle(draftId)).toBe('settled');
        else await packing.settle(draftId);
        expect(await packing.settle(draftId)).toBe('nothing');
        await reads();
      }
    });

    test('[ST24] a segment goes in only where the last one ends, and only beside its entries', async () => {
      const { store } = shared();
      const draftId = newDraftId();
      const log = chainedEntries(draftId, 60, randomOf(seed + 1));
      await write(store, log.slice(0, 50), 5);
      const { packing } = store;
      const outcomes = await Promise.all([packing.lay(segmentOf(log, 1, 20)), packing.lay(segmentOf(log, 1, 30))]);
      expect(outcomes.toSorted()).toEqual(['laid', 'taken']);
      const { ordinal } = await packing.packed(draftId);
      expect(await packing.lay(segmentOf(log, ordinal, 40))).toBe('taken');
      expect(await packing.lay(segmentOf(log, ordinal + 2, 40))).toBe('taken');
      expect(await packing.lay({ ...segmentOf(log, ordinal + 1, 40), before: 'another' })).toBe('taken');
      expect(await packing.lay(segmentOf(log, ordinal + 1, 60))).toBe('gone');
      expect(await packing.lay(segmentOf(chainedEntries(newDraftId(), 5, randomOf(seed)), 1, 5))).toBe('gone');
      same(await store.journal.readDraft(draftId, 0, 100), log.slice(0, 50));
    });

    test('[ST3] [ST4] a log goes on behind what is packed, and who knows only an old end of it gets no place there', async () => {
      const { store, place } = shared();
      const other = await place.open();
      const draftId = newDraftId();
      const log = chainedEntries(draftId, 80, randomOf(seed + 2));
      await write(other, log.slice(0, 20), 10);
      await write(store, log.slice(20, 70), 10);
      expect(await store.packing.lay(segmentOf(log, 1, 60))).toBe('laid');
      expect(await store.packing.settle(draftId)).toBe('settled');
      const late = [{ ...(log[20] as DraftEntry), actorId: 'late' }];
      expect(await other.journal.append([draftWrite(late)])).toEqual([conflict]);
      same(await other.journal.readDraft(draftId, 0, 100), log.slice(0, 70));
      expect(await other.journal.append([draftWrite(log.slice(70, 75))])).toEqual([appended]);
      expect(await store.packing.lay(segmentOf(log, 61, 70))).toBe('laid');
      expect(await store.packing.settle(draftId)).toBe('settled');
      expect(await store.journal.append([draftWrite(log.slice(75))])).toEqual([appended]);
      for (const { journal } of [store, other]) same(await journal.readDraft(draftId, 0, 100), log);
    });

    test('[ST24] a segment that is damaged serves nobody while its entries are there, and is packed anew from them before they go', async () => {
      const { store } = shared();
      const draftId = newDraftId();
      const log = chainedEntries(draftId, 50, randomOf(seed + 3), [{ salt: '0a' }]);
      await write(store, log, 5);
      const good = segmentOf(log, 1, 40);
      const forged = packSegment('', [{ ...(log[0] as DraftEntry), actorId: 'forged' }, ...log.slice(1, 40)]);
      const flipped = { ...good, bytes: good.bytes.map((byte, index) => (index === 30 ? byte ^ 1 : byte)) };
      for (const bad of [flipped, forged]) {
        expect(await store.packing.lay(bad)).toBe('laid');
        same(await store.journal.readDraft(draftId, 0, 100), log);
        // First it is packed anew, then what was packed is read back and held against the entries.
        for (const outcome of ['settled', 'settled', 'nothing']) {
          expect(await store.packing.settle(draftId)).toBe(outcome);
          same(await store.journal.readDraft(draftId, 0, 100), log);
        }
        await store.removal.draft(draftId);
        await write(store, log, 5);
      }
    });

    test('[ST24] [ERA1] what was erased while its segment was made is not brought back by it', async () => {
      const { store } = shared();
      const draftId = newDraftId();
      const log = chainedEntries(draftId, 30, randomOf(seed + 7), [{ salt: '0b' }]);
      await write(store, log, 3);
      const before = segmentOf(log, 1, 20);
      const taken = log[6] as DraftEntry;
      const { salt: _salt, ...left } = taken;
      const gone = { ...left, bytes: Uint8Array.of(0, 0), erased: bytesCommitment(taken, sha256OfBytes(taken.bytes)) };
      await store.erasing.eraseEntries(draftId, [gone]);
      const outcome = await store.packing.lay(before);
      // Without transactions it is found when the segment is held against its entries, which is the next thing that is done.
      expect(['gone', 'laid']).toContain(outcome);
      while ((await store.packing.settle(draftId)) === 'settled');
      same(await store.journal.readDraft(draftId, 0, 100), [...log.slice(0, 6), gone, ...log.slice(7)]);
    });

    test('[ST21] [ST24] a log that is packed goes whole when it is removed, and what is laid afterwards does not stay', async () => {
      const { store } = shared();
      const draftId = newDraftId();
      const log = chainedEntries(draftId, 40, randomOf(seed + 4));
      await write(store, log, 4);
      expect(await store.packing.lay(segmentOf(log, 1, 16))).toBe('laid');
      await store.packing.settle(draftId);
      await store.removal.draft(draftId);
      expect(await store.packing.lay(segmentOf(log, 17, 32))).not.toBe('laid');
      expect(await store.packing.lay(segmentOf(log, 1, 16))).toBe('gone');
      expect([await store.packing.packed(draftId), await store.journal.readDraft(draftId, 0, 100)]).toEqual([
        { ordinal: 0, digest: '' },
        [],
      ]);
      expect(await store.journal.append([draftWrite(log.slice(0, 3))])).toEqual([appended]);
    });

    test(
      '[ST24] two stores that pack one log at once, while it is written and read, lose and double nothing',
      { timeout: 120_000 },
      async () => {
        const { store, place } = shared();
        const other = await place.open();
        const draftId = newDraftId();
        const log = chainedEntries(draftId, 400, randomOf(seed + 5));
        await write(store, log.slice(0, 40), 8);
        let written = 40;
        let done = false;
        const pack = async ({ packing, journal }: OpenPlace['store'], size: number): Promise<void> => {
          while (!done) {
            const { ordinal, digest } = await packing.packed(draftId);
            const entries = await journal.readDraft(draftId, ordinal, size);
            if (entries.length === size && ordinal + size < written - 10) await packing.lay(packSegment(digest, entries));
            if ((await packing.settle(draftId)) === 'differs') throw new Error('It differs.');
            await nextTurn();
          }
        };
        const read = async ({ journal }: OpenPlace['store']): Promise<void> => {
          while (!done) {
            const before = written;
            const found = await journal.readDraft(draftId, 0, 1_000);
            expect(found.length).toBeGreaterThanOrEqual(before);
            same(found, log.slice(0, found.length));
            await nextTurn();
          }
        };
        const going = async (): Promise<void> => {
          for (; written < log.length; written += 8) await write(store, log.slice(written, written + 8), 8);
        };
        const ending = (): void => void (done = true);
        await Promise.all([going(), pack(store, 16), pack(other, 21), read(store), read(other)].map((work) => work.finally(ending)));
        expect((await store.packing.packed(draftId)).ordinal).toBeGreaterThan(16);
        for (const { journal } of [store, other]) same(await journal.readDraft(draftId, 0, 1_000), log);
      },
    );

    test('[ST12] [ST24] killed with -9 at any moment of it, nothing is lost or doubled', { timeout: 600_000 }, async () => {
      const place = await fresh();
      const draftId = newDraftId();
      const chance = randomOf(seed + 6);
      const rounds = nightly ? 60 : 2;
      console.log(`packing, killed ${rounds} times, seed ${seed}`);
      let reported = 0;
      for (let round = 0; round < rounds; round += 1) {
        const child = spawn(process.execPath, [packForever, JSON.stringify(place.address), draftId, String(chance(1_000_000))], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const ended = once(child, 'close');
        let segments = 2 + chance(6);
        for await (const line of createInterface({ input: child.stdout })) {
          const [, what, ordinal] = /^(written|laid) (\d+)\.$/.exec(line) ?? [];
          if (what === 'written') reported = Math.max(reported, Number(ordinal));
          // Right behind the word of it, or a moment later: between laying and letting go, or in the middle of either.
          if (what === 'laid' && (segments -= 1) === 0) setTimeout(() => child.kill('SIGKILL'), chance(30));
        }
        expect((await ended)[1]).toBe('SIGKILL');
      }
      const store = await place.open();
      const log = await store.journal.readDraft(draftId, 0, 1_000_000);
      expect(log.length).toBeGreaterThanOrEqual(reported);
      // What is written follows from the draft alone, so what must be there is known.
      same(log, chainedEntries(draftId, log.length, randomOf(1)));
      while ((await store.packing.settle(draftId)) === 'settled');
      same(await store.journal.readDraft(draftId, 0, 1_000_000), log);
      expect((await store.packing.packed(draftId)).ordinal).toBeGreaterThan(16);
      await place.remove();
    });
  });
}
