import { randomUUID } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import { Binary } from 'mongodb';
import type { Eraser } from '../erasing.ts';
import type { Snapshot, Snapshots } from '../ports.ts';
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

  return {
    async put({ bytes, ...snapshot }) {
      const thing = { kind: { $eq: snapshot.kind }, id: { $eq: snapshot.id } };
      const writtenBy = randomUUID();
      const parts = Math.max(1, Math.ceil(bytes.byteLength / partBytes));
      for (let part = 0; part < parts; part++) {
        const piece = new Binary(bytes.subarray(part * partBytes, (part + 1) * partBytes));
        await stored.insertOne({ ...snapshot, writtenBy, part, parts, bytes: piece });
      }
      await stored.deleteMany({ ...thing, position: { $eq: snapshot.position }, writtenBy: { $ne: writtenBy } });
      const positions = await stored.distinct('position', thing);
      const oldest = positions.sort((a, b) => b - a)[1];
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
