import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { People } from '#server/access/people.ts';
import { loadRoom } from '#server/rooms/roomLog.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import { sealCommit } from '#shared/domain/commit.ts';
import type { Commit } from '#shared/domain/commit.ts';
import type { Actor } from '#shared/domain/decision.ts';
import { actorName, systemActor } from '#shared/domain/decision.ts';
import { defaultLimits } from '#shared/domain/limits.ts';
import { decide, evolve } from '#shared/domain/room.ts';
import type { RoomCommand } from '#shared/domain/facts.ts';
import type { Role } from '#shared/domain/participants/roles.ts';

/** Something somebody said elsewhere, to be said in a room. */
export interface Said {
  readonly key: string;
  readonly author: string;
  readonly parent: string | null;
  readonly body: string;
  /** Only its place is known: it is withdrawn as soon as it stands there, so that what answers it stands below a placeholder. */
  readonly lost?: boolean;
}

const BATCH = 500;

/**
 * Fills a room of a stopped server, by the real domain and the real store: people take seats and join, comments are decided one
 * after the other. Gives how many comments the room has then.
 */
export async function fillRoom(dataDir: string, roomId: string, said: readonly Said[], role: Role = 'member'): Promise<number> {
  const store = await openSqlite({ file: path.join(dataDir, 'shangliang.db') });
  const people = new People(store.records, Date.now);
  let { state, seq, hash, at } = await loadRoom(store.journal, store.snapshots, roomId);
  let gathered: Commit[] = [];
  const newSalt = () => randomBytes(16).toString('hex');
  const newId = () => randomBytes(12).toString('hex');

  async function flush(): Promise<void> {
    const outcomes = await store.journal.append(gathered.map((commit) => ({ kind: 'commit', commit }) as const));
    if (outcomes.some(({ outcome }) => outcome !== 'appended')) throw new Error('the store did not take the commits');
    gathered = [];
  }

  async function act(actor: Actor, command: RoomCommand): Promise<void> {
    at = Math.max(at + 1, Date.now());
    const decision = decide(state, command, { actor, now: at, newId, newSalt, limits: defaultLimits });
    if (!decision.ok) throw new Error(`${command.type} was refused: ${JSON.stringify(decision.rejection)}`);
    const stream = { kind: 'room', id: roomId } as const;
    const header = {
      stream,
      seq: seq + 1,
      at,
      actorId: actorName(actor),
      commandId: `fill-${seq + 1}`,
      commandMac: 'fill',
      prevHash: hash,
    };
    const commit = sealCommit(header, decision.events, newSalt);
    state = decision.events.reduce((folded, event) => evolve(folded, event, header), state);
    ({ seq, hash } = commit);
    gathered.push(commit);
    if (gathered.length >= BATCH) await flush();
  }

  try {
    const seats = new Map<string, Actor>();
    for (const author of new Set(said.map((item) => item.author))) {
      const { id } = await people.takeSeat(roomId, `fill:${author}`, author);
      if (!state.participants.has(id)) await act(systemActor, { type: 'admitParticipant', participantId: id, role, via: 'invitation' });
      seats.set(author, { kind: 'participant', id });
    }
    const numbers = new Map<string, number>();
    for (const { key, author, parent, body, lost } of said) {
      const actor = seats.get(author) ?? systemActor;
      await act(actor, { type: 'postComment', body, parent: parent === null ? null : (numbers.get(parent) ?? null) });
      const comment = state.comments.length;
      numbers.set(key, comment);
      if (lost === true) await act(actor, { type: 'withdrawComment', comment });
    }
    if (gathered.length > 0) await flush();
    return state.comments.length;
  } finally {
    await store.close();
  }
}
