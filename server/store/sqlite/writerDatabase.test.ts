import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { createWriterDatabase } from './writerDatabase.ts';

const folder = mkdtempSync(join(tmpdir(), 'shangliang-writer-'));
const file = join(folder, 'room.db');
const reader = () => new DatabaseSync(file, { readOnly: true });

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('[ST14] after a fault of the disk the connection is never used again: the next request opens a new one, which writes first', () => {
  const writer = createWriterDatabase(file);
  const beats = () => reader().prepare('SELECT beats FROM pulse').get()?.beats;
  const big = { id: 'big', rev: 0, json: JSON.stringify('x'.repeat(500_000)), expiresAt: null, keys: [] };
  writer.handle({ op: 'open' });
  expect(beats()).toBe(1);
  writer.handle({ op: 'limitPages', pages: 1 });
  let thrown: unknown;
  try {
    writer.handle({ op: 'insertRecord', kind: 'installation', form: big });
  } catch (error) {
    thrown = error;
  }
  expect(writer.failureOf(thrown)).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('full') as string });
  writer.handle({ op: 'open' });
  expect(beats()).toBe(2);
  // The limit is the writer's, not the connection's: it holds on the new one as well.
  expect(() => writer.handle({ op: 'insertRecord', kind: 'installation', form: big })).toThrow(/full/);
  writer.handle({ op: 'close' });
});

test('[ST9] of a thing no more than two snapshots are stored', () => {
  const writer = createWriterDatabase(file);
  for (let position = 1; position <= 5; position++) {
    for (const id of ['a', 'b']) {
      const snapshot = { kind: 'room', id, position, version: 1, sha256: '', bytes: new Uint8Array(3) } as const;
      writer.handle({ op: 'putSnapshot', snapshot });
    }
  }
  expect(reader().prepare('SELECT id, position FROM snapshots ORDER BY id, position').all()).toMatchObject([
    { id: 'a', position: 4 },
    { id: 'a', position: 5 },
    { id: 'b', position: 4 },
    { id: 'b', position: 5 },
  ]);
  writer.handle({ op: 'close' });
});
