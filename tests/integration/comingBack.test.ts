import { afterEach, expect, test } from 'vitest';
import { spreadIn } from '#shared/protocol/close.ts';
import { administrator, until } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';
import './house.ts';

let house: InProcess | null = null;
afterEach(async () => {
  await house?.dispose();
  house = null;
});

test('[OP7] a server that goes down tells every connection over how long to come back, on both wires', async () => {
  house = await startInProcess({});
  const ana = await administrator(house.base, house.app.setupSecret ?? '');
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Going', visibility: 'public' });
  const room = await ana.join(roomId);
  const told: number[] = [];
  room.socket.on('room:leaving', ({ spreadMs }) => told.push(spreadMs));
  const draft = await new DraftSocketClient(
    house.base,
    { cookie: ana.cookie ?? '' },
    `${roomId}/${room.joined?.snapshot?.drafts[0]?.id ?? ''}`,
  ).settled();
  let reason = '';
  draft.ws.on('close', (_code, text) => (reason = text.toString()));
  const { app } = house;
  const going = app.close();
  expect(await draft.ended()).toBe(1012);
  await until(() => told.length === 1 && !room.socket.connected, 'the goodbye');
  expect([told[0], spreadIn(reason)]).toEqual([500, 500]);
  await going;
});
