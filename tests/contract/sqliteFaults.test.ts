import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openConnection } from '#server/store/sqlite/connection.ts';
import type { SqliteStore } from '#server/store/sqlite/openSqlite.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import { newSqlitePlace } from './places.ts';
import { appendCommits, appended, chainOf, commitAfter, draftWrite, entriesOf, newDraftId, newStream } from './samples.ts';

const untilFull = fileURLToPath(new URL('./untilFull.ts', import.meta.url));
const unavailable = { name: 'StoreUnavailable' };

async function withStore(work: (store: SqliteStore, file: string) => Promise<void>): Promise<void> {
  const place = await newSqlitePlace();
  const store = await openSqlite({ file: place.file });
  try {
    await work(store, place.file);
  } finally {
    await store.close();
    await place.remove();
  }
}

describe('the disk of an SQLite store', () => {
  test('[ST14] a full store refuses writes, stores nothing of them, still reads, and recovers', () =>
    withStore(async (store) => {
      const stream = newStream();
      const draftId = newDraftId();
      const [first] = chainOf(stream, 1);
      if (first === undefined) throw new Error('unreachable');
      await appendCommits(store.journal, [first]);
      await store.limitPages(1);
      const second = commitAfter(stream, first, { events: [{ salt: 's', json: JSON.stringify('议'.repeat(200_000)) }] });
      for (let attempt = 0; attempt < 3; attempt++) {
        const turn = [draftWrite(entriesOf(draftId, 1, 2)), { kind: 'commit' as const, commit: second }];
        await expect(store.journal.append(turn)).rejects.toMatchObject(unavailable);
      }
      await expect(
        store.snapshots.put({ kind: 'room', id: stream.id, position: 1, version: 1, sha256: '', bytes: new Uint8Array(500_000) }),
      ).rejects.toMatchObject(unavailable);
      await expect(store.records.insert('installation', { id: 'big', rev: 0, value: 'x'.repeat(500_000) })).rejects.toMatchObject(
        unavailable,
      );
      expect(await store.journal.readCommits(stream, 0, 10)).toEqual([first]);
      expect(await store.journal.readDraft(draftId, 0, 10)).toEqual([]);
      await store.limitPages(null);
      expect(await appendCommits(store.journal, [second])).toEqual([appended]);
      expect(await store.journal.readCommits(stream, 0, 10)).toEqual([first, second]);
    }));

  const canLimit = spawnSync('prlimit', ['--version']).status === 0 && spawnSync('bash', ['-c', 'true']).status === 0;

  test.skipIf(!canLimit)('[ST14] an error of the file system refuses the write, and the store recovers when it is over', async () => {
    const place = await newSqlitePlace();
    const stream = newStream();
    // No file of the child may grow beyond 600 kB until the test lifts the limit: a write beyond it fails as a broken disk's would.
    const child = spawn('bash', ['-c', 'ulimit -S -f 600 && exec "$0" "$@"', process.execPath, untilFull, place.file, stream.id], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      if (line.startsWith('refused')) {
        expect(spawnSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:unlimited']).status).toBe(0);
        child.stdin.write('go on\n');
      }
    }
    expect((await ended)[0]).toBe(0);
    const refusals = said.filter((line) => line.startsWith('refused'));
    expect(refusals).toHaveLength(1);
    expect(said.at(-1)).toMatch(/^appended/);
    const told = said.filter((line) => line.startsWith('appended')).map((line) => line.split(' '));
    expect(told.length).toBeGreaterThan(5);
    const store = await place.open();
    const commits = await store.journal.readCommits(stream, 0, 1000);
    expect(commits.map(({ seq, hash }) => [String(seq), hash])).toEqual(told.map(([, seq, hash]) => [seq, hash]));
    await place.remove();
  });

  test('[ST4] a write waits for another program that holds the file, and then goes in', () =>
    withStore(async (store, file) => {
      const other = openConnection(file, { readOnly: false });
      other.exec('BEGIN IMMEDIATE');
      const stream = newStream();
      const answer = appendCommits(store.journal, chainOf(stream, 1));
      // Reading goes on meanwhile; that it is answered shows that the wait blocks nobody else.
      expect(await store.journal.head(stream)).toMatchObject({ seq: 0 });
      other.exec('ROLLBACK');
      other.close();
      expect(await answer).toEqual([appended]);
    }));

  test('[ST6] a write that was refused by a rule of the database takes nothing else with it', () =>
    withStore(async (store) => {
      const draftId = newDraftId();
      const wrong = entriesOf(draftId, 1, 2).map((entry) => ({ ...entry, kind: 'note' as 'update' }));
      const stream = newStream();
      const outcomes = await store.journal.append([
        draftWrite(wrong),
        { kind: 'commit', commit: commitAfter(stream, { seq: 0, hash: '' }) },
      ]);
      expect(outcomes).toEqual([{ outcome: 'conflict' }, appended]);
    }));

  test('[ST12] a store that closes leaves one file and no log beside it', async () => {
    const place = await newSqlitePlace();
    const store = await place.open();
    await appendCommits(store.journal, chainOf(newStream(), 3));
    expect(existsSync(`${place.file}-wal`)).toBe(true);
    await store.close();
    expect(existsSync(`${place.file}-wal`)).toBe(false);
    const check = new DatabaseSync(place.file, { readOnly: true });
    expect(check.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    check.close();
    await place.remove();
  });
});

describe('opening an SQLite store', () => {
  test('[ST4] two processes may make the same new file at once', async () => {
    const place = await newSqlitePlace();
    const stores = await Promise.all([place.open(), place.open(), place.open()]);
    const outcomes = await Promise.all(stores.map((store) => appendCommits(store.journal, chainOf(newStream(), 1))));
    expect(outcomes.flat()).toEqual([appended, appended, appended]);
    await place.remove();
  });

  test('[ST15] makes the folder, and names file and version', async () => {
    const place = await newSqlitePlace();
    const file = join(place.file, '..', 'deeper', 'still', 'room.db');
    const store = await openSqlite({ file });
    expect(store.description).toMatch(/^SQLite 3\.\d+\.\d+ \(.+room\.db\)$/);
    await store.close();
    await place.remove();
  });

  test('[ST15] says in one sentence that a folder cannot be made or written', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'shangliang-open-'));
    try {
      await expect(openSqlite({ file: '/dev/null/x/room.db' })).rejects.toMatchObject({
        name: 'StoreOpenError',
        message: expect.stringMatching(/^The folder \/dev\/null\/x cannot be made: .+\.$/) as string,
      });
      if (process.getuid?.() === 0) context.skip('the superuser may write everywhere');
      chmodSync(folder, 0o500);
      await expect(openSqlite({ file: join(folder, 'room.db') })).rejects.toMatchObject({
        name: 'StoreOpenError',
        message: expect.stringContaining('may not write to it') as string,
      });
    } finally {
      chmodSync(folder, 0o700);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
