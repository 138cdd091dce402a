import type { Db } from 'mongodb';
import { StoreOpenError } from '../openError.ts';
import { indexCommits } from './commitLog.ts';
import { indexDrafts } from './draftLog.ts';
import { isDuplicateKey } from './faults.ts';
import { indexRecords } from './recordCollections.ts';
import { indexSnapshots } from './snapshotParts.ts';

/**
 * Each step brings a database from the version before to its number (its place here, from 1). Several processes may run one
 * step at once, and one may be cut short, so every step must do no harm when it is done again.
 */
const migrations: readonly ((db: Db) => Promise<void>)[] = [
  // These made indexes, which every start does now; their numbers stay.
  () => Promise.resolve(),
  () => Promise.resolve(),
  () => Promise.resolve(),
  () => Promise.resolve(),
  // From here on entries of drafts may lie in segments, which an earlier program would not look for.
  () => Promise.resolve(),
];

/**
 * Makes every index that is not there. At each start, since on the unique ones rests that nothing is stored twice, and a database
 * that was brought back from a copy may come without them.
 */
async function makeAllIndexes(db: Db): Promise<void> {
  await indexCommits(db);
  await indexDrafts(db);
  await indexSnapshots(db);
  await indexRecords(db);
}

interface MigrationDocument {
  readonly _id: number;
}

/** Brings a database to the newest version, with all its indexes. Rejects with StoreOpenError if it was written by a newer version of this program. */
export async function migrate(db: Db): Promise<void> {
  const done = db.collection<MigrationDocument>('migrations');
  const newest = (await done.findOne({}, { sort: { _id: -1 } }))?._id ?? 0;
  if (newest > migrations.length) {
    throw new StoreOpenError(
      `The database ${db.databaseName} was written by a newer version of this program (format ${String(newest)}, this one knows ${String(migrations.length)}).`,
    );
  }
  for (const [index, step] of migrations.entries()) {
    const number = index + 1;
    if (number <= newest) continue;
    await step(db);
    try {
      await done.insertOne({ _id: number });
    } catch (thrown) {
      if (!isDuplicateKey(thrown)) throw thrown;
    }
  }
  await makeAllIndexes(db);
}
