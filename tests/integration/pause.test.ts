import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Visitor } from '../support/people.ts';
import { administrator, invited, until } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { draftLog, outcomeOf, roomLog } from './house.ts';

let server: ServerProcess;
let ana: Visitor;
let roomId: string;
beforeAll(async () => {
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(quickPace) } });
  ana = await administrator(server.url, server.setupSecret);
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Paused', visibility: 'public' }));
});
afterAll(() => server.dispose());

test('[PAU1] [STE3] a pause stops both wires behind a barrier, says why, outlives a kill, and lets all go on', async () => {
  const ben = await invited(ana, roomId, 'member', 'ben');
  const chair = await ana.join(roomId);
  const member = await ben.join(roomId);
  const draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
  const open = async (who: Visitor) =>
    (await new DraftSocketClient(server.url, { cookie: who.cookie ?? '' }, `${roomId}/${draftId}`).settled()).synced();
  const barriers = () => draftLog(server.dataDir, draftId).filter(({ kind }) => kind === 'barrier');

  const draft = await open(ben);
  draft.sendUpdate(draft.typed('before the pause'));
  await until(() => draft.saved === 1, 'the first words');
  await member.act({ type: 'postComment', body: 'before the pause' });

  const paused = await chair.act({ type: 'pauseRoom' });
  // The acknowledgement itself says that the barrier stands.
  expect(barriers()).toHaveLength(1);
  await member.reached(paused);
  await until(() => draft.standing?.write === false || draft.closed !== null, 'the word on the draft');
  expect(draft.standing).toMatchObject({ write: false, why: 'roomPaused' });
  const late = draft.typed('typed in the pause');
  draft.sendUpdate(late);
  expect(await draft.ended()).toBeGreaterThanOrEqual(4400);
  for (const command of [
    { type: 'postComment', body: 'x' },
    { type: 'editComment', comment: 1, body: 'y' },
    { type: 'resolveComment', comment: 1 },
    { type: 'gatherSuggestion', ask: 'z', sources: [{ kind: 'comment', comment: 1 }] },
  ] as const) {
    expect([command.type, await outcomeOf(member, command)]).toEqual([command.type, 'roomPaused']);
    // The one who paused writes no more than anybody else.
    expect([command.type, await outcomeOf(chair, command)]).toEqual([command.type, 'roomPaused']);
  }
  // Why may be said afterwards, by who may pause; the same word twice is nothing new.
  expect(await outcomeOf(member, { type: 'pauseRoom', note: 'mine' })).toBe('notAllowed');
  expect(await outcomeOf(chair, { type: 'pauseRoom' })).toBe('alreadySo');
  const told = await chair.act({ type: 'pauseRoom', note: 'A break of ten minutes' });
  expect(await outcomeOf(chair, { type: 'pauseRoom', note: 'A break of ten minutes' })).toBe('alreadySo');
  await member.reached(told);
  // Steering goes on, and so does taking back.
  expect(await outcomeOf(member, { type: 'withdrawComment', comment: 1 })).toBe('ok');
  expect(await outcomeOf(chair, { type: 'closeCommenting' })).toBe('ok');
  expect(await outcomeOf(chair, { type: 'openCommenting' })).toBe('ok');
  // No word by anybody stands behind the first barrier.
  const behind = draftLog(server.dataDir, draftId).filter(({ ordinal }) => ordinal > (barriers()[0]?.ordinal ?? 0));
  expect(behind.filter(({ kind }) => kind === 'update')).toEqual([]);

  chair.close();
  member.close();
  await server.kill();
  await server.start();
  const back = await ben.join(roomId);
  expect(back.joined?.snapshot?.paused).toMatchObject({ note: { text: 'A break of ten minutes' } });
  const again = await open(ben);
  expect(again.standing).toMatchObject({ write: false, why: 'roomPaused' });
  expect(again.text).not.toContain('typed in the pause');
  expect(again.stepOnes).toBe(0);

  const chairBack = await ana.join(roomId);
  await chairBack.act({ type: 'resumeRoom' });
  await until(() => again.standing?.write === true, 'the right to write');
  again.sendUpdate(again.typed('after the pause'));
  await until(() => again.saved === 1, 'the words after the pause');
  expect(await outcomeOf(back, { type: 'postComment', body: 'after the pause' })).toBe('ok');
  const { text } = await ana.ok<{ text: string }>('GET', `/api/rooms/${roomId}/drafts/${draftId}`);
  expect(text).toContain('before the pause');
  expect(text).toContain('after the pause');
  expect(roomLog(server.dataDir, roomId).flatMap(({ types }) => types.filter((type) => /paused|resumed/.test(type)))).toEqual([
    'room.paused',
    'room.paused',
    'room.resumed',
  ]);
  for (const client of [back, chairBack, again, draft]) client.close();
});
