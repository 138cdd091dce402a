import type { Commit } from '#shared/domain/commit.ts';
import { upcast } from '#shared/domain/commit.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import { evolve } from '#shared/domain/room.ts';
import type { RoomSnapshot } from '#shared/domain/snapshot.ts';
import { fromSnapshot, wholeSnapshot } from '#shared/domain/snapshot.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { emptyRoom } from '#shared/domain/state.ts';
import { sha256OfBytes } from '#shared/lib/hash.ts';
import { Damaged } from '../store/damaged.ts';
import type { Journal, Snapshot, Snapshots } from '../store/ports.ts';

/** A room's state and where in the log it stands. */
export interface Position {
  readonly state: RoomState;
  readonly seq: number;
  readonly hash: string;
  readonly at: number;
  /** Bytes of all events up to here, as they were written. */
  readonly bytes: number;
}

/** Bytes of a commit's events, as they are stored. */
export function commitBytes({ events }: Pick<Commit, 'events'>): number {
  return events.reduce((sum, { json }) => sum + Buffer.byteLength(json), 0);
}

/** Where a room without a log stands. */
export const emptyPosition: Position = { state: emptyRoom(), seq: 0, hash: '', at: 0, bytes: 0 };

/** Version of the cached fold. Raise it whenever evolve or the state's shape changes: older caches are then ignored. */
export const roomSnapshotVersion = 7;
const PAGE = 500;

/**
 * Reads a room: the newest snapshot that is whole, of this version and of this log, then the tail; without one, the whole log. An
 * unknown room gives the empty state at seq 0. Rejects with StoreUnavailable or Damaged.
 */
export async function loadRoom(journal: Pick<Journal, 'readCommits'>, snapshots: Pick<Snapshots, 'latest'>, id: string): Promise<Position> {
  return (await loadRoomFrom(journal, snapshots, id)).position;
}

/** The same, with where the snapshot stood that it began with; 0 without one. */
export async function loadRoomFrom(
  journal: Pick<Journal, 'readCommits'>,
  snapshots: Pick<Snapshots, 'latest'>,
  id: string,
): Promise<{ readonly position: Position; readonly snapshotSeq: number }> {
  for (const snapshot of await snapshots.latest('room', id)) {
    const position = openRoomSnapshot(snapshot);
    if (position === null) continue;
    const [there, ...tail] = await journal.readCommits({ kind: 'room', id }, position.seq - 1, PAGE);
    // A fold of another history, say of one that was cut off here, must not be carried on.
    if (there?.seq === position.seq && there.hash === position.hash)
      return { position: await foldOn(journal, id, position, tail), snapshotSeq: position.seq };
  }
  const first = await journal.readCommits({ kind: 'room', id }, 0, PAGE);
  return { position: await foldOn(journal, id, emptyPosition, first), snapshotSeq: 0 };
}

/**
 * A position and the commit behind it, and the events of that commit. Throws Damaged where it does not continue the log, or holds what
 * this program cannot fold; whether its hash is right is for the doctor, since that costs as much as everything else together.
 */
export function foldCommit(position: Position, commit: Commit): { readonly position: Position; readonly events: readonly RoomEvent[] } {
  const { id } = commit.stream;
  if (commit.seq !== position.seq + 1 || commit.prevHash !== position.hash)
    throw new Damaged('room', id, `Room ${id}: entry ${position.seq + 1} is missing, or does not continue the one before it.`);
  try {
    const events = commit.events.map(upcast);
    const state = events.reduce((folded, event) => evolve(folded, event, commit), position.state);
    return { position: { state, seq: commit.seq, hash: commit.hash, at: commit.at, bytes: position.bytes + commitBytes(commit) }, events };
  } catch (cause) {
    throw new Damaged('room', id, `Room ${id}: entry ${commit.seq} cannot be read.`, { cause });
  }
}

/** Folds what follows a position: the commits given, and what the log holds behind them. */
async function foldOn(journal: Pick<Journal, 'readCommits'>, id: string, start: Position, first: readonly Commit[]): Promise<Position> {
  let position = start;
  for (let page = first; page.length > 0; page = await journal.readCommits({ kind: 'room', id }, position.seq, PAGE)) {
    for (const commit of page) ({ position } = foldCommit(position, commit));
    // One less than a page: of the first, the commit a snapshot stands on may have been taken off.
    if (page.length < PAGE - 1) break;
  }
  return position;
}

/** The fold a snapshot holds, or null where it is of another version, damaged or no snapshot: then others have to do. */
export function openRoomSnapshot({ version, bytes, sha256 }: Snapshot): Position | null {
  if (version !== roomSnapshotVersion || sha256OfBytes(bytes) !== sha256) return null;
  try {
    const { state, ...rest } = JSON.parse(new TextDecoder().decode(bytes)) as Omit<Position, 'state'> & { state: RoomSnapshot };
    return { ...rest, state: fromSnapshot(state) };
  } catch {
    return null;
  }
}

/** The bytes in which a fold is kept. */
export function roomSnapshotBytes({ state, seq, hash, at, bytes }: Position): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ state: wholeSnapshot(state), seq, hash, at, bytes }));
}

/** Stores the fold at a position as a cache, for the next load. */
export async function saveRoom(snapshots: Snapshots, id: string, position: Position): Promise<void> {
  const bytes = roomSnapshotBytes(position);
  await snapshots.put({ kind: 'room', id, position: position.seq, version: roomSnapshotVersion, sha256: sha256OfBytes(bytes), bytes });
}
