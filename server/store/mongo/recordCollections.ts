import type { Collection, Db, Filter } from 'mongodb';
import type { StoreLog } from '../openError.ts';
import type { RecordStore } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import type { RecordForm } from '../recordForm.ts';
import { assertIndexed, defaultRecordLimit, indexesOf, recordForm, text } from '../recordForm.ts';
import type { StoredText } from '../readable.ts';
import { parsedRecord, readableRecords } from '../readable.ts';
import type { RecordKinds } from '../records.ts';
import { recordIndexes } from '../records.ts';
import { isDatabaseFault, isDuplicateKey } from './faults.ts';
import { makeIndexes } from './indexes.ts';

/** A record is its JSON text, with what it is found by beside it. */
export interface RecordDocument {
  readonly _id: string;
  readonly rev: number;
  readonly json: string;
  readonly keys: { readonly [field: string]: string };
  readonly expiresAt?: number;
}

export const collectionOf = (kind: string): string => `record_${kind}`;

/** Makes the indexes of every kind of record. */
export async function indexRecords(db: Db): Promise<void> {
  for (const [kind, indexes] of Object.entries(recordIndexes)) {
    const wanted = indexes.map(({ field, unique }) =>
      unique ? { key: { [`keys.${field}`]: 1 }, unique: true, name: field } : { key: { [`keys.${field}`]: 1, _id: 1 }, name: field },
    );
    await makeIndexes(db, collectionOf(kind), [...wanted, { key: { expiresAt: 1 }, name: 'expiresAt' }]);
  }
}

/** The records in a database, one collection per kind. */
export function createRecords(db: Db, log?: StoreLog): RecordStore<RecordKinds> {
  const kindOf = (kind: string): Collection<RecordDocument> => {
    indexesOf(kind);
    return db.collection(collectionOf(kind));
  };
  const stored = ({ _id, json }: RecordDocument): StoredText => ({ id: _id, json });
  const page = async (kind: string, filter: Filter<RecordDocument>, limit: number): Promise<readonly StoredText[]> =>
    (await kindOf(kind).find(filter).sort({ _id: 1 }).limit(limit).toArray()).map(stored);

  return {
    async insert(kind, record) {
      const records = kindOf(kind);
      const form = recordForm(kind, record, record.rev);
      try {
        await records.insertOne(recordDocument(form));
        return 'inserted';
      } catch (thrown) {
        if (isDuplicateKey(thrown)) return 'exists';
        if (!isDatabaseFault(thrown)) throw thrown;
        const stored = await records.findOne({ _id: { $eq: form.id } });
        if (stored?.json === form.json) return 'inserted';
        throw new StoreUnavailable('Whether a record was stored is unknown.', { cause: thrown });
      }
    },
    async get(kind, id) {
      const found = await kindOf(kind).findOne({ _id: { $eq: text('id', id) } });
      return found === null ? null : parsedRecord(kind, stored(found));
    },
    async find(kind, field, value, { after = '', limit = defaultRecordLimit } = {}) {
      assertIndexed(kind, field);
      const key = { [`keys.${field}`]: { $eq: text(field, value) } };
      text('after', after);
      return readableRecords(kind, { after, limit }, (from, most) => page(kind, { ...key, _id: { $gt: from } }, most), log);
    },
    async list(kind, { after = '', limit = defaultRecordLimit } = {}) {
      text('after', after);
      return readableRecords(kind, { after, limit }, (from, most) => page(kind, { _id: { $gt: from } }, most), log);
    },
    async replace(kind, record) {
      const records = kindOf(kind);
      const form = recordForm(kind, record, record.rev + 1);
      const { _id, ...content } = recordDocument(form);
      try {
        const { matchedCount } = await records.replaceOne({ _id: { $eq: _id }, rev: { $eq: record.rev } }, content);
        if (matchedCount === 1) return 'replaced';
        return (await records.findOne({ _id: { $eq: _id } })) === null ? 'absent' : 'conflict';
      } catch (thrown) {
        // Not every server says of an update that it met a taken key, so what is stored is asked in any case.
        if (isDuplicateKey(thrown) || (isDatabaseFault(thrown) && (await isTaken(records, form)))) return 'exists';
        if (!isDatabaseFault(thrown)) throw thrown;
        if ((await records.findOne({ _id: { $eq: _id } }))?.json === form.json) return 'replaced';
        throw new StoreUnavailable('Whether a record was replaced is unknown.', { cause: thrown });
      }
    },
    async remove(kind, id) {
      await kindOf(kind).deleteOne({ _id: { $eq: text('id', id) } });
    },
    async removeExpired(kind, now) {
      // Records that never expire have no such field, and a comparison with a number never matches what is not there.
      return (await kindOf(kind).deleteMany({ expiresAt: { $lte: now } })).deletedCount;
    },
  };
}

/** Whether another record has one of the form's unique values. */
async function isTaken(records: Collection<RecordDocument>, { id, keys }: RecordForm): Promise<boolean> {
  for (const { field, value, unique } of keys) {
    if (!unique) continue;
    const holder = await records.findOne({ [`keys.${field}`]: { $eq: value } }, { projection: { _id: 1 } });
    if (holder !== null && holder._id !== id) return true;
  }
  return false;
}

/** A record as it lies in the database. */
export function recordDocument({ id, rev, json, keys, expiresAt }: RecordForm): RecordDocument {
  const document = { _id: id, rev, json, keys: Object.fromEntries(keys.map(({ field, value }) => [field, value])) };
  return expiresAt === null ? document : { ...document, expiresAt };
}
