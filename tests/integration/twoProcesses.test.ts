import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RoomCommand } from '#shared/domain/facts.ts';
import type { RoomClient } from '../support/people.ts';
import { accountOf, administrator, invited, suspend, until, Visitor } from '../support/people.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { DraftSocketClient } from './draftSocket.ts';

/* Two servers on one store. On the second one people only listen: nothing they do could make it look. */

/** How soon what happened in one process is known in the other. A timing fails nothing, except far beyond. */
const WITHIN_MS = 2_000;
const WATCHDOG = 10;
const password = 'correct horse battery';
const reason = { code: 'disruption' } as const;

let here: ServerProcess;
let there: ServerProcess;
let ana: Visitor;
let chair: RoomClient;
let roomId: string;
let draftId: string;
const waits: number[] = [];
beforeAll(async () => {
  here = await ServerProcess.start();
  there = await ServerProcess.start({ beside: here });
  ana = await administrator(here.url, here.setupSecret);
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Two doors', visibility: 'private' }));
  chair = await ana.join(roomId);
  draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
});
afterAll(async () => {
  chair.close();
  await there.kill();
  await here.dispose();
  console.log(`the other process knew after at most ${Math.max(...waits).toFixed(0)} ms (target ${WITHIN_MS})`);
});

/** A member who came in at the first process and sits at the second. */
async function across(handle: string) {
  const home = await invited(ana, roomId, 'member', handle);
  const visitor = new Visitor(there.url);
  visitor.cookie = home.cookie;
  const client = await visitor.join(roomId);
  const draft = await (await new DraftSocketClient(there.url, { cookie: visitor.cookie ?? '' }, `${roomId}/${draftId}`).settled()).synced();
  let ended = '';
  client.socket.on('room:ended', ({ rejection }) => (ended = rejection.code));
  return { home, client, draft, participantId: client.joined?.you.participantId ?? '', ended: () => ended };
}

async function known(what: string, condition: () => boolean): Promise<void> {
  const begun = performance.now();
  await until(condition, what, WITHIN_MS * WATCHDOG);
  waits.push(performance.now() - begun);
}

describe('[ST22] what one process stored reaches those who listen at another', () => {
  test('comments and words', async () => {
    const ben = await across('listens');
    const { seq } = ben.client.joined?.head ?? { seq: 0 };
    await chair.act({ type: 'postComment', body: 'said here' });
    await known('a comment', () => ben.client.commits.length > 0);
    expect(ben.client.commits[0]?.seq).toBe(seq + 1);
    const typist = await (await new DraftSocketClient(here.url, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled()).synced();
    typist.sendUpdate(typist.typed('written here'));
    await known('words', () => ben.draft.text.includes('written here'));
    expect(ben.draft.standing?.write).toBe(true);
    for (const one of [typist, ben.draft, ben.client]) one.close();
  });

  const losses: Readonly<Record<string, (participantId: string) => RoomCommand>> = {
    muted: (participantId) => ({ type: 'muteParticipant', participantId, reason }),
    'made an observer': (participantId) => ({ type: 'changeRole', participantId, role: 'observer' }),
  };
  test.each(Object.entries(losses))('[PART4] %s', async (what, act) => {
    const { client, draft, participantId } = await across(`loses-${Object.keys(losses).indexOf(what)}`);
    expect(draft.standing?.write).toBe(true);
    await chair.act(act(participantId));
    await known('the end of the right to write', () => draft.standing?.write === false);
    draft.sendUpdate(draft.typed('too late'));
    await until(() => draft.closed !== null, 'the end of who writes on');
    expect((await ana.ok<{ text: string }>('GET', `/api/rooms/${roomId}/drafts/${draftId}`)).text).not.toContain('too late');
    client.close();
  });

  test('[PART4] removed: out on both wires', async () => {
    const gone = await across('removed');
    await chair.act({ type: 'removeParticipant', participantId: gone.participantId, reason });
    await known('the end on both wires', () => gone.ended() !== '' && gone.draft.closed !== null);
    expect([gone.ended(), gone.draft.closed]).toEqual(['removed', 4440]);
  });

  test('[SUS1] [SUS3] account suspended: out on both wires, whichever the process sees first, the sign-in that ended or the word in the room', async () => {
    const gone = await across('suspended');
    await suspend(ana, await accountOf(gone.home));
    await known('the end on both wires', () => gone.ended() !== '' && gone.draft.closed !== null);
    expect(['accountSuspended', 'signInNeeded']).toContain(gone.ended());
    expect(gone.draft.closed).toBe(4440);
  });

  const ways: Readonly<Record<string, (visitor: Visitor) => Promise<unknown>>> = {
    'signed out': (visitor) => visitor.ok('DELETE', '/api/session'),
    'password changed on another device': async (visitor) => {
      const other = new Visitor(visitor.base);
      await other.ok('POST', '/api/session', { handle: 'leaves-1', password });
      await other.ok('PUT', '/api/me/password', { current: password, next: `${password} 2` });
    },
  };
  test.each(Object.entries(ways))('[DOOR10] %s', async (what, end) => {
    const ben = await across(`leaves-${Object.keys(ways).indexOf(what)}`);
    await end(ben.home);
    await known('the end on both wires', () => ben.ended() !== '' && ben.draft.closed !== null);
    expect([ben.ended(), ben.draft.closed]).toEqual(['signInNeeded', 4440]);
  });
});
