import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Store } from '#server/store/ports.ts';
import { StoreUnavailable } from '#server/store/ports.ts';
import type { PurgedRoomRecord, RecordKinds } from '#server/store/records.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import { administrator, invited, RoomClient, until, Visitor } from '../support/people.ts';
import { guestOf } from '../support/furnished.ts';
import { DraftSocketClient } from './draftSocket.ts';
import './house.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';
import { doctorOn } from '../support/doctorOn.ts';

const day = 24 * 60 * 60 * 1000;
const hour = 60 * 60 * 1000;

let inside: InProcess | null = null;
let laterMs = 0;
afterEach(async () => {
  await inside?.dispose();
  inside = null;
  laterMs = 0;
});

const now = (): number => Date.now() + laterMs;

async function start(wrap?: (store: Store<RecordKinds>) => Store<RecordKinds>, after?: InProcess): Promise<InProcess> {
  inside = await startInProcess({ now, ...(wrap === undefined ? {} : { wrap }), ...(after === undefined ? {} : { after }) });
  return inside;
}

/** A room with everything a room can have, and one beside it that must not be touched. */
async function furnished(house: InProcess, visibility = 'public') {
  const ana = await administrator(house.base, house.app.setupSecret ?? '');
  const ids: string[] = [];
  for (const title of ['Entrances', 'Beside']) ids.push((await ana.ok<{ id: string }>('POST', '/api/rooms', { title, visibility })).id);
  const [roomId = '', besideId = ''] = ids;
  const ben = await invited(ana, roomId, 'member', 'ben');
  const guest = await guestOf(ana, roomId, 'member', 'Onlyhere');
  await ana.ok('POST', `/api/rooms/${roomId}/roster`, { people: [{ displayName: 'Listedname', role: 'member' }] });
  const drafts: string[] = [];
  for (const id of ids) {
    const chair = await ana.join(id);
    await chair.act({ type: 'postComment', body: `commentword-${id}` });
    const draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
    drafts.push(draftId);
    const draft = await new DraftSocketClient(house.base, { cookie: ana.cookie ?? '' }, `${id}/${draftId}`).settled();
    await draft.synced();
    draft.sendUpdate(draft.typed(`draftword-${id}`));
    await until(() => draft.saved > 0, 'the draft');
    draft.close();
    // One content in both rooms, and one in this room alone.
    for (const text of id === roomId ? ['shared content', 'own content'] : ['shared content']) {
      const response = await fetch(`${house.base}/api/rooms/${id}/files?name=a.txt`, {
        method: 'POST',
        headers: { origin: house.base, 'content-type': 'application/octet-stream', cookie: ana.cookie ?? '' },
        body: text,
      });
      expect(response.status).toBe(201);
    }
    chair.close();
  }
  return { ana, ben, guest, roomId, besideId, drafts };
}

async function act(who: Visitor, roomId: string, ...commands: Parameters<RoomClient['act']>[0][]): Promise<void> {
  const client = await who.join(roomId);
  for (const command of commands) await client.act(command);
  client.close();
}

/** Rows of the file that name a room or its drafts, by table and kind. */
function rowsOf(folder: string, ...ids: readonly string[]): readonly string[] {
  const database = new DatabaseSync(path.join(folder, 'shangliang.db'), { readOnly: true });
  try {
    const found: string[] = [];
    for (const id of ids) {
      for (const row of database.prepare('SELECT seq FROM commits WHERE stream_id = ?').all(id)) found.push(`commit ${String(row['seq'])}`);
      for (const row of database.prepare('SELECT ordinal FROM draft_entries WHERE draft_id = ?').all(id))
        found.push(`entry ${String(row['ordinal'])}`);
      for (const row of database.prepare('SELECT kind FROM snapshots WHERE id = ?').all(id)) found.push(`snapshot ${String(row['kind'])}`);
      for (const row of database.prepare("SELECT kind FROM records WHERE instr(json, ?) > 0 AND kind <> 'purgedRoom'").all(id))
        found.push(`record ${String(row['kind'])}`);
    }
    return found;
  } finally {
    database.close();
  }
}

const contentsIn = (folder: string): number =>
  readdirSync(path.join(folder, 'files'), { recursive: true }).filter((name) => /[0-9a-f]{64}$/.test(String(name))).length;

/** Waits until the bytes of a removed room are out of the store; gives what stays of it. */
async function scrubbed(house: InProcess, roomId: string): Promise<PurgedRoomRecord | null> {
  const stays = () => house.store.records.get('purgedRoom', roomId);
  await vi.waitUntil(async () => (await stays())?.state === 'removed', { timeout: 60_000 });
  return stays();
}

/** Which of these words are in a file of the database. */
function wordsLeft(folder: string, words: readonly string[]): readonly string[] {
  const files = readdirSync(folder).filter((name) => name.startsWith('shangliang.db'));
  const bytes = Buffer.concat(files.map((name) => readFileSync(path.join(folder, name))));
  return words.filter((word) => bytes.includes(word));
}

const rejectionOf = ({ json }: { json: unknown }): unknown => (json as { rejection?: unknown }).rejection;

describe('[LIFE3] a room whose time to be brought back is over', () => {
  test('is removed for good with all that belongs to it, and nothing else is touched', async () => {
    const house = await start();
    const { ana, ben, guest, roomId, besideId, drafts } = await furnished(house);
    const record = await (await fetch(`${house.base}/api/rooms/${roomId}/record`, { headers: { cookie: ana.cookie ?? '' } })).text();
    await act(ana, roomId, { type: 'deleteRoom' });
    const { seq, hash } = await house.store.journal.head({ kind: 'room', id: roomId });
    laterMs = 30 * day + hour / 2;
    await house.app.purge.sweep();
    expect((await house.store.journal.head({ kind: 'room', id: roomId })).seq).toBe(seq);

    laterMs = 30 * day + 2 * hour;
    await house.app.purge.sweep();
    expect(rowsOf(house.folder, roomId, drafts[0] ?? '')).toEqual([]);
    expect(contentsIn(house.folder)).toBe(1);
    // A deletion that is answered once more marks no draft of a room that is gone.
    await house.app.drafts.barrier(roomId, drafts);
    expect(rowsOf(house.folder, roomId, drafts[0] ?? '')).toEqual([]);
    const gone = await scrubbed(house, roomId);
    // Neither its words nor the names of who had a seat there are in any file of the database, though it runs.
    expect(wordsLeft(house.folder, [`commentword-${roomId}`, `draftword-${roomId}`, 'Onlyhere', 'Listedname'])).toEqual([]);
    expect(gone).toMatchObject({
      state: 'removed',
      entries: seq,
      head: hash,
      visibility: 'public',
      deletedBy: expect.any(String) as string,
    });
    // Whoever was here for this room alone is gone with it; who has an account stays.
    const counted = (kind: keyof RecordKinds) => house.store.records.list(kind).then((all) => all.length);
    expect([await counted('guest'), await counted('account')]).toEqual([0, 2]);
    expect((await guest.request('GET', '/api/me')).json).toMatchObject({ guest: null });

    // Who asks is told, with the day; nobody can bring it back, under its own id not even from a file.
    for (const visitor of [ana, ben]) {
      await visitor.ok('POST', '/api/session', { handle: visitor === ana ? 'ana' : 'ben', password: 'correct horse battery' });
      const refused = await visitor.request('GET', `/api/rooms/${roomId}`);
      expect([refused.status, rejectionOf(refused)]).toEqual([410, { code: 'roomDeleted', goneAt: gone?.purgedAt }]);
      const client = new RoomClient(house.base, visitor.cookie, roomId);
      expect(await client.tryJoin({ seq: 3, hash: 'a'.repeat(64) })).toEqual({
        ok: false,
        rejection: { code: 'roomDeleted', goneAt: gone?.purgedAt },
      });
      client.close();
      expect(await new DraftSocketClient(house.base, { cookie: visitor.cookie ?? '' }, `${roomId}/${drafts[0] ?? ''}`).ended()).toBe(4404);
    }
    expect((await ana.ok<{ rooms: { id: string }[] }>('GET', '/api/rooms')).rooms.map(({ id }) => id)).not.toContain(roomId);
    const imported = await ana.request('POST', '/api/records', record, { 'content-type': 'application/x-ndjson' });
    expect(rejectionOf(imported)).toEqual({ code: 'roomDeleted', goneAt: gone?.purgedAt });

    const beside = await ana.join(besideId);
    expect(beside.joined?.snapshot?.comments.map(({ body }) => body.text)).toEqual([`commentword-${besideId}`]);
    beside.close();
    await house.app.close();
    const looked = await doctorOn(house.folder);
    expect(looked.findings).toEqual([]);
    expect(looked.remarks).toContainEqual({ what: 'roomsPurged', rooms: 1 });
    const others = [`commentword-${besideId}`, `draftword-${besideId}`];
    expect(wordsLeft(house.folder, others)).toEqual(others);
  });

  test('of a private one strangers are told nothing, as before', async () => {
    const house = await start();
    const { ana, roomId } = await furnished(house, 'private');
    await act(ana, roomId, { type: 'deleteRoom' });
    laterMs = 31 * day;
    await house.app.purge.sweep();
    expect(rowsOf(house.folder, roomId)).toEqual([]);
    const stranger = new Visitor(house.base);
    expect(rejectionOf(await stranger.request('GET', `/api/rooms/${roomId}`))).toEqual({ code: 'notFound' });
    await ana.ok('POST', '/api/session', { handle: 'ana', password: 'correct horse battery' });
    expect(rejectionOf(await ana.request('GET', `/api/rooms/${roomId}`))).toMatchObject({ code: 'roomDeleted' });
  });

  test('a moderator who still sits in it is told, and what he sends comes to nothing', async () => {
    const house = await start();
    const { ana, roomId } = await furnished(house);
    const chair = await ana.join(roomId);
    await chair.act({ type: 'deleteRoom' });
    let ended: unknown = null;
    chair.socket.on('room:ended', ({ rejection }) => (ended = rejection));
    laterMs = 31 * day;
    const late = chair.send({ type: 'archiveRoom' }).catch(() => null);
    await house.app.purge.sweep();
    await until(() => ended !== null && !chair.socket.connected, 'the end of the room');
    expect(ended).toEqual({ code: 'roomDeleted' });
    await late;
    expect(rowsOf(house.folder, roomId)).toEqual([]);
  });
});

describe('[LIFE4] a room that lives', () => {
  test('is never removed: not one that was never deleted, nor one that was brought back, nor one whose time is not over', async () => {
    const house = await start();
    const { ana, roomId, besideId } = await furnished(house);
    await act(ana, besideId, { type: 'deleteRoom' }, { type: 'undoDeletion' });
    laterMs = 400 * day;
    await house.app.purge.sweep();
    for (const id of [roomId, besideId])
      expect([await house.app.purge.purge(id), await house.app.purge.purge(id, true)]).toEqual([false, false]);
    await ana.ok('POST', '/api/session', { handle: 'ana', password: 'correct horse battery' });
    await act(ana, roomId, { type: 'deleteRoom' });
    expect(await house.app.purge.purge(roomId)).toBe(false);
    laterMs += 29 * day;
    expect(await house.app.purge.purge(roomId)).toBe(false);
    await ana.ok('POST', '/api/session', { handle: 'ana', password: 'correct horse battery' });
    await act(ana, roomId, { type: 'undoDeletion' });
    const back = await ana.join(roomId);
    expect(back.joined?.snapshot?.comments.map(({ body }) => body.text)).toEqual([`commentword-${roomId}`]);
    back.close();
  });

  test('a mark on a room that turns out to live is taken back', async () => {
    const house = await start();
    const { ana, roomId } = await furnished(house);
    const mark: PurgedRoomRecord = {
      ...{ id: roomId, rev: 0, state: 'marked', entries: 1, head: '', deletedBy: 'x', deletedAt: 0, purgedAt: 0 },
      ...{ visibility: 'public', draftIds: [], files: [] },
    };
    await house.store.records.insert('purgedRoom', mark);
    await house.app.purge.sweep();
    expect(await house.store.records.get('purgedRoom', roomId)).toBeNull();
    await act(ana, roomId, { type: 'postComment', body: 'still here' });
  });
});

describe('[LIFE5] a removal that is cut short', () => {
  const cuts: Readonly<Record<string, (store: Store<RecordKinds>, cut: () => never) => Store<RecordKinds>>> = {
    'before anything is removed': (store, cut) => ({ ...store, removal: { ...store.removal, draft: cut } }),
    'among the records': (store, cut) => {
      let left = 3;
      const remove: Store<RecordKinds>['records']['remove'] = (kind, id) => ((left -= 1) < 0 ? cut() : store.records.remove(kind, id));
      return { ...store, records: { ...store.records, remove } };
    },
    'before the log of the room': (store, cut) => ({ ...store, removal: { ...store.removal, stream: cut } }),
  };

  test.for(Object.entries(cuts))('%s is finished by the next start; nobody reads what was left', async ([, wrap]) => {
    let broken = true;
    const cut = (): never => {
      throw new StoreUnavailable('cut');
    };
    const first = await start((store) => {
      const halved = wrap(store, cut);
      // Only once the room is marked: what comes before works.
      return {
        ...store,
        removal: {
          stream: (stream) => (broken ? halved : store).removal.stream(stream),
          draft: async (draftId) => (broken ? halved : store).removal.draft(draftId),
        },
        records: { ...store.records, remove: async (kind, id) => (broken ? halved : store).records.remove(kind, id) },
      };
    });
    const { ana, roomId, drafts } = await furnished(first);
    await act(ana, roomId, { type: 'deleteRoom' });
    laterMs = 31 * day;
    await first.app.purge.sweep().catch(() => undefined);
    expect((await first.store.records.get('purgedRoom', roomId))?.state).not.toBe('removed');
    expect(rejectionOf(await new Visitor(first.base).request('GET', `/api/rooms/${roomId}`))).toMatchObject({ code: 'roomDeleted' });
    await first.app.close();
    expect((await doctorOn(first.folder)).findings).toEqual([]);

    broken = false;
    const second = await start(undefined, first);
    expect((await scrubbed(second, roomId))?.state).toBe('removed');
    expect(rowsOf(second.folder, roomId, drafts[0] ?? '')).toEqual([]);
    await second.app.close();
    expect((await doctorOn(second.folder)).findings).toEqual([]);
    expect(existsSync(second.folder)).toBe(true);
  });

  test('[TRU1] what is left of a room that was removed is named by the doctor', async () => {
    const house = await start();
    const { ana, roomId } = await furnished(house);
    await act(ana, roomId, { type: 'deleteRoom' });
    const [first] = await house.store.journal.readCommits({ kind: 'room', id: roomId }, 0, 1);
    laterMs = 31 * day;
    await house.app.purge.sweep();
    await house.app.close();
    const store = await openSqlite({ file: path.join(house.folder, 'shangliang.db') });
    if (first !== undefined) await store.journal.append([{ kind: 'commit', commit: first }]);
    expect((await doctorOn(house.folder)).findings).toEqual([{ what: 'purgedRemains', room: roomId }]);
    await store.removal.stream({ kind: 'room', id: roomId });
    await store.close();
  });
});
