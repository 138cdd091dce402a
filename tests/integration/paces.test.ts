import { afterEach, expect, test } from 'vitest';
import type { Limits } from '#shared/domain/limits.ts';
import { administrator, freshCommandId, invited, RoomClient, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import './house.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';

let house: InProcess | null = null;
afterEach(async () => {
  await house?.dispose();
  house = null;
});

let base = '';

async function open(limits: Partial<Limits>): Promise<{ ana: Visitor; roomId: string; room: RoomClient; draftId: string }> {
  house = await startInProcess({ limits });
  base = house.base;
  const ana = await administrator(base, house.app.setupSecret ?? '');
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Full', visibility: 'public' });
  const room = await ana.join(roomId);
  return { ana, roomId, room, draftId: room.joined?.snapshot?.drafts[0]?.id ?? '' };
}

test('[DOOR19] an account makes so many rooms, deleted ones included; an administrator as many as he likes', async () => {
  const { ana, roomId, room } = await open({ roomsPerAccount: 2 });
  const ben = await invited(ana, roomId, 'member', 'ben');
  const ids: string[] = [];
  for (let n = 0; n < 2; n += 1) ids.push((await ben.ok<{ id: string }>('POST', '/api/rooms', { title: `Ben ${n}` })).id);
  const refused = { status: 409, json: { rejection: { code: 'roomLimit', most: 2 } } };
  expect(await ben.request('POST', '/api/rooms', { title: 'Ben 3' })).toEqual(refused);
  const own = await ben.join(ids[0] ?? '');
  await own.act({ type: 'deleteRoom' });
  expect(await ben.request('POST', '/api/rooms', { title: 'Ben 3' })).toEqual(refused);
  for (let n = 0; n < 4; n += 1) await ana.ok('POST', '/api/rooms', { title: `Ana ${n}` });
  // Of many at once no more get through than there is room for.
  const cai = await invited(ana, roomId, 'member', 'cai');
  const many = await Promise.all(Array.from({ length: 8 }, (_, n) => cai.request('POST', '/api/rooms', { title: `Cai ${n}` })));
  expect(many.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(2);
  for (const client of [own, room]) client.close();
});

test('[DOOR18] everybody behind one address has a pace together, on both wires, and what was acknowledged stays', async () => {
  const { ana, roomId, room } = await open({ commandBurstPerAddress: 40, commandsPerSecondPerAddress: 0.1 });
  const ben = await invited(ana, roomId, 'member', 'ben');
  const other = await ben.join(roomId);
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) => (n % 2 === 0 ? room : other).send({ type: 'postComment', body: `comment ${n}` })),
  );
  const acknowledged = answers.flatMap((answer) => (answer.ok ? [answer.seq] : []));
  const refusals = answers.flatMap((answer) => (answer.ok ? [] : [answer.rejection]));
  expect(acknowledged.length).toBeGreaterThan(10);
  expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['tooFast']));
  for (const rejection of refusals) expect(rejection).toMatchObject({ retryAfterMs: expect.any(Number) as number });
  const request = await ana.request('POST', '/api/rooms', { title: 'Now' });
  expect(request).toMatchObject({ status: 429, json: { rejection: { code: 'tooFast' } } });
  // Reading goes on, and what was acknowledged is there.
  const viewer = new RoomClient(base, null, roomId);
  await viewer.join();
  expect(viewer.joined?.snapshot?.comments.length).toBe(acknowledged.length);
  for (const client of [viewer, other, room]) client.close();
});

test('[DOOR18] who goes on although he is told to wait is sent away; what he was acknowledged stays, the rest acts once when it is sent again', async () => {
  const { ana, roomId, room } = await open({ commandsPerSecond: 1, commandBurst: 5, refusalsPerSocket: 20 });
  let gone = false;
  room.socket.on('disconnect', () => (gone = true));
  const ids = Array.from({ length: 200 }, () => freshCommandId());
  const answers = await Promise.allSettled(ids.map((id, n) => room.send({ type: 'postComment', body: `comment ${n}` }, id)));
  await until(() => gone, 'the end of the flood');
  const done = ids.filter((_, n) => {
    const answer = answers[n];
    return answer?.status === 'fulfilled' && answer.value.ok;
  });
  expect(done.length).toBeGreaterThanOrEqual(5);
  const back = await ana.join(roomId);
  expect(back.joined?.snapshot?.comments.length).toBe(done.length);
  const again = await back.send({ type: 'postComment', body: `comment ${ids.indexOf(done[0] ?? '')}` }, done[0]);
  expect(again.ok || again.rejection.code === 'tooFast').toBe(true);
  back.close();
});

test('[DOOR20] an address has so many sockets that joined nothing yet', async () => {
  const { roomId, draftId, room } = await open({ unjoinedSocketsPerAddress: 3, joinTimeoutMs: 60_000 });
  const idle = Array.from({ length: 3 }, () => new RoomClient(base, null, roomId));
  await until(() => idle.every(({ socket }) => socket.connected), 'three that only stand there');
  const late = new RoomClient(base, null, roomId);
  let refused = false;
  late.socket.on('connect_error', () => (refused = true));
  await until(() => refused, 'the refusal');
  expect(await new DraftSocketClient(base, {}, `${roomId}/${draftId}`).ended()).toBe(1013);
  await idle[0]?.join();
  const again = new RoomClient(base, null, roomId);
  await again.join();
  for (const client of [...idle, late, again, room]) client.close();
});
