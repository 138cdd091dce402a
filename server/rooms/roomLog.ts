import { upcast } from '#shared/domain/commit.ts';
import { evolve } from '#shared/domain/room.ts';
import type { RoomSnapshot } from '#shared/domain/snapshot.ts';
import { fromSnapshot, wholeSnapshot } from '#shared/domain/snapshot.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { emptyRoom } from '#shared/domain/state.ts';
import { sha256OfBytes } from '#shared/lib/hash.ts';
import type { Journal, Snapshots } from '../store/ports.ts';

/** A room's state and where in the log it stands. */
export interface Position {
  readonly state: RoomState;
  readonly seq: number;
  readonly hash: string;
  readonly at: number;
}

/** Version of the cached fold. Raise it whenever evolve or the state's shape changes: older caches are then ignored. */
const SNAPSHOT_VERSION = 3;
const PAGE = 500;

/**
 * Reads a room: the newest snapshot that is whole and of this version, then the tail of the log; without one, the whole log.
 * An unknown room gives the empty state at seq 0.
 */
export async function loadRoom(journal: Journal, snapshots: Snapshots, id: string): Promise<Position> {
  let position = (await cached(snapshots, id)) ?? { state: emptyRoom(), seq: 0, hash: '', at: 0 };
  for (;;) {
    const commits = await journal.readCommits({ kind: 'room', id }, position.seq, PAGE);
    for (const commit of commits) {
      const state = commit.events.map(upcast).reduce((folded, event) => evolve(folded, event, commit), position.state);
      position = { state, seq: commit.seq, hash: commit.hash, at: commit.at };
    }
    if (commits.length < PAGE) return position;
  }
}

async function cached(snapshots: Snapshots, id: string): Promise<Position | null> {
  for (const snapshot of await snapshots.latest('room', id)) {
    if (snapshot.version !== SNAPSHOT_VERSION || sha256OfBytes(snapshot.bytes) !== snapshot.sha256) continue;
    const { state, ...rest } = JSON.parse(new TextDecoder().decode(snapshot.bytes)) as Omit<Position, 'state'> & { state: RoomSnapshot };
    return { ...rest, state: fromSnapshot(state) };
  }
  return null;
}

/** Stores the fold at a position as a cache, for the next load. */
export async function saveRoom(snapshots: Snapshots, id: string, position: Position): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify({ ...position, state: wholeSnapshot(position.state) }));
  await snapshots.put({ kind: 'room', id, position: position.seq, version: SNAPSHOT_VERSION, sha256: sha256OfBytes(bytes), bytes });
}
