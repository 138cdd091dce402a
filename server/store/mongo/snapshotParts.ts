import { randomUUID } from 'node:crypto';
import type { Collection, Db, Filter } from 'mongodb';
import { Binary } from 'mongodb';
import type { Eraser } from '../erasing.ts';
import type { Snapshot, Snapshots } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { bytesOf } from './draftLog.ts';
import { makeIndexes } from './indexes.ts';

/** A document holds at most 16 MB and a snapshot may be larger, so it is stored in parts. A snapshot counts once all its parts are there. */
interface PartDocument {
  readonly kind: string;
  readonly id: string;
  readonly position: number;
  readonly version: number;
  readonly sha256: string;
  /** Which put wrote it: two puts at one position never mix their parts. */
  readonly writtenBy: string;
  readonly part: number;
  readonly parts: number;
  readonly bytes: Binary;
}

/** A part of a snapshot is so large at most. */
export const partBytes = 8 * 1024 * 1024;
export const partCollection = 'snapshotParts';

/** Makes the index that the snapshots rest on. */
export async function indexSnapshots(db: Db): Promise<void> {
  const key = { kind: 1, id: 1, position: 1, writtenBy: 1, part: 1 } as const;
  await makeIndexes(db, partCollection, [{ key, unique: true, name: 'part' }]);
}

/** Removes all snapshots of a thing. */
export async function removeSnapshots(db: Db, kind: Snapshot['kind'], id: string): Promise<void> {
  await db.collection<PartDocument>(partCollection).deleteMany({ kind: { $eq: kind }, id: { $eq: id } });
}

/** The snapshots in a database. */
export function createSnapshots(db: Db): Snapshots & Pick<Eraser, 'forgetSnapshots'> {
  const stored: Collection<PartDocument> = db.collection(partCollection);

  /** Where the snapshots of a thing stand of which all parts are there, newest first. */
  async function wholePositions(thing: Filter<PartDocument>): Promise<readonly number[]> {
    const there = new Map<string, number>();
    const found = await stored
      .find(thing, { projection: { _id: 0, bytes: 0 } })
      .sort({ position: -1 })
      .toArray();
    const positions = found.flatMap(({ position, writtenBy, parts }) => {
      const put = `${String(position)} ${writtenBy}`;
      there.set(put, (there.get(put) ?? 0) + 1);
      return there.get(put) === parts ? [position] : [];
    });
    return [...new Set(positions)];
  }

  return {
    async put({ bytes, ...snapshot }) {
      const thing = { kind: { $eq: snapshot.kind }, id: { $eq: snapshot.id } };
      const writtenBy = randomUUID();
      const parts = Math.max(1, Math.ceil(bytes.byteLength / partBytes));
      for (let part = 0; part < parts; part++) {
        const piece = new Binary(bytes.subarray(part * partBytes, (part + 1) * partBytes));
        await stored.insertOne({ ...snapshot, writtenBy, part, parts, bytes: piece });
      }
      const mine = { ...thing, position: { $eq: snapshot.position }, writtenBy: { $eq: writtenBy } };
      const back = whole(
        snapshot.kind,
        await stored
          .find(mine, { projection: { _id: 0 } })
          .sort({ part: 1 })
          .toArray(),
      );
      // Another process may have let it go, as older than two others or for its own at this place; then the rest is its to do.
      if (back === null) return;
      if (Buffer.compare(back.bytes, bytes) !== 0) {
        await stored.deleteMany(mine);
        throw new StoreUnavailable(`The saved state of ${snapshot.kind} ${snapshot.id} does not read back as it was written.`);
      }
      await stored.deleteMany({ ...thing, position: { $eq: snapshot.position }, writtenBy: { $ne: writtenBy } });
      const oldest = (await wholePositions(thing))[1];
      if (oldest !== undefined) await stored.deleteMany({ ...thing, position: { $lt: oldest } });
    },
    async forgetSnapshots(kind, id) {
      await stored.deleteMany({ kind: { $eq: kind }, id: { $eq: id } });
    },
    async latest(kind, id) {
      const found = await stored
        .find({ kind: { $eq: kind }, id: { $eq: id } }, { projection: { _id: 0 } })
        .sort({ position: -1, writtenBy: 1, part: 1 })
        .toArray();
      const puts = new Map<string, PartDocument[]>();
      for (const part of found) {
        const name = `${String(part.position)} ${part.writtenBy}`;
        puts.set(name, [...(puts.get(name) ?? []), part]);
      }
      return [...puts.values()].flatMap((parts) => whole(kind, parts) ?? []).slice(0, 2);
    },
  };
}

/** The snapshot that the parts make up, or null if one of them is missing. */
function whole(kind: Snapshot['kind'], parts: readonly PartDocument[]): Snapshot | null {
  const [first] = parts;
  if (first === undefined || parts.length !== first.parts) return null;
  const { id, position, version, sha256 } = first;
  return { kind, id, position, version, sha256, bytes: Uint8Array.from(Buffer.concat(parts.map(({ bytes }) => bytesOf(bytes)))) };
}
