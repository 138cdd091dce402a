import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { chainOf, commitWrite, draftWrite, entriesOf, newDraftId, newStream, appended } from './samples.ts';
import type { Place } from './place.ts';

const appendForever = fileURLToPath(new URL('./appendForever.ts', import.meta.url));

interface Reported {
  readonly seq: number;
  readonly hash: string;
  readonly ordinal: number;
}

/** Lets another process append until it has reported `count` times, kills it with -9, and gives all it reported. */
async function appendAndKill(place: Place, streamId: string, draftId: string, count: number): Promise<readonly Reported[]> {
  const child = spawn(process.execPath, [appendForever, JSON.stringify(place.address), streamId, draftId], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (part: Buffer) => (complaint += part.toString()));
  const ended = once(child, 'close');
  const reported: Reported[] = [];
  // A line cut off by the kill is not a report; readline would give it too, so every report must be complete.
  for await (const line of createInterface({ input: child.stdout })) {
    const [, seq, hash, ordinal] = /^(\d+) ([0-9a-f]{64}) (\d+)$/.exec(line) ?? [];
    if (seq !== undefined && hash !== undefined && ordinal !== undefined)
      reported.push({ seq: Number(seq), hash, ordinal: Number(ordinal) });
    if (reported.length === count) child.kill('SIGKILL');
  }
  const [, signal] = (await ended) as [number | null, NodeJS.Signals | null];
  if (signal !== 'SIGKILL') throw new Error(`The appending process ended by itself: ${complaint}`);
  return reported;
}

/** What a store promises about its end and its return. */
export function crashContract(fresh: () => Promise<Place>): void {
  describe('coming back', () => {
    test('[ST12] a store that was closed and opened again has everything', async () => {
      const place = await fresh();
      const stream = newStream();
      const draftId = newDraftId();
      const commits = chainOf(stream, 3);
      const entries = entriesOf(draftId, 1, 5);
      const snapshot = { kind: 'draft', id: draftId, position: 5, version: 1, sha256: 'x', bytes: Uint8Array.of(1, 2) } as const;
      const fact = { id: 'set-up', rev: 0, value: 'yes' };
      const first = await place.open();
      await first.journal.append([...commits.map(commitWrite), draftWrite(entries)]);
      await first.snapshots.put(snapshot);
      await first.records.insert('installation', fact);
      await first.close();
      const second = await place.open();
      expect(await second.journal.readCommits(stream, 0, 10)).toEqual(commits);
      expect(await second.journal.readDraft(draftId, 0, 10)).toEqual(entries);
      expect(await second.snapshots.latest('draft', draftId)).toEqual([snapshot]);
      expect(await second.records.get('installation', 'set-up')).toEqual(fact);
      expect(await second.journal.append([draftWrite(entriesOf(draftId, 6, 6))])).toEqual([appended]);
      await place.remove();
    });

    test('[ST12] a closed store refuses everything', async () => {
      const place = await fresh();
      const store = await place.open();
      await store.health();
      await store.close();
      await store.close();
      const refusal = { name: 'StoreUnavailable' };
      await expect(store.health()).rejects.toMatchObject(refusal);
      await expect(store.journal.append(chainOf(newStream(), 1).map(commitWrite))).rejects.toMatchObject(refusal);
      await expect(store.journal.head(newStream())).rejects.toMatchObject(refusal);
      await expect(store.records.get('account', 'x')).rejects.toMatchObject(refusal);
      await place.remove();
    });

    test('[ST12] after kill -9 everything that was called appended is there, dense and once', { timeout: 120_000 }, async () => {
      const place = await fresh();
      const stream = newStream();
      const draftId = newDraftId();
      const reported: Reported[] = [];
      for (const count of [1, 17, 60]) reported.push(...(await appendAndKill(place, stream.id, draftId, count)));
      const store = await place.open();
      const commits = await store.journal.readCommits(stream, 0, 100_000);
      expect(reported.length).toBeGreaterThanOrEqual(78);
      for (const { seq, hash } of reported) expect(commits[seq - 1]?.hash).toBe(hash);
      expect(commits.map(({ seq }) => seq)).toEqual(commits.map((_, index) => index + 1));
      for (const [index, commit] of commits.entries()) expect(commit.prevHash).toBe(commits[index - 1]?.hash ?? '');
      const ordinals = (await store.journal.readDraft(draftId, 0, 100_000)).map(({ ordinal }) => ordinal);
      expect(ordinals).toEqual(ordinals.map((_, index) => index + 1));
      expect(ordinals.length).toBeGreaterThanOrEqual(reported.at(-1)?.ordinal ?? Number.NaN);
      await place.remove();
    });
  });
}
