import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Checkpoint } from '#shared/domain/proof/checkpoint.ts';
import { isSigned } from '#server/access/checkpointKey.ts';
import { examine } from '#server/doctor/examine.ts';
import { inspectSqlite } from '#server/store/sqlite/inspectSqlite.ts';
import { administrator } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { ServerProcess } from '../support/serverProcess.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let server: ServerProcess;
let ana: Visitor;
let roomId: string;

beforeAll(async () => {
  server = await ServerProcess.start();
  ana = await administrator(server.url, server.setupSecret);
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Parks', visibility: 'public' }));
});
afterAll(() => server.dispose());

const signed = async (): Promise<readonly Checkpoint[]> =>
  (await ana.ok<{ checkpoints: Checkpoint[] }>('GET', `/api/rooms/${roomId}/checkpoints`)).checkpoints;

const kept = (): readonly Checkpoint[] =>
  readFileSync(path.join(server.dataDir, 'checkpoints.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Checkpoint);

test('[TRU6] a closed room is signed soon, every other when the server ends; the marks lie outside the database and find out who changes it', async () => {
  const chair = await ana.join(roomId);
  await chair.act({ type: 'postComment', body: 'One' });
  expect(await signed()).toEqual([]);
  const seq = await chair.act({ type: 'closeRoom' });
  // The closing is signed by itself; what seals the text follows it.
  await vi.waitUntil(async () => ((await signed()).at(-1)?.size ?? 0) > seq, { timeout: 20_000 });
  const marks = await signed();
  expect(marks.every(isSigned)).toBe(true);
  expect(new Set(marks.map(({ key }) => key)).size).toBe(1);
  await chair.act({ type: 'reopenRoom' });
  await chair.act({ type: 'postComment', body: 'Two' });
  chair.close();
  await server.stop();
  expect(
    kept()
      .filter(({ room }) => room === roomId)
      .at(-1)?.size,
  ).toBeGreaterThan(marks.at(-1)?.size ?? 0);
  expect(kept().every(isSigned)).toBe(true);
  expect({ ...kept()[0], size: 1 }).toSatisfy((mark: Checkpoint) => !isSigned(mark));

  // Who holds the database cuts off the end and removes the marks in it; those outside name what is gone.
  const file = path.join(server.dataDir, 'shangliang.db');
  const database = new DatabaseSync(file);
  database.prepare('DELETE FROM commits WHERE stream_id = ? AND seq > 3').run(roomId);
  database.exec("DELETE FROM record_keys WHERE kind = 'checkpoint'; DELETE FROM records WHERE kind = 'checkpoint'");
  database.close();
  const inspection = inspectSqlite(file);
  const { findings } = await examine(inspection, null, kept());
  const without = await examine(inspection, null);
  await inspection.close();
  expect(findings).toContainEqual({ what: 'historyCut', room: roomId, seq: kept().at(-1)?.size, end: 3 });
  // Without them the chain alone says nothing of its end.
  expect(without.findings.filter(({ what }) => what.startsWith('history'))).toEqual([]);

  // The key stays the same from start to start.
  rmSync(path.join(server.dataDir, 'checkpoints.jsonl'));
  await server.start();
  const again = await ana.join(roomId);
  await again.act({ type: 'reopenRoom' });
  again.close();
  await server.stop();
  expect(kept().at(-1)?.key).toBe(marks[0]?.key);
});
