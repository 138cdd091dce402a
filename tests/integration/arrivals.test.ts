import path from 'node:path';
import { Readable } from 'node:stream';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readRecord } from '#server/doctor/readRecord.ts';
import { importRecord } from '#server/rooms/recordImport.ts';
import type { Store } from '#server/store/ports.ts';
import { StoreUnavailable } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { administrator, until, Visitor } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import './house.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';
import { doctorOn } from '../support/doctorOn.ts';

let houses: InProcess[] = [];
let given: Awaited<ReturnType<typeof exported>>;
beforeAll(async () => {
  given = await exported();
});
afterEach(async () => {
  for (const house of houses) await house.dispose();
  houses = [];
});

/** A store that dies, or fails once, at a chosen write of an import. */
class Cuts {
  #left = Infinity;
  #dies = false;
  /** Whether the write that was chosen has come. */
  hit = false;

  atWrite(count: number, dies: boolean): void {
    this.#left = count;
    this.#dies = dies;
    this.hit = false;
  }

  never(): void {
    this.#left = Infinity;
  }

  wrap(store: Store<RecordKinds>): Store<RecordKinds> {
    const { journal, records, removal } = store;
    return {
      ...store,
      journal: {
        append: (writes) => this.#write(() => journal.append(writes)),
        readCommits: (...asked) => journal.readCommits(...asked),
        head: (stream) => journal.head(stream),
        findCommand: (...asked) => journal.findCommand(...asked),
        listStreams: (...asked) => journal.listStreams(...asked),
        readDraft: (...asked) => journal.readDraft(...asked),
      },
      records: {
        insert: (kind, record) => this.#write(() => records.insert(kind, record)),
        replace: (kind, record) => this.#write(() => records.replace(kind, record)),
        remove: (kind, id) => this.#write(() => records.remove(kind, id)),
        get: (kind, id) => records.get(kind, id),
        find: (...asked) => records.find(...asked),
        list: (...asked) => records.list(...asked),
        removeExpired: (kind, now) => records.removeExpired(kind, now),
      },
      removal: {
        stream: (stream) => this.#write(() => removal.stream(stream)),
        draft: (draftId) => this.#write(() => removal.draft(draftId)),
      },
    };
  }

  async #write<T>(write: () => Promise<T>): Promise<T> {
    this.#left -= 1;
    if (this.#left === 0) this.hit = true;
    if (this.#dies ? this.#left <= 0 : this.#left === 0) throw new StoreUnavailable('cut');
    return write();
  }
}

/** The export file of a room with two pages of entries, a draft and a background file. */
async function exported(ending: 'closed' | 'open' = 'closed'): Promise<{ readonly roomId: string; readonly file: string }> {
  const house = await startInProcess({});
  const ana = await administrator(house.base, house.app.setupSecret ?? '');
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Entrances', visibility: 'public' });
  const chair = await ana.join(roomId);
  await Promise.all(Array.from({ length: 230 }, (_, index) => chair.act({ type: 'postComment', body: `comment ${index}` })));
  const draft = await new DraftSocketClient(
    house.base,
    { cookie: ana.cookie ?? '' },
    `${roomId}/${chair.joined?.snapshot?.drafts[0]?.id ?? ''}`,
  ).settled();
  await draft.synced();
  draft.sendUpdate(draft.typed('some words'));
  await until(() => draft.saved > 0, 'the draft');
  draft.close();
  const headers = { origin: house.base, 'content-type': 'application/octet-stream', cookie: ana.cookie ?? '' };
  await fetch(`${house.base}/api/rooms/${roomId}/files?name=a.txt`, { method: 'POST', headers, body: 'a content' });
  if (ending === 'closed') await chair.act({ type: 'closeRoom' });
  chair.close();
  const file = await (await fetch(`${house.base}/api/rooms/${roomId}/record`, { headers: { cookie: ana.cookie ?? '' } })).text();
  await house.dispose();
  return { roomId, file };
}

async function bring(ana: Visitor, file: string, as: 'same' | 'new'): Promise<{ readonly status: number; readonly id: string }> {
  const { status, json } = await ana.request('POST', `/api/records?as=${as}`, file, { 'content-type': 'application/x-ndjson' });
  return { status, id: (json as { id?: string }).id ?? '' };
}

/** How many rows there are of all that a room can have. */
function rowsIn(folder: string): Record<string, number> {
  const database = new DatabaseSync(path.join(folder, 'shangliang.db'), { readOnly: true });
  try {
    const kinds = database
      .prepare("SELECT kind, count(*) n FROM records WHERE kind IN ('person','roomFile','checkpoint','roomCard','arrival') GROUP BY kind")
      .all();
    const counted = Object.fromEntries(kinds.map(({ kind, n }) => [String(kind), Number(n)]));
    for (const table of ['commits', 'draft_entries', 'snapshots'])
      counted[table] = Number(database.prepare(`SELECT count(*) n FROM ${table}`).get()?.['n']);
    return counted;
  } finally {
    database.close();
  }
}

/** A house with an administrator that goes on behind each of its ends. */
async function receiving(cuts: Cuts) {
  let house = await startInProcess({ wrap: (store) => cuts.wrap(store) });
  houses.push(house);
  let ana = await administrator(house.base, house.app.setupSecret ?? '');
  return {
    house: () => house,
    ana: () => ana,
    restart: async (): Promise<void> => {
      cuts.never();
      houses.pop();
      await house.app.close();
      house = await startInProcess({ after: house, wrap: (store) => cuts.wrap(store) });
      houses.push(house);
      const { cookie } = ana;
      ana = new Visitor(house.base);
      ana.cookie = cookie;
    },
  };
}

describe('[TRU11] a room that is brought in from a file', () => {
  test('is not there at all where the process ends at any of its writes, and can be brought in again', { timeout: 120_000 }, async () => {
    const { file } = given;
    const cuts = new Cuts();
    const there = await receiving(cuts);
    // What the first start owes is written at its end.
    await there.restart();
    const before = rowsIn(there.house().folder);
    let kills = 0;
    for (;;) {
      cuts.atWrite(kills + 1, true);
      const { status } = await bring(there.ana(), file, 'new');
      expect(cuts.hit).toBe(true);
      kills += 1;
      const looked = await doctorOn(there.house().folder);
      expect(looked.findings).toEqual([]);
      await there.restart();
      if (status === 201) break;
      expect(status).toBe(503);
      expect(looked.remarks.some(({ what }) => what === 'arrivalUnfinished')).toBe(kills > 1);
      expect(rowsIn(there.house().folder), `cut at write ${kills}`).toEqual(before);
    }
    // Only taking back the promise did not come through: the room is there, and the promise is gone.
    const after = rowsIn(there.house().folder);
    const more = Object.entries(after).map(([what, count]) => [what, count - (before[what] ?? 0)]);
    const entries = file.split('\n').filter((line) => line.startsWith('{"is":"commit"')).length;
    // One entry says that it was brought in, and by whom.
    expect(Object.fromEntries(more)).toMatchObject({ person: 2, roomFile: 1, roomCard: 1, commits: entries + 1 });
    expect(after).not.toHaveProperty('arrival');
    expect(kills).toBeGreaterThan(8);
  });

  test('is not there at all where one write failed, and comes in whole the next time', { timeout: 120_000 }, async () => {
    const { roomId, file } = given;
    const cuts = new Cuts();
    const there = await receiving(cuts);
    const before = rowsIn(there.house().folder);
    for (let failed = 1; ; failed += 1) {
      cuts.atWrite(failed, false);
      const { status } = await bring(there.ana(), file, 'same');
      if (status === 201) break;
      expect([status, cuts.hit]).toEqual([503, true]);
      expect(rowsIn(there.house().folder), `write ${failed} failed`).toEqual(before);
      expect((await there.ana().request('GET', `/api/rooms/${roomId}`)).status).toBe(404);
    }
    cuts.never();
    expect((await there.ana().request('GET', `/api/rooms/${roomId}`)).status).toBe(200);
    expect((await bring(there.ana(), file, 'same')).status).toBe(409);
    await there.restart();
    expect((await doctorOn(there.house().folder)).findings).toEqual([]);
  });

  test('[TRU8] comes with the one who brought it in as a moderator, where it is open and he is nobody in it', async () => {
    const { roomId, file } = await exported('open');
    const there = await receiving(new Cuts());
    expect((await bring(there.ana(), file, 'same')).status).toBe(201);
    const chair = await there.ana().join(roomId);
    expect(chair.joined?.you).toMatchObject({ role: 'moderator', displayName: 'Ana', audience: 'moderators' });
    await chair.act({ type: 'postComment', body: 'it goes on here' });
    chair.close();
    await there.restart();
    expect((await doctorOn(there.house().folder)).findings).toEqual([]);
  });

  test('never touches what another room has, whatever ids stand in the file', async () => {
    const { file } = given;
    const there = await receiving(new Cuts());
    expect((await bring(there.ana(), file, 'same')).status).toBe(201);
    const { journal, records } = there.house().store;
    const record = await readRecord(Readable.from(file.trimEnd().split('\n')));
    if ('is' in record) throw new Error('the file does not hold');
    const unused = () => Promise.reject(new Error('something was begun'));
    const arrivals = { clear: () => Promise.resolve(), bring: unused };
    const places = { journal, records, arrivals, files: { put: unused }, purged: { get: () => Promise.resolve(null) }, now: Date.now };
    const other = { ...record, roomId: 'f'.repeat(24), participants: record.proof.participants };
    expect(await importRecord(places, other, null)).toEqual({ code: 'roomExists' });
    expect(await importRecord(places, { ...other, drafts: new Map() }, null)).toEqual({ code: 'roomExists' });
  });
});
