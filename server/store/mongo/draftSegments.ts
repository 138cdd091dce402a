import type { Db } from 'mongodb';
import { Binary } from 'mongodb';
import type { SegmentPlace } from '../packedLog.ts';
import type { PackedUpTo } from '../packing.ts';
import type { Segment } from '../segment.ts';
import { isDuplicateKey } from './faults.ts';
import { makeIndexes } from './indexes.ts';

/** A segment of a draft's log is one document, far below what a document may hold. */
type SegmentDocument = Omit<Segment, 'bytes'> & { readonly bytes: Binary };

export const segmentCollection = 'draftSegments';

/** Makes the indexes that segments rest on: each begins where the one before ends, so two that overlap begin at the same ordinal. */
export async function indexSegments(db: Db): Promise<void> {
  await makeIndexes(db, segmentCollection, [
    { key: { draftId: 1, first: 1 }, unique: true, name: 'first' },
    { key: { draftId: 1, last: 1 }, name: 'last' },
  ]);
}

/** The segments of drafts in a database. */
export interface Segments {
  packed(draftId: string): Promise<PackedUpTo>;
  /** The first segment that ends behind an ordinal. */
  after(draftId: string, ordinal: number): Promise<SegmentPlace | null>;
  get(draftId: string, first: number): Promise<Segment | null>;
  /** Whether its place was free. */
  insert(segment: Segment): Promise<boolean>;
  /** Puts a segment in the place of the one with the same ends. */
  replace(segment: Segment): Promise<void>;
  remove(draftId: string): Promise<void>;
  all(): AsyncIterable<Segment>;
}

export function createSegments(db: Db): Segments {
  const stored = db.collection<SegmentDocument>(segmentCollection);
  return {
    async packed(draftId) {
      const last = await stored.findOne({ draftId: { $eq: draftId } }, { sort: { last: -1 }, projection: { _id: 0, last: 1, digest: 1 } });
      return last === null ? { ordinal: 0, digest: '' } : { ordinal: last.last, digest: last.digest };
    },
    async after(draftId, ordinal) {
      const projection = { _id: 0, first: 1, last: 1, sha256: 1 };
      const found = await stored.findOne({ draftId: { $eq: draftId }, last: { $gt: ordinal } }, { sort: { last: 1 }, projection });
      return found === null ? null : { first: found.first, last: found.last, sha256: found.sha256 };
    },
    async get(draftId, first) {
      const found = await stored.findOne({ draftId: { $eq: draftId }, first: { $eq: first } }, { projection: { _id: 0 } });
      return found === null ? null : segmentOf(found);
    },
    async insert(segment) {
      try {
        await stored.insertOne(segmentDocument(segment));
        return true;
      } catch (thrown) {
        if (isDuplicateKey(thrown)) return false;
        throw thrown;
      }
    },
    async replace(segment) {
      const { draftId, first, last } = segment;
      await stored.replaceOne({ draftId: { $eq: draftId }, first: { $eq: first }, last: { $eq: last } }, segmentDocument(segment));
    },
    async remove(draftId) {
      await stored.deleteMany({ draftId: { $eq: draftId } });
    },
    async *all() {
      for await (const found of stored.find({}, { projection: { _id: 0 } }).sort({ draftId: 1, first: 1 })) yield segmentOf(found);
    },
  };
}

/** A segment as it lies in the database. */
export function segmentDocument({ draftId, first, last, before, digest, sha256, bytes }: Segment): SegmentDocument {
  return { draftId, first, last, before, digest, sha256, bytes: new Binary(bytes) };
}

function segmentOf({ draftId, first, last, before, digest, sha256, bytes }: SegmentDocument): Segment {
  return { draftId, first, last, before, digest, sha256, bytes: Uint8Array.from(bytes.value()) };
}
