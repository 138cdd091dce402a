import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultLimits } from '#shared/domain/limits.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import type { LiveRoom } from '#server/rooms/liveRoom.ts';
import { Rooms } from '#server/rooms/rooms.ts';
import { createGroupCommit } from '#server/store/groupCommit.ts';
import type { Journal, Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';

export interface Process {
  readonly rooms: Rooms;
  readonly store: Store<RecordKinds>;
  readonly failures: unknown[];
}

/** Rooms on a real SQLite file, as one process has them; several may share the file. */
export class Installation {
  readonly file = path.join(mkdtempSync(path.join(tmpdir(), 'shangliang-rooms-')), 'test.db');
  readonly #stores: Store<RecordKinds>[] = [];

  async process(
    options: {
      readonly journal?: (real: Journal) => Journal;
      readonly afterCommit?: (room: LiveRoom, events: readonly RoomEvent[]) => Promise<void>;
    } = {},
  ): Promise<Process> {
    const store = await openSqlite({ file: this.file });
    this.#stores.push(store);
    const journal = options.journal?.(store.journal) ?? store.journal;
    const failures: unknown[] = [];
    const rooms = new Rooms({
      journal,
      snapshots: store.snapshots,
      commits: createGroupCommit(journal, { turnMs: 5 }),
      mac: (payload) => createHmac('sha256', 'test').update(payload).digest('hex'),
      now: Date.now,
      newId: () => randomBytes(12).toString('hex'),
      newSalt: () => randomBytes(16).toString('hex'),
      limits: defaultLimits,
      idleMs: 60_000,
      afterCommit: (room, _seq, events) => options.afterCommit?.(room, events) ?? Promise.resolve(),
      markEnds: () => Promise.resolve(),
      onStoreFailed: (error) => failures.push(error),
      onPublication: () => undefined,
    });
    return { rooms, store, failures };
  }

  async dispose(): Promise<void> {
    for (const store of this.#stores) await store.close();
    rmSync(path.dirname(this.file), { recursive: true, force: true });
  }
}

export const settings = { visibility: 'public', whoComments: 'members', guests: true } as const;

/** The command that makes the room of `roomWithBen`, sent as `create-` and its id. */
export const creation = { type: 'createRoom', creatorId: 'ana', title: 'T', question: '', background: '', settings } as const;

/** A room of Ana's with Ben as a member. */
export async function roomWithBen(process: Process, id = 'r1'): Promise<LiveRoom> {
  const { room } = await process.rooms.hold(id);
  const ana = { kind: 'participant', id: 'ana' } as const;
  await room.submit(ana, `create-${id}`, creation);
  await room.submit({ kind: 'system' }, `admit-ben-${id}`, {
    type: 'admitParticipant',
    participantId: 'ben',
    role: 'member',
    via: 'invitation',
  });
  return room;
}
