import { describe, expect, test } from 'vitest';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { Joined } from '#shared/protocol/messages.ts';
import { PROTOCOL_VERSION } from '#shared/protocol/version.ts';
import { RoomConnection } from './connection.ts';
import type { Edges, Phase, RoomSocket } from './connection.ts';

const joined = { head: { seq: 3, hash: 'h' }, commits: [] } as unknown as Joined;
type Reply = { ok: true; packed?: Uint8Array } | { ok: false; rejection: Rejection } | 'silence';

/** A socket that connects, answers joins and breaks when told. */
function aConnection(replies: Reply[], unpack?: Edges['unpack']) {
  const handlers = new Map<string, (argument: unknown) => void>();
  const joins: unknown[] = [];
  const phases: Phase[] = [];
  const commits: unknown[] = [];
  let waiting: { ms: number; run: () => void }[] = [];
  let connects = 0;
  const socket = {
    connected: false,
    on: (event: string, handle: (argument: unknown) => void) => handlers.set(event, handle),
    connect: () => {
      connects += 1;
    },
    disconnect: () => {
      if (!socket.connected) return;
      socket.connected = false;
      handlers.get('disconnect')?.('io client disconnect');
    },
    timeout: () => ({
      emitWithAck: (_event: string, message: unknown) => {
        joins.push(message);
        const reply = replies.shift() ?? 'silence';
        return reply === 'silence' ? Promise.reject(new Error('timeout')) : Promise.resolve(reply.ok ? { ...reply, ...joined } : reply);
      },
    }),
  };
  const connection = new RoomConnection(
    'r1',
    {
      heldHead: () => ({ seq: 2, hash: 'g' }),
      phase: (phase) => phases.push(phase),
      joined: () => commits.push('joined'),
      commits: (list) => commits.push(list),
      presence: () => commits.push('presence'),
      storing: () => undefined,
      you: () => undefined,
      size: () => undefined,
    },
    {
      open: () => Promise.resolve(socket as unknown as RoomSocket),
      later: (ms, run) => {
        const entry = { ms, run };
        waiting.push(entry);
        return () => (waiting = waiting.filter((other) => other !== entry));
      },
      random: () => 0.5,
      unpack,
    },
  );
  const settle = async () => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return {
    connection,
    joins,
    phases,
    commits,
    connects: () => connects,
    waiting: () => waiting.map(({ ms }) => ms),
    tell: (event: string, message: unknown) => handlers.get(event)?.(message),
    open: async () => {
      socket.connected = true;
      handlers.get('connect')?.(undefined);
      await settle();
    },
    break: () => {
      socket.connected = false;
      handlers.get('disconnect')?.('transport close');
    },
    pass: async () => {
      const now = waiting;
      waiting = [];
      now.forEach(({ run }) => run());
      await settle();
    },
    settle,
    start: async () => {
      await connection.start();
      await settle();
    },
  };
}

describe('the connection of a room', () => {
  test('[ROOM2] joins with what is held and is live', async () => {
    const room = aConnection([{ ok: true }]);
    await room.start();
    await room.open();
    expect(room.joins).toEqual([{ v: PROTOCOL_VERSION, roomId: 'r1', lean: true, after: { seq: 2, hash: 'g' } }]);
    expect(room.phases.map(({ name }) => name)).toEqual(['connecting', 'live']);
  });

  test('what is published while a join is under way comes behind its answer', async () => {
    const room = aConnection([{ ok: true }]);
    await room.start();
    const opening = room.open();
    room.tell('room:commits', { commits: ['early'], people: [] });
    await opening;
    expect(room.commits).toEqual(['joined', ['early']]);
  });

  test('[DOOR21] what comes while a packed room is unpacked is told behind it; one that cannot be unpacked is asked for as it is', async () => {
    let unpacked: (snapshot: unknown) => void = () => undefined;
    let failed: (error: Error) => void = () => undefined;
    const unpack = () => new Promise((resolve, reject) => ([unpacked, failed] = [resolve, reject]));
    const packed = { ok: true, packed: new Uint8Array(1) } as const;
    const room = aConnection([packed, packed, { ok: true }], unpack as never);
    await room.start();
    await room.open();
    expect(room.joins).toEqual([{ v: PROTOCOL_VERSION, roomId: 'r1', lean: true, packs: 'gzip', after: { seq: 2, hash: 'g' } }]);
    room.tell('room:presence', { here: [], watching: 1 });
    room.tell('room:commits', { commits: ['early'], people: [] });
    expect(room.commits).toEqual([]);
    unpacked({ title: 'x' });
    await room.settle();
    expect(room.commits).toEqual(['joined', ['early'], 'presence']);
    room.break();
    await room.pass();
    await room.open();
    failed(new Error('no such stream'));
    await room.settle();
    await room.pass();
    await room.open();
    expect(room.joins.map((join) => (join as { packs?: string }).packs)).toEqual(['gzip', 'gzip', undefined]);
    expect(room.phases.at(-1)).toEqual({ name: 'live' });
  });

  test('pauses grow until it is live again, and one waits at a time', async () => {
    const room = aConnection([{ ok: true }, { ok: true }]);
    await room.start();
    await room.open();
    room.break();
    const pauses: number[] = [];
    for (let loss = 0; loss < 4; loss += 1) {
      expect(room.waiting().length).toBe(1);
      pauses.push(...room.waiting());
      await room.pass();
      room.tell('connect_error', new Error('refused'));
    }
    expect(pauses).toEqual([250, 500, 1_000, 2_000]);
    expect(room.phases.at(-1)).toEqual({ name: 'away' });
    await room.open();
    room.break();
    expect(room.waiting()).toEqual([250]);
  });

  test('[DOOR12] who is told that there are too many, or to come later, waits as long and comes back', async () => {
    const room = aConnection([{ ok: true }, { ok: true }]);
    await room.start();
    room.tell('connect_error', Object.assign(new Error('tooFast'), { data: { rejection: { code: 'tooFast', retryAfterMs: 7_000 } } }));
    expect(room.waiting()).toEqual([7_250]);
    await room.pass();
    await room.open();
    room.tell('room:ended', { rejection: { code: 'tooMany', most: 20 } });
    room.break();
    expect(room.waiting()).toEqual([750]);
    expect(room.phases.map(({ name }) => name)).toEqual(['connecting', 'connecting', 'live', 'away']);
  });

  test('[OP7] a server that goes down says over how long to come back; after that the usual pauses', async () => {
    const room = aConnection([{ ok: true }]);
    await room.start();
    await room.open();
    room.tell('room:leaving', { spreadMs: 8_000 });
    room.break();
    expect(room.waiting()).toEqual([4_000]);
    await room.pass();
    room.tell('connect_error', new Error('refused'));
    expect(room.waiting()).toEqual([500]);
  });

  test('a loss while a join waits for its turn connects anew', async () => {
    const room = aConnection([{ ok: false, rejection: { code: 'tooFast', retryAfterMs: 400 } }]);
    await room.start();
    await room.open();
    expect(room.waiting()).toEqual([650]);
    const before = room.connects();
    room.break();
    await room.pass();
    expect(room.connects()).toBe(before + 1);
  });

  test('being asked to hurry does at once what waits', async () => {
    const room = aConnection([{ ok: false, rejection: { code: 'tooFast', retryAfterMs: 400 } }, { ok: true }]);
    await room.start();
    await room.open();
    room.connection.hurry();
    await Promise.resolve();
    expect([room.joins.length, room.waiting()]).toEqual([2, []]);
  });

  test('no answer to a join means another connection', async () => {
    const room = aConnection(['silence']);
    await room.start();
    await room.open();
    const before = room.connects();
    expect(room.waiting().length).toBe(1);
    await room.pass();
    expect(room.connects()).toBe(before + 1);
  });

  test('[ROOM8] a final refusal ends it: nothing is tried any more', async () => {
    const room = aConnection([{ ok: false, rejection: { code: 'removed' } }]);
    await room.start();
    await room.open();
    expect(room.phases.at(-1)).toEqual({ name: 'refused', rejection: { code: 'removed' } });
    room.connection.hurry();
    expect([room.waiting(), room.joins.length]).toEqual([[], 1]);
  });
});
