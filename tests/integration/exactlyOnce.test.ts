import { afterEach, expect, test } from 'vitest';
import type { RoomCommand } from '#shared/domain/facts.ts';
import { firstBreak } from '#shared/domain/commit.ts';
import type { WireCommit } from '#shared/domain/commit.ts';
import type { Answer } from '#shared/protocol/messages.ts';
import type { RoomClient, Visitor } from '../support/people.ts';
import { administrator, freshCommandId, invited, until } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { draftLog, roomLog } from './house.ts';

let server: ServerProcess;
afterEach(() => server.dispose());

async function open(): Promise<{ ana: Visitor; roomId: string; room: RoomClient; draftId: string }> {
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(quickPace) } });
  const ana = await administrator(server.url, server.setupSecret);
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Once', visibility: 'public' });
  const room = await ana.join(roomId);
  return { ana, roomId, room, draftId: room.joined?.snapshot?.drafts[0]?.id ?? '' };
}

type Sent = { readonly id: string; readonly command: RoomCommand };
const posting = (count: number): readonly Sent[] =>
  Array.from({ length: count }, (_, n) => ({ id: freshCommandId(), command: { type: 'postComment', body: `comment ${n}` } }));

test('[DOOR9] [LOG6] a command sent over and over, at once and over several lines, acts once', async () => {
  const { ana, roomId, room } = await open();
  const second = await ana.join(roomId);
  const sent = posting(40);
  const answers = await Promise.all(
    sent.flatMap(({ id, command }) => [room.send(command, id), second.send(command, id), room.send(command, id)]),
  );
  for (let n = 0; n < sent.length; n += 1) {
    const [one, other, third] = answers.slice(n * 3, n * 3 + 3);
    expect(one).toMatchObject({ ok: true });
    expect([other, third]).toEqual([one, one]);
  }
  const posted = roomLog(server.dataDir, roomId).filter(({ types }) => types.includes('comment.posted'));
  expect(posted.map(({ command_id }) => command_id).sort()).toEqual(sent.map(({ id }) => id).sort());
  for (const client of [room, second]) client.close();
});

test('[DOOR9] [LOG7] kill -9 in the middle: what was acknowledged is there, and resending the rest adds nothing twice', async () => {
  const { ana, roomId, room: first, draftId } = await open();
  let room = first;
  const rounds = process.env.NIGHTLY === '1' ? 20 : 4;
  let allAcked = 0;
  let allWords = 0;
  let allSent = 0;
  for (let round = 0; round < rounds; round += 1) {
    const address = `${roomId}/${draftId}`;
    const draft = await (await new DraftSocketClient(server.url, { cookie: ana.cookie ?? '' }, address).settled()).synced();
    const words: string[] = [];
    const sent: Sent[] = [];
    const acked = new Map<string, Answer<{ seq: number }>>();
    let killed = false;
    const flood = (async () => {
      const under: Promise<void>[] = [];
      while (!killed) {
        for (const one of posting(5)) {
          sent.push(one);
          under.push(
            room.send(one.command, one.id).then(
              (answer) => void (killed || acked.set(one.id, answer)),
              () => undefined,
            ),
          );
        }
        words.push(`round ${round} word ${words.length}`);
        draft.sendUpdate(draft.typed(words.at(-1) ?? ''));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await Promise.allSettled(under);
    })();
    await until(() => acked.size >= 40 + round * 30 && draft.saved >= 3, 'some acknowledgements');
    killed = true;
    const savedWords = words.slice(0, draft.saved);
    await server.kill();
    room.close();
    await flood;
    await server.start();

    const log = roomLog(server.dataDir, roomId);
    const bySent = new Map(log.map(({ command_id, seq }) => [command_id, seq]));
    for (const [id, answer] of acked) expect(answer, id).toEqual({ ok: true, seq: bySent.get(id) });
    const { text } = await ana.ok<{ text: string }>('GET', `/api/rooms/${roomId}/drafts/${draftId}`);
    for (const saved of savedWords) expect(text.split('\n').filter((line) => line === saved)).toHaveLength(1);
    allAcked += acked.size;
    allWords += savedWords.length;

    // Nobody knows what became of the others: each is sent again with its own id.
    room = await ana.join(roomId);
    for (const { id, command } of sent) expect(await room.send(command, id)).toMatchObject({ ok: true });
    for (const [id, answer] of acked) expect(await room.send(sent.find((one) => one.id === id)!.command, id)).toEqual(answer);
    const posted = roomLog(server.dataDir, roomId).filter(({ types }) => types.includes('comment.posted'));
    allSent += sent.length;
    expect(posted).toHaveLength(allSent);
    expect(new Set(posted.map(({ command_id }) => command_id)).size).toBe(posted.length);
  }
  const seqs = roomLog(server.dataDir, roomId).map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  const ordinals = draftLog(server.dataDir, draftId).map(({ ordinal }) => ordinal);
  expect(ordinals).toEqual(ordinals.map((_, index) => index + 1));
  const commits: WireCommit[] = [];
  for (let after = 0; ;) {
    const page = await ana.ok<{ commits: WireCommit[] }>('GET', `/api/rooms/${roomId}/log?after=${after}&limit=500`);
    commits.push(...page.commits);
    after = commits.length;
    if (page.commits.length === 0) break;
  }
  expect(firstBreak(commits, { seq: 0, hash: '' })).toBeNull();
  expect(commits).toHaveLength(seqs.length);
  room.close();
  // Some commands must have been under way, or nothing was proven.
  expect(allAcked).toBeLessThan(allSent);
  console.log(`${rounds} kills: of ${allSent} commands ${allAcked} were acknowledged, and ${allWords} edits; 0 lost, 0 twice`);
});

test('[LOG6] a resend after the right is gone is answered as the first time; a new command is refused', async () => {
  const { ana, roomId, room } = await open();
  const ben = await invited(ana, roomId, 'member', 'ben');
  const client = await ben.join(roomId);
  const participantId = client.joined?.you.participantId ?? '';
  const id = freshCommandId();
  const command = { type: 'postComment', body: 'before' } as const;
  const first = await client.send(command, id);
  expect(first).toMatchObject({ ok: true });
  const refusedId = freshCommandId();
  const reason = { code: 'other' } as const;
  for (const [act, code] of [
    [{ type: 'muteParticipant', participantId, reason }, 'muted'],
    [{ type: 'changeRole', participantId, role: 'observer' }, 'notAllowed'],
    [{ type: 'closeCommenting' }, 'notAllowed'],
    [{ type: 'removeParticipant', participantId, reason }, 'removed'],
    [{ type: 'closeRoom' }, 'removed'],
  ] as const) {
    await room.act(act);
    expect(await client.send(command, id), act.type).toEqual(first);
    expect(await client.send(command, freshCommandId()), act.type).toEqual({ ok: false, rejection: { code } });
    expect(await client.send(command, refusedId), act.type).toEqual({ ok: false, rejection: { code } });
    expect(await client.send({ ...command, body: 'after' }, id), act.type).toEqual({ ok: false, rejection: { code: 'commandIdReused' } });
  }
  // A refused command is not remembered: the same id is judged anew.
  await room.act({ type: 'reopenRoom' });
  await room.act({ type: 'readmitParticipant', participantId });
  await room.act({ type: 'changeRole', participantId, role: 'member' });
  await room.act({ type: 'openCommenting' });
  expect(await client.send(command, refusedId)).toMatchObject({ ok: true });
  for (const one of [client, room]) one.close();
});

test('Ctrl-C in the middle: what was acknowledged is there, nobody is left without an answer or an end', async () => {
  const { ana, roomId, room, draftId } = await open();
  const draft = await (await new DraftSocketClient(server.url, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled()).synced();
  const acked: number[] = [];
  let disconnected = false;
  room.socket.on('disconnect', () => (disconnected = true));
  for (const { id, command } of posting(200)) {
    void room.send(command, id).then(
      (answer) => answer.ok && acked.push(answer.seq),
      () => undefined,
    );
  }
  for (let n = 0; n < 50; n += 1) draft.sendUpdate(draft.typed(`word ${n}`));
  await until(() => acked.length > 10, 'the first acknowledgements');
  expect(await server.stop()).toBe(0);
  await until(() => disconnected && draft.closed !== null, 'the end');
  expect(draft.closed).toBe(1012);
  const log = new Set(roomLog(server.dataDir, roomId).map(({ seq }) => seq));
  expect(acked.filter((seq) => !log.has(seq))).toEqual([]);
  expect(draftLog(server.dataDir, draftId).length).toBeGreaterThanOrEqual(draft.saved);
});
