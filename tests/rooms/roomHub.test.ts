import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { LiveRoom } from '#server/rooms/liveRoom.ts';
import { RoomHub } from '#server/socket/roomHub.ts';
import type { RoomSocket } from '#server/socket/roomHub.ts';
import type { Actor } from '#shared/domain/decision.ts';
import type { RoomCommand } from '#shared/domain/facts.ts';
import { Vector } from '#shared/lib/vector.ts';
import { Installation, roomWithBen } from '../support/liveRooms.ts';

const ana: Actor = { kind: 'participant', id: 'ana' };
const ben: Actor = { kind: 'participant', id: 'ben' };
const olga: Actor = { kind: 'participant', id: 'olga' };

const installation = new Installation();
let room: LiveRoom;
let sent = 0;
beforeAll(async () => {
  room = await roomWithBen(await installation.process());
});
afterAll(() => installation.dispose());

const act = (actor: Actor, command: RoomCommand) => room.submit(actor, `act-${(sent += 1)}`, command);

/** Sockets and channels that only note what is sent. */
function aHub() {
  const told: (readonly [to: string, name: string, message: unknown])[] = [];
  const io = { to: (channel: string) => ({ emit: (name: string, message: unknown) => told.push([channel, name, message]) }) };
  const people = { get: () => Promise.resolve(null) };
  const hub = new RoomHub(
    room,
    io as never,
    people as never,
    () => undefined,
    () => undefined,
  );
  let sockets = 0;
  const enter = (actor: Actor): RoomSocket => {
    const id = `socket-${(sockets += 1)}`;
    const note = (name: string, message: unknown) => told.push([id, name, message]);
    const socket = { id, join: () => undefined, leave: () => undefined, disconnect: () => undefined, emit: note };
    const you = hub.you(actor, null);
    if (you === null) throw new Error('may not read');
    hub.enter(socket as never, actor, you);
    return socket as never;
  };
  /** Resolves once everything published so far was told. */
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return { hub, told, enter, settled };
}

/** How many items of vectors are looked at while `work` is done. */
async function lookedAt(work: () => Promise<unknown>): Promise<number> {
  let looked = 0;
  const get = vi.spyOn(Vector.prototype, 'get').mockImplementation(function (this: Vector<unknown>, index: number) {
    looked += 1;
    return this.slice(index, index + 1)[0];
  });
  const { [Symbol.iterator]: each } = Vector.prototype;
  const iterate = vi.spyOn(Vector.prototype, Symbol.iterator).mockImplementation(function* (this: Vector<unknown>) {
    for (const item of { [Symbol.iterator]: () => each.call(this) }) {
      looked += 1;
      yield item;
    }
  });
  try {
    await work();
    return looked;
  } finally {
    get.mockRestore();
    iterate.mockRestore();
  }
}

test('[LRG1] what is published looks at no more comments where many are seated and much was said', async () => {
  await act({ kind: 'system' }, { type: 'admitParticipant', participantId: 'olga', role: 'observer', via: 'guest' });
  const few = aHub();
  for (const actor of [ana, ben, olga]) few.enter(actor);
  const first = await lookedAt(async () => {
    await act(ben, { type: 'postComment', body: 'One of few' });
    await few.settled();
  });
  few.hub.close();
  await Promise.all(Array.from({ length: 300 }, (_, n) => act(ben, { type: 'postComment', body: `Comment ${n}` })));
  const many = aHub();
  for (let n = 0; n < 300; n += 1) many.enter([ana, ben, olga][n % 3] ?? ana);
  many.told.length = 0;
  const later = await lookedAt(async () => {
    await act(ben, { type: 'postComment', body: 'One of many' });
    await many.settled();
  });
  expect(many.told.filter(([, name]) => name === 'room:commits')).toHaveLength(2);
  expect(later).toBe(first);
  expect(first).toBeLessThan(20);
  many.hub.close();
});

test('[LRG1] [VIS2] a change of rights reaches the sockets of whom it concerns, and hidden words their author', async () => {
  const { hub, told, enter, settled } = aHub();
  const [, bens, again, olgas] = [enter(ana), enter(ben), enter(ben), enter(olga)].map(({ id }) => id);
  told.length = 0;
  await act(ana, { type: 'hideComment', comment: 1, reason: { code: 'spam' } });
  await settled();
  const own = told.filter(([, name]) => name === 'you:changed');
  expect(own.map(([to]) => to)).toEqual([bens, again]);
  expect(own[0]?.[2]).toMatchObject({ you: { ownHidden: [{ comment: 1, body: { text: 'One of few' } }] } });

  told.length = 0;
  await act(ana, { type: 'changeRole', participantId: 'ben', role: 'moderator' });
  await settled();
  expect(told.filter(([, name]) => name === 'you:changed').map(([to]) => to)).toEqual([bens, again]);
  // A moderator reads it where it stands.
  expect(told.find(([, name]) => name === 'you:changed')?.[2]).toMatchObject({ you: { audience: 'moderators', ownHidden: [] } });

  told.length = 0;
  await act(ana, { type: 'changeSettings', settings: { visibility: 'private', whoComments: 'members', guests: true } });
  await settled();
  expect(told.some(([, name]) => name === 'room:ended')).toBe(false);
  await act(ana, { type: 'removeParticipant', participantId: 'olga', reason: { code: 'disruption' } });
  await settled();
  expect(told.filter(([, name]) => name === 'room:ended').map(([to]) => to)).toEqual([olgas]);
  expect(hub.participantSockets).toBe(3);
  hub.close();
});
