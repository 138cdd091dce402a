import { MongoBulkWriteError, MongoError, MongoInvalidArgumentError, MongoServerError } from 'mongodb';
import { messageOf } from '../openError.ts';
import { StoreUnavailable } from '../ports.ts';

/** A unique key is taken. Which one is not in the error on every server: read back what is there. */
export function isDuplicateKey(thrown: unknown): boolean {
  if (thrown instanceof MongoBulkWriteError && thrown.result.getWriteConcernError() !== undefined) return false;
  return thrown instanceof MongoServerError && thrown.code === 11000;
}

/** Of an ordered insertMany that met a taken key: how many documents before it went in. Null for any other error. */
export function insertedBeforeDuplicate(thrown: unknown): number | null {
  if (!(thrown instanceof MongoBulkWriteError) || !isDuplicateKey(thrown)) return null;
  const [first] = Array.isArray(thrown.writeErrors) ? thrown.writeErrors : [thrown.writeErrors];
  return first?.code === 11000 ? first.index : null;
}

/** The database is not there, or answered with something other than success; our own mistakes are not among it. */
export function isDatabaseFault(thrown: unknown): thrown is MongoError {
  return thrown instanceof MongoError && !(thrown instanceof MongoInvalidArgumentError);
}

/** StoreUnavailable in place of the database's own error, anything else unchanged. */
export function faultOf(thrown: unknown): unknown {
  return isDatabaseFault(thrown) ? new StoreUnavailable(`The database failed: ${messageOf(thrown)}`, { cause: thrown }) : thrown;
}

/**
 * Waits until `visible` gives something, asking again after short pauses: what beat us may not have reached a majority yet, and
 * whoever is told of it must be able to read it. Rejects with StoreUnavailable when `waitMs` have passed.
 */
export async function untilVisible<T>(visible: () => Promise<T | null>, waitMs: number): Promise<T> {
  const until = performance.now() + waitMs;
  for (;;) {
    const found = await visible();
    if (found !== null) return found;
    if (performance.now() > until) throw new StoreUnavailable('A conflicting write was reported that does not become readable.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
