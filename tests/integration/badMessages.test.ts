import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { defaultLimits } from '#shared/domain/limits.ts';
import { command as commandSchema } from '#shared/protocol/schemas.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/version.ts';
import { freshCommandId, RoomClient, until } from '../support/people.ts';
import type { Command } from '../support/everyCommand.ts';
import { everyCommand, sampleAnchor as anchor, sampleReason as reason, sampleSettings as settings } from '../support/everyCommand.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { furnish, logDigest, outcomeOf, roomLog } from './house.ts';
import type { House } from './house.ts';

let house: House;
let chair: RoomClient;
beforeAll(async () => {
  house = await furnish();
  chair = await house.ana.join(house.roomId);
  await chair.act({ type: 'postComment', body: 'the first comment' });
});
afterAll(async () => {
  chair.close();
  await house.server.dispose();
});
const logNow = (): string => logDigest(house.server.dataDir);
const cookie = (): string => house.ana.cookie ?? '';

/** A socket is closed after too many malformed messages: a new one each time. */
async function malformed(name: string, message: unknown, what: string): Promise<void> {
  const client = await house.ana.join(house.roomId);
  const answer: unknown = await client.socket.timeout(10_000).emitWithAck(name as 'room:join', message as never);
  expect(answer, what).toMatchObject({ ok: false, rejection: { code: 'malformed' } });
  client.close();
}

const whole = everyCommand;
const operators = [{ $ne: null }, { $gt: '' }, { $where: '1' }, [], [['x']], 12.5, -1, true, '\u0000', '\ud800'];
const nullable = new Set(['parent', 'stance', 'anchor', 'startsAt']);
/** Fields that may be an empty list, or any text at all. */
const lists = new Set(['mentions', 'clauses', 'sources', 'parts']);

/** An object with an own key that an object literal cannot have. */
function withKey(object: object, key: string): unknown {
  return JSON.parse(`${JSON.stringify(object).slice(0, -1)}${Object.keys(object).length === 0 ? '' : ','}"${key}":{"x":1}}`);
}

describe('[DOOR6] [DOOR5] malformed messages', () => {
  test('every command with each field replaced by what it is not', async () => {
    expect(Object.keys(whole).sort()).toEqual(commandSchema.options.map((option) => option.shape.type.value).sort());
    const before = logNow();
    let tried = 0;
    for (const command of Object.values(whole)) {
      const wrong: unknown[] = [
        { ...command, unknown: 1 },
        withKey(command, '__proto__'),
        withKey(command, 'constructor'),
        [command],
        { ...command, type: `${command.type} ` },
        { ...command, type: { $ne: null } },
      ];
      for (const field of Object.keys(command).filter((name) => name !== 'type')) {
        const others = nullable.has(field) ? operators : [...operators, null];
        // A time before 1970 is a time of the years people live in.
        const isRight = (value: unknown) =>
          (lists.has(field) && Array.isArray(value) && value.length === 0) || (field === 'startsAt' && value === -1);
        for (const value of others) if (!isRight(value)) wrong.push({ ...command, [field]: value });
      }
      for (let from = 0; from < wrong.length; from += 15) {
        const client = await house.ana.join(house.roomId);
        for (const bad of wrong.slice(from, from + 15)) {
          tried += 1;
          expect(await outcomeOf(client, bad as Command), JSON.stringify(bad)).toBe('malformed');
        }
        client.close();
      }
    }
    expect(logNow()).toBe(before);
    console.log(`${tried} malformed commands, each refused by name`);
  });

  test('inside anchors, reasons and settings', async () => {
    const before = logNow();
    const wrong: unknown[] = [
      ...operators.flatMap((value) => [
        { ...whole.postComment, anchor: { ...anchor, quote: value } },
        { ...whole.postComment, anchor: { ...anchor, draftId: value } },
        { ...whole.hideComment, reason: { code: value } },
        { ...whole.changeSettings, settings: { ...settings, visibility: value } },
      ]),
      { ...whole.postComment, anchor: { ...anchor, runs: [[1, 0]] } },
      { ...whole.postComment, anchor: { ...anchor, runs: [[1, 0, 0]] } },
      { ...whole.postComment, anchor: { ...anchor, runs: [[1, -1, 1]] } },
      { ...whole.postComment, anchor: { ...anchor, runs: [[2 ** 60, 0, 1]] } },
      { ...whole.postComment, anchor: withKey(anchor, '__proto__') },
      { ...whole.hideComment, reason: withKey(reason, '__proto__') },
      { ...whole.changeSettings, settings: withKey(settings, 'prototype') },
      { ...whole.changeSettings, settings: { visibility: 'public' } },
      { ...whole.editComment, comment: 1_000_000_001 },
      { ...whole.editComment, comment: '1' },
      { ...whole.editComment, comment: Number.MAX_SAFE_INTEGER },
    ];
    for (const bad of wrong) await malformed('command:send', { commandId: freshCommandId(), command: bad }, JSON.stringify(bad));
    expect(logNow()).toBe(before);
  });

  test('command ids, joins, catch-ups, presence', async () => {
    const before = logNow();
    const command = { type: 'postComment', body: 'x' };
    for (const commandId of [...operators, null, '', 'short', 'x'.repeat(65), 'with space', 'a'.repeat(8) + '\n', '../../../etc']) {
      await malformed('command:send', { commandId, command }, `commandId ${JSON.stringify(commandId)}`);
    }
    const { roomId } = house;
    for (const bad of [
      null,
      'text',
      [],
      {},
      { v: PROTOCOL_VERSION },
      { v: '1', roomId },
      { v: PROTOCOL_VERSION, roomId: { $ne: null } },
      { v: PROTOCOL_VERSION, roomId: 'x'.repeat(65) },
      { v: PROTOCOL_VERSION, roomId, after: 1 },
      { v: PROTOCOL_VERSION, roomId, after: { seq: -1, hash: '' } },
      { v: PROTOCOL_VERSION, roomId, after: { seq: 1, hash: 'xyz' } },
      { v: PROTOCOL_VERSION, roomId, after: { seq: 1 } },
      withKey({ v: PROTOCOL_VERSION, roomId }, '__proto__'),
    ]) {
      await malformed('room:join', bad, JSON.stringify(bad));
    }
    for (const bad of [null, {}, { after: '0' }, { after: -1 }, { after: 1.5 }, { after: 2 ** 53 }, { after: { $gt: 0 } }]) {
      await malformed('room:catchup', bad, JSON.stringify(bad));
    }
    for (const bad of [null, {}, { typing: 'draft ' }, { typing: ['draft'] }, { typing: { $ne: null } }]) {
      await malformed('presence:set', bad, JSON.stringify(bad));
    }
    for (const name of ['room:nope', 'toString', '__proto__', 'constructor', 'hasOwnProperty', '', 'command:send ']) {
      await malformed(name, { commandId: freshCommandId(), command }, `event ${name}`);
    }
    expect(logNow()).toBe(before);
  });

  test('a history that was never there is answered with a snapshot, not believed', async () => {
    const head = chair.joined?.head ?? { seq: 0, hash: '' };
    for (const after of [
      { seq: head.seq, hash: 'f'.repeat(64) },
      { seq: 1_000_000, hash: 'f'.repeat(64) },
      { seq: 0, hash: '' },
    ]) {
      const client = new RoomClient(house.server.url, cookie(), house.roomId);
      const answer = await client.tryJoin(after);
      expect(answer.ok && answer.snapshot !== undefined && answer.commits === undefined, JSON.stringify(after)).toBe(true);
      client.close();
    }
  });

  test('a socket that sends nothing but nonsense is closed, and nobody else notices', async () => {
    const before = logNow();
    const client = await house.ana.join(house.roomId);
    let disconnected = false;
    client.socket.on('disconnect', () => (disconnected = true));
    for (let n = 0; n < 30; n += 1) client.socket.emit('command:send', { nonsense: n } as never, () => undefined);
    await until(() => disconnected, 'the end of the flood');
    const large = await house.ana.join(house.roomId);
    let cut = false;
    large.socket.on('disconnect', () => (cut = true));
    large.socket.emit(
      'command:send',
      { commandId: freshCommandId(), command: { type: 'postComment', body: 'x'.repeat(70_000) } },
      () => undefined,
    );
    await until(() => cut, 'the end of who sent too large a message');
    expect(await outcomeOf(chair, { type: 'supportComment', comment: 999 })).toBe('unknownComment');
    expect(logNow()).toBe(before);
  });

  test('packets that no client of Socket.IO sends', async () => {
    const before = logNow();
    const packets = [
      'x',
      '',
      '9',
      '42',
      '42[',
      '42{}',
      '42["command:send"',
      '42["command:send"]',
      '420["command:send",{"commandId":{"$ne":null}}]',
      '42[{"__proto__":1}]',
      '42["__proto__",{}]',
      '451-["command:send",{"_placeholder":true,"num":0}]',
      '459999-["command:send",{"_placeholder":true,"num":9}]',
      '430[]',
      '44{}',
      '40/admin,',
      '41',
      '4',
      '6',
      `42${'['.repeat(20_000)}`,
      '\u0000\u0001',
    ];
    for (const packet of [...packets, Buffer.from([4, 1, 2, 3]), Buffer.alloc(0)]) {
      const ws = new WebSocket(`${house.server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
        headers: { cookie: cookie(), origin: house.server.url },
      });
      let closed = false;
      let answered = false;
      ws.on('error', () => undefined);
      ws.on('close', () => (closed = true));
      await new Promise((resolve) => ws.on('open', resolve));
      ws.on('message', (data) => {
        const text = (data as Buffer).toString();
        if (text.startsWith('40{')) {
          ws.send(packet);
          // Whatever came of it, the next proper message is answered, or the socket is closed.
          ws.send(`427["room:catchup",{"after":0}]`);
        }
        if (text.startsWith('437')) answered = true;
      });
      ws.send('40');
      await until(() => closed || answered, `an answer or an end after ${packet.toString().slice(0, 40)}`);
      ws.close();
    }
    expect((await fetch(`${house.server.url}/healthz`)).status).toBe(200);
    expect(await outcomeOf(chair, { type: 'supportComment', comment: 999 })).toBe('unknownComment');
    expect(logNow()).toBe(before);
  });

  test('a message that announces bytes ends its connection at once, and waits for none', async () => {
    for (const packet of ['451-["room:catchup",{"_placeholder":true,"num":0}]', '461-7[{"_placeholder":true,"num":0}]']) {
      const ws = new WebSocket(`${house.server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
        headers: { cookie: cookie(), origin: house.server.url },
      });
      let sent = false;
      let closed = false;
      ws.on('error', () => undefined);
      ws.on('close', () => (closed = true));
      ws.on('open', () => ws.send('40'));
      ws.on('message', (data) => {
        if (!(data as Buffer).toString().startsWith('40{')) return;
        ws.send(packet);
        sent = true;
      });
      await until(() => sent, 'a connection');
      // Sooner than those are sent away who join nothing.
      await until(() => closed, `an end after ${packet}`, defaultLimits.joinTimeoutMs * 0.7);
    }
  });
});

describe('[DOOR5] what the room refuses', () => {
  test('[COM7] empty, too long, dangling', async () => {
    const before = logNow();
    const long = (length: number): string => 'x'.repeat(length + 1);
    const draftId = house.draftId;
    const cases: readonly (readonly [Command, string])[] = [
      [{ type: 'postComment', body: '' }, 'emptyText'],
      [{ type: 'postComment', body: ' \n\t　' }, 'emptyText'],
      [{ type: 'postComment', body: long(defaultLimits.commentBytes) }, 'textTooLong'],
      [{ type: 'postComment', body: '长'.repeat(3_500) }, 'textTooLong'],
      [{ type: 'postComment', body: 'x', parent: 999 }, 'unknownComment'],
      [{ type: 'postComment', body: 'x', anchor: { ...anchor, draftId: 'none' } }, 'unknownDraft'],
      [{ type: 'postComment', body: 'x', anchor: { ...anchor, draftId, quote: ' ' } }, 'emptyText'],
      [{ type: 'postComment', body: 'x', anchor: { ...anchor, draftId, quote: long(defaultLimits.quoteLength) } }, 'textTooLong'],
      [{ type: 'postComment', body: 'x', anchor: { ...anchor, draftId, before: long(defaultLimits.quoteLength) } }, 'textTooLong'],
      [
        { type: 'postComment', body: 'x', anchor: { ...anchor, draftId, runs: Array.from({ length: 501 }, (_, n) => [1, n, 1]) } },
        'tooMany',
      ],
      [{ type: 'editComment', comment: 1, body: '' }, 'emptyText'],
      [{ type: 'editComment', comment: 1, body: 'the first comment' }, 'alreadySo'],
      [{ type: 'editComment', comment: 2, body: 'x' }, 'unknownComment'],
      [{ type: 'hideComment', comment: 1, reason: { code: 'other', note: long(defaultLimits.noteLength) } }, 'textTooLong'],
      [{ type: 'restoreComment', comment: 1 }, 'alreadySo'],
      [{ type: 'reopenComment', comment: 1 }, 'alreadySo'],
      [{ type: 'describeRoom', title: '', question: '', background: '' }, 'emptyText'],
      [{ type: 'describeRoom', title: long(200), question: '', background: '' }, 'textTooLong'],
      [{ type: 'describeRoom', title: 'T', question: '', background: long(20_000) }, 'textTooLong'],
      [{ type: 'reopenRoom' }, 'roomOpen'],
      [{ type: 'lockDraft', draftId: 'none' }, 'unknownDraft'],
      [{ type: 'unlockDraft', draftId }, 'alreadySo'],
      [{ type: 'changeRole', participantId: 'none', role: 'member' }, 'unknownParticipant'],
    ];
    for (const [command, code] of cases) expect(await outcomeOf(chair, command), JSON.stringify(command).slice(0, 100)).toBe(code);
    // The last moderator stays one; here there are several, so it is asked in a room of one.
    const { id } = await house.ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Alone' });
    const alone = await house.ana.join(id);
    const after = logNow();
    const participantId = alone.joined?.you.participantId ?? '';
    expect(await outcomeOf(alone, { type: 'changeRole', participantId, role: 'member' })).toBe('lastModerator');
    expect(await outcomeOf(alone, { type: 'muteParticipant', participantId, reason: { code: 'other' } })).toBe('lastModerator');
    expect(await outcomeOf(alone, { type: 'removeParticipant', participantId, reason: { code: 'other' } })).toBe('lastModerator');
    expect(logNow()).toBe(after);
    alone.close();
    expect(roomLog(house.server.dataDir, house.roomId).map(({ seq }) => seq)).toEqual(
      roomLog(house.server.dataDir, house.roomId).map((_, index) => index + 1),
    );
    expect(before).not.toBe('');
  });

  test('[LOG6] the same id again: the same answer for the same content, a refusal for other content', async () => {
    const commandId = freshCommandId();
    const first = await chair.send({ type: 'postComment', body: 'once' }, commandId);
    expect(first.ok).toBe(true);
    const before = logNow();
    for (let n = 0; n < 5; n += 1) expect(await chair.send({ type: 'postComment', body: 'once' }, commandId)).toEqual(first);
    for (const other of [
      { type: 'postComment', body: 'twice' },
      { type: 'postComment', body: 'once', stance: 'for' },
      { type: 'closeRoom' },
    ] as const) {
      expect(await chair.send(other, commandId)).toEqual({ ok: false, rejection: { code: 'commandIdReused' } });
    }
    expect(logNow()).toBe(before);
    // The id is the sender's own: somebody else's same id is another command.
    const member = await house.people.member.join(house.roomId);
    expect(await member.send({ type: 'postComment', body: 'by another' }, commandId)).toMatchObject({ ok: true });
    member.close();
  });

  test('[PART2] in a closed room nothing happens, whoever asks', async () => {
    const { id } = await house.ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Closing' });
    const { path } = await house.ana.ok<{ path: string }>('POST', `/api/rooms/${id}/invitations`, { role: 'member', days: 1 });
    const room = await house.ana.join(id);
    await room.act({ type: 'postComment', body: 'last words' });
    await room.act({ type: 'closeRoom' });
    const { dataDir } = house.server;
    await until(() => roomLog(dataDir, id).some(({ types }) => types.includes('draft.revisionSealed')), 'the seal');
    const before = logNow();
    // Who may close a room may still open it again, put it away and delete it, and erase a text in it.
    const kept = new Set<Command['type']>(['reopenRoom', 'archiveRoom', 'unarchiveRoom', 'deleteRoom', 'undoDeletion', 'eraseText']);
    for (const command of Object.values(whole).filter(({ type }) => !kept.has(type))) {
      expect(await outcomeOf(room, command), command.type).toBe('roomClosed');
    }
    const secret = path.split('#')[1] ?? '';
    expect(await house.people.member.request('POST', '/api/invitations/accept', { secret })).toMatchObject({
      status: 409,
      json: { rejection: { code: 'roomClosed' } },
    });
    expect(await house.ana.request('POST', `/api/rooms/${id}/invitations`, { role: 'member', days: 1 })).toMatchObject({
      json: { rejection: { code: 'roomClosed' } },
    });
    const draftId = room.joined?.snapshot?.drafts[0]?.id ?? '';
    const draft = await new DraftSocketClient(house.server.url, { cookie: cookie() }, `${id}/${draftId}`).settled();
    expect(draft.standing).toMatchObject({ write: false, why: 'roomClosed' });
    await draft.synced();
    draft.sendUpdate(draft.typed('after the end'));
    expect(await draft.ended()).toBe(4403);
    expect(logNow()).toBe(before);
    room.close();
  });
});
