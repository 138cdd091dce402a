import type { DatabaseSync } from 'node:sqlite';
import type { Snapshot } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { inTransaction } from './connection.ts';

/**
 * Prepares the writing of snapshots. A new one is put beside those there are, read back and compared; only then the third goes. What
 * does not read back as it was given is taken out again and thrown as StoreUnavailable.
 */
export function prepareSnapshots(database: DatabaseSync): (snapshot: Snapshot) => void {
  const put = database.prepare(
    `INSERT INTO snapshots (kind, id, position, version, sha256, bytes) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (kind, id, position) DO UPDATE SET version = excluded.version, sha256 = excluded.sha256, bytes = excluded.bytes`,
  );
  const read = database.prepare('SELECT sha256, bytes FROM snapshots WHERE kind = ? AND id = ? AND position = ?');
  const takeOut = database.prepare('DELETE FROM snapshots WHERE kind = ? AND id = ? AND position = ?');
  const prune = database.prepare(
    `DELETE FROM snapshots WHERE kind = ?1 AND id = ?2 AND position NOT IN
     (SELECT position FROM snapshots WHERE kind = ?1 AND id = ?2 ORDER BY position DESC LIMIT 2)`,
  );
  return ({ kind, id, position, version, sha256, bytes }) => {
    put.run(kind, id, position, version, sha256, bytes);
    const good = inTransaction(database, () => {
      const stored = read.get(kind, id, position);
      // Another process may have put its own at this place, which has another hash, or let this one go.
      const damaged = stored?.sha256 === sha256 && Buffer.compare(stored.bytes as Uint8Array, bytes) !== 0;
      if (damaged) takeOut.run(kind, id, position);
      else prune.run(kind, id);
      return !damaged;
    });
    if (!good) throw new StoreUnavailable(`The saved state of ${kind} ${id} at ${position} does not read back as it was written.`);
  };
}
