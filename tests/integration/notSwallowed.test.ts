import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordStore, Store } from '#server/store/ports.ts';
import { StoreUnavailable } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import type { RoomClient, Visitor } from '../support/people.ts';
import { administrator, invited, until } from '../support/people.ts';
import './house.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';

/* The store fails, or does not answer, while the names of those who came are read: what should have been told with them is not lost. */
let house: InProcess;
let ana: Visitor;
let roomId: string;
/** What reading a name does now. */
let names: 'read' | 'fail' | 'hang' = 'read';
let hangs = 0;
let letGo: () => void = () => undefined;
const clients: RoomClient[] = [];

beforeEach(async () => {
  names = 'read';
  house = await startInProcess({ wrap: withNames });
  ana = await administrator(house.base, house.app.setupSecret ?? '');
  roomId = (await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'T', visibility: 'private', whoComments: 'members' })).id;
});
afterEach(async () => {
  names = 'read';
  letGo();
  for (const client of clients.splice(0)) client.close();
  await house.dispose();
});

function withNames(store: Store<RecordKinds>): Store<RecordKinds> {
  const get: RecordStore<RecordKinds>['get'] = async (kind, id) => {
    if (kind === 'person' && names === 'fail') throw new StoreUnavailable('a hiccup');
    if (kind === 'person' && names === 'hang') {
      hangs += 1;
      await new Promise<void>((resolve) => (letGo = resolve));
    }
    return store.records.get(kind, id);
  };
  return { ...store, records: { ...store.records, get } };
}

async function joined(visitor: Visitor): Promise<RoomClient> {
  const client = await visitor.join(roomId);
  clients.push(client);
  return client;
}

const admit = (participantId: string) =>
  house.app.rooms.with(roomId, (room) =>
    room.submit({ kind: 'system' }, `admit-${participantId}`, {
      type: 'admitParticipant',
      participantId,
      role: 'member',
      via: 'invitation',
    }),
  );

test('[ROOM60] whoever was not told something, for the store failed just then, is cut off to come back for all of it', async () => {
  const chair = await joined(ana);
  const { head } = chair.joined ?? { head: { seq: 0, hash: '' } };
  const gone: string[] = [];
  chair.socket.on('disconnect', (reason) => gone.push(reason));
  names = 'fail';
  expect((await admit('cai')).ok).toBe(true);
  await until(() => gone.length > 0, 'the line to be cut');
  names = 'read';
  const back = await joined(ana);
  expect(back.joined?.head.seq).toBe(head.seq + 1);
});

test('[ROOM60] a change of class does not wait for names: who was removed hears nothing more, whatever the store does', async () => {
  const ben = await invited(ana, roomId, 'member', 'ben');
  const own = await joined(ben);
  const chair = await joined(ana);
  const benId = own.joined?.you.participantId ?? '';
  const seen: string[] = [];
  own.socket.on('room:ended', ({ rejection }) => seen.push(rejection.code));
  names = 'hang';
  hangs = 0;
  expect((await admit('cai')).ok).toBe(true);
  await until(() => hangs > 0, 'a name to be asked for');
  await chair.act({ type: 'removeParticipant', participantId: benId, reason: { code: 'disruption' } });
  // Nothing of the store was answered since.
  await until(() => seen.length > 0, 'ben to be told');
  expect(seen).toEqual(['removed']);
  names = 'read';
  letGo();
  const seq = await chair.act({ type: 'postComment', body: 'not for ben' });
  await chair.reached(seq);
  expect(own.commits.map((commit) => commit.seq).filter((one) => one >= seq)).toEqual([]);
});

test('[ROOM60] a listener that fails takes neither the others news nor the acknowledgement with it', async () => {
  const chair = await joined(ana);
  await house.app.rooms.with(roomId, async (room) => {
    const end = room.subscribe(() => {
      throw new Error('a mistake');
    });
    const seq = await chair.act({ type: 'postComment', body: 'heard all the same' });
    await chair.reached(seq);
    end();
  });
});
