import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { AccountRecord, PersonRecord, SessionRecord } from '#server/store/records.ts';
import { unusualTexts } from './samples.ts';
import type { OpenPlace } from './place.ts';

function account(change: Partial<AccountRecord> = {}): AccountRecord {
  const handle = change.handle ?? `Ana-${randomUUID()}`;
  return {
    id: randomUUID(),
    rev: 0,
    handle,
    handleKey: handle.toLowerCase(),
    displayName: 'Ana',
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
    admin: false,
    createdAt: 1_790_000_000_000,
    ...change,
  };
}

function person(roomId: string, principal: string, change: Partial<PersonRecord> = {}): PersonRecord {
  return { id: randomUUID(), rev: 0, roomId, principal, seatKey: `${roomId}/${principal}`, displayName: 'Ben', createdAt: 1, ...change };
}

function session(expiresAt: number, change: Partial<SessionRecord> = {}): SessionRecord {
  const fields = { use: 'cookie', principal: 'account:1', scopes: ['read', 'write'], label: '', createdAt: 1, seenAt: 1 } as const;
  return { id: randomUUID(), rev: 0, ...fields, expiresAt, ...change };
}

/** What ordinary records promise. `atomicUpdates` tells whether the database keeps conditional updates by several writers apart. */
export function recordContract(shared: () => OpenPlace, atomicUpdates: () => boolean): void {
  describe('records', () => {
    test('[ST10] what is inserted is read back equal, by id and by its indexes, from every process', async () => {
      const { store, place } = shared();
      const other = await place.open();
      const ana = account({ displayName: unusualTexts.join('\n') });
      expect(await store.records.insert('account', ana)).toBe('inserted');
      for (const { records } of [store, other]) {
        expect(await records.get('account', ana.id)).toEqual(ana);
        expect(await records.find('account', 'handleKey', ana.handleKey)).toEqual([ana]);
      }
      expect(await store.records.get('account', randomUUID())).toBeNull();
      expect(await store.records.get('guest', ana.id)).toBeNull();
    });

    test('[ST10] an id that is taken is answered with exists', async () => {
      const { records } = shared().store;
      const ana = account();
      await records.insert('account', ana);
      expect(await records.insert('account', account({ id: ana.id, displayName: 'Not Ana' }))).toBe('exists');
      expect(await records.get('account', ana.id)).toEqual(ana);
    });

    test('[ST10] of twenty who want one unique value at once one gets it', async () => {
      const { store, place } = shared();
      const other = await place.open();
      const handle = `Wanted-${randomUUID()}`;
      const wanting = Array.from({ length: 20 }, () => account({ handle }));
      const answers = await Promise.all(
        wanting.map((record, index) => (index % 2 === 0 ? store : other).records.insert('account', record)),
      );
      expect(answers.filter((answer) => answer === 'inserted')).toHaveLength(1);
      expect(answers.filter((answer) => answer === 'exists')).toHaveLength(19);
      expect(await store.records.find('account', 'handleKey', handle.toLowerCase())).toEqual([wanting[answers.indexOf('inserted')]]);
    });

    test('[ST10] records are found by an index in pages of rising id', async () => {
      const { records } = shared().store;
      const roomId = randomUUID();
      const people = Array.from({ length: 7 }, (_, index) => person(roomId, `account:${String(index)}`));
      for (const one of people) await records.insert('person', one);
      await records.insert('person', person(randomUUID(), 'account:1'));
      const byId = [...people].sort((a, b) => (a.id < b.id ? -1 : 1));
      const first = await records.find('person', 'roomId', roomId, { limit: 3 });
      expect(first).toEqual(byId.slice(0, 3));
      expect(await records.find('person', 'roomId', roomId, { after: first[2]?.id ?? '' })).toEqual(byId.slice(3));
      expect(await records.find('person', 'roomId', randomUUID())).toEqual([]);
    });

    test('[ST10] a whole kind is listed in pages of rising id', async () => {
      const { records } = shared().store;
      const ids = Array.from({ length: 5 }, (_, index) => `listed-${String(index)}`);
      for (const id of ids.toReversed()) await records.insert('installation', { id, rev: 0, value: id });
      expect((await records.list('installation', { limit: 2 })).map(({ id }) => id)).toEqual(ids.slice(0, 2));
      expect((await records.list('installation', { after: 'listed-1' })).map(({ id }) => id)).toEqual(ids.slice(2));
    });

    test('[ST10] a replace raises the rev and moves the indexes', async () => {
      const { records } = shared().store;
      const before = account();
      await records.insert('account', before);
      const handle = `Renamed-${randomUUID()}`;
      const after = { ...before, handle, handleKey: handle.toLowerCase() };
      expect(await records.replace('account', after)).toBe('replaced');
      expect(await records.get('account', before.id)).toEqual({ ...after, rev: 1 });
      expect(await records.find('account', 'handleKey', before.handleKey)).toEqual([]);
      expect(await records.find('account', 'handleKey', after.handleKey)).toEqual([{ ...after, rev: 1 }]);
      expect(await records.insert('account', account({ handle: before.handle }))).toBe('inserted');
    });

    test('[ST10] a replace of an old rev conflicts, of an absent record is absent, onto a taken value exists', async () => {
      const { records } = shared().store;
      const [ana, ben] = [account(), account()];
      await records.insert('account', ana);
      await records.insert('account', ben);
      await records.replace('account', { ...ana, displayName: 'first' });
      expect(await records.replace('account', { ...ana, displayName: 'late' })).toBe('conflict');
      expect(await records.replace('account', account())).toBe('absent');
      expect(await records.replace('account', { ...ana, rev: 1, handleKey: ben.handleKey })).toBe('exists');
      expect(await records.get('account', ana.id)).toEqual({ ...ana, displayName: 'first', rev: 1 });
    });

    test('[ST10] of ten replaces of one rev by two processes one wins', async (context) => {
      if (!atomicUpdates()) context.skip('this server does not keep concurrent updates apart');
      const { store, place } = shared();
      const other = await place.open();
      const ana = account();
      await store.records.insert('account', ana);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? store : other).records.replace('account', { ...ana, displayName: String(index) }),
        ),
      );
      expect(answers.filter((answer) => answer === 'replaced')).toHaveLength(1);
      expect(answers.filter((answer) => answer === 'conflict')).toHaveLength(9);
      expect((await other.records.get('account', ana.id))?.displayName).toBe(String(answers.indexOf('replaced')));
    });

    test('[ST10] what is removed is gone from the indexes too, and its unique values are free', async () => {
      const { records } = shared().store;
      const ana = account();
      await records.insert('account', ana);
      await records.remove('account', ana.id);
      await records.remove('account', ana.id);
      expect(await records.get('account', ana.id)).toBeNull();
      expect(await records.find('account', 'handleKey', ana.handleKey)).toEqual([]);
      expect(await records.insert('account', account({ handle: ana.handle }))).toBe('inserted');
    });

    test('[ST10] what has expired is removed, up to the millisecond, and nothing else', async () => {
      const { records } = shared().store;
      const principal = `account:${randomUUID()}`;
      const [over, now, later] = [session(999, { principal }), session(1000, { principal }), session(1001, { principal })];
      for (const one of [over, now, later]) await records.insert('session', one);
      const lasting = account();
      await records.insert('account', lasting);
      expect(await records.removeExpired('session', 1000)).toBe(2);
      expect(await records.removeExpired('session', 1000)).toBe(0);
      expect(await records.removeExpired('account', Number.MAX_SAFE_INTEGER)).toBe(0);
      expect(await records.find('session', 'principal', principal)).toEqual([later]);
      await records.replace('session', { ...later, expiresAt: 5000 });
      expect(await records.removeExpired('session', 4999)).toBe(0);
      expect(await records.removeExpired('session', 5000)).toBe(1);
    });

    test('[ST11] operators, dots and prototypes inside a record are data', async () => {
      const { records } = shared().store;
      const odd = JSON.parse('{"__proto__":{"admin":true},"constructor":1,"$ne":null,"a.b":{"$gt":""},"":0}') as object;
      const ana = { ...account({ handle: `{"$ne":null}-${randomUUID()}` }), ...odd };
      expect(await records.insert('account', ana)).toBe('inserted');
      const read = await records.get('account', ana.id);
      expect(JSON.stringify(read)).toBe(JSON.stringify(ana));
      expect(read?.admin).toBe(false);
      expect(await records.find('account', 'handleKey', '{"$ne":null}')).toEqual([]);
    });

    test('[ST11] an object in place of a text is refused and matches nothing', async () => {
      const { records } = shared().store;
      await records.insert('account', account());
      for (const hostile of [{ $ne: null }, { $gt: '' }, ['a'], null, undefined, 1, true]) {
        const value = hostile as unknown as string;
        await expect(records.get('account', value)).rejects.toThrow(TypeError);
        await expect(records.find('account', 'handleKey', value)).rejects.toThrow(TypeError);
        await expect(records.insert('account', account({ handleKey: value }))).rejects.toThrow(TypeError);
        await expect(records.insert('account', account({ id: value }))).rejects.toThrow(TypeError);
        await expect(records.replace('account', account({ id: value }))).rejects.toThrow(TypeError);
        await expect(records.remove('account', value)).rejects.toThrow(TypeError);
      }
    });

    test('[ST11] a field without an index and a kind that does not exist are refused', async () => {
      const { records } = shared().store;
      await expect(records.find('account', 'passwordHash', 'x')).rejects.toThrow(TypeError);
      await expect(records.find('account', '$where', 'true')).rejects.toThrow(TypeError);
      for (const kind of ['nothing', '__proto__', 'toString']) {
        await expect(records.get(kind as 'account', 'x')).rejects.toThrow(TypeError);
        await expect(records.list(kind as 'account')).rejects.toThrow(TypeError);
        await expect(records.insert(kind as 'account', account())).rejects.toThrow(TypeError);
      }
    });
  });
}
