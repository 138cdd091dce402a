import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { WireCommit } from '#shared/domain/commit.ts';
import { aShelf } from '#client/lib/room/builders.ts';
import type { RoomSocket } from '#client/lib/room/connection.ts';
import type { ReadLog } from '#client/lib/room/pinnedHead.svelte.ts';
import { RoomStore } from '#client/lib/room/roomStore.svelte.ts';
import { administrator, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { ServerProcess } from '../support/serverProcess.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let server: ServerProcess;
let ana: Visitor;
let roomId: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'shangliang-backup-'));
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify({ commandsPerSecond: 10_000, commandBurst: 10_000 }) } });
  ana = await administrator(server.url, server.setupSecret);
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Parks', visibility: 'public' }));
});
afterAll(async () => {
  await server.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** The page of a room as a stranger opens it, with the storage of his browser. */
function pageOf(shelf = aShelf()) {
  const readLog: ReadLog = async (after, limit) => {
    const { status, json } = await ana.request('GET', `/api/rooms/${roomId}/log?after=${after}&limit=${limit}`);
    return status === 200 ? (json as { commits: WireCommit[]; head: { seq: number; hash: string } }) : null;
  };
  const store = new RoomStore(roomId, {
    open: () => {
      const options = { transports: ['websocket'], forceNew: true, reconnection: false, autoConnect: false };
      return Promise.resolve(io(server.url, { ...options, extraHeaders: { origin: server.url } }) as RoomSocket);
    },
    later: (_ms, run) => {
      const timer = setTimeout(run, 20);
      return () => clearTimeout(timer);
    },
    random: Math.random,
    shelf,
    readLog,
    refused: () => undefined,
    moved: () => undefined,
    changed: () => undefined,
  });
  store.start();
  return { store, shelf };
}

async function comment(body: string): Promise<void> {
  const chair = await ana.join(roomId);
  await chair.act({ type: 'postComment', body });
  chair.close();
}

const seenOn = (shelf: ReturnType<typeof aShelf>): number =>
  (JSON.parse(shelf.getItem(`shangliang/seen/${roomId}`) ?? '[0]') as [number])[0];

test('[TRU4] a copy made while people write is whole; a server set back to it is noticed by who saw more', async () => {
  await comment('before the copy');
  // People write all the while the copy is made.
  let writing = true;
  let acknowledged = 0;
  const writer = (async () => {
    const chair = await ana.join(roomId);
    while (writing) {
      await chair.act({ type: 'postComment', body: `while copying ${acknowledged}` });
      acknowledged += 1;
    }
    chair.close();
  })();
  await until(() => acknowledged > 5, 'writing has begun');
  const before = acknowledged;
  const copy = path.join(folder, 'copy.db');
  await promisify(execFile)(process.execPath, ['scripts/backup.ts', copy, '--data', server.dataDir]);
  writing = false;
  await writer;
  const database = new DatabaseSync(copy, { readOnly: true });
  const entries = Number(database.prepare('SELECT max(seq) AS head FROM commits WHERE stream_id = ?').get(roomId)?.['head']);
  database.close();
  expect(entries).toBeGreaterThanOrEqual(before);
  console.log(`backup under load: ${entries} entries copied, ${acknowledged} acknowledged in the end`);

  await comment('after the copy');
  const page = pageOf();
  await until(() => page.store.phase.name === 'live' && seenOn(page.shelf) > 0, 'the page has seen the room');
  const seen = seenOn(page.shelf);
  expect(seen).toBeGreaterThan(entries);

  // An ordinary restart loses nothing, and nobody is warned.
  await server.stop();
  await server.start();
  await comment('after a restart');
  await until(() => seenOn(page.shelf) > seen, 'the page has gone on');
  expect(page.store.pinned.rewritten).toBeNull();
  const again = pageOf(page.shelf);
  await until(() => again.store.phase.name === 'live', 'the page opened anew');
  const most = seenOn(page.shelf);

  // Set back to the copy.
  again.store.stop();
  await server.stop();
  for (const rest of ['-wal', '-shm']) rmSync(path.join(server.dataDir, `shangliang.db${rest}`), { force: true });
  copyFileSync(copy, path.join(server.dataDir, 'shangliang.db'));
  await server.start();
  await until(() => page.store.pinned.rewritten !== null, 'the open page is warned');
  expect(page.store.pinned.rewritten).toEqual({ how: 'cut', seen: most, now: entries });
  page.store.stop();

  // It goes on from the copy until it is longer than what was seen: the entry that was seen is another one now.
  const chair = await ana.join(roomId);
  for (let seq = 0; seq <= most;) seq = await chair.act({ type: 'postComment', body: 'another history' });
  chair.close();
  const later = pageOf(page.shelf);
  await until(() => later.store.pinned.rewritten !== null, 'a page opened later is warned');
  expect(later.store.pinned.rewritten).toMatchObject({ how: 'replaced', seen: most });
  expect(seenOn(page.shelf)).toBe(most);

  // Who has read it is not warned again.
  later.store.pinned.accept();
  expect(later.store.pinned.rewritten).toBeNull();
  expect(seenOn(page.shelf)).toBeGreaterThan(most);
  later.store.stop();
});
