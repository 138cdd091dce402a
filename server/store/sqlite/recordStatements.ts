import type { DatabaseSync } from 'node:sqlite';
import type { RecordForm } from '../recordForm.ts';
import { inTransaction, isConstraint } from './connection.ts';

/** What changes records, each in a transaction of its own. */
export interface RecordStatements {
  insert(kind: string, form: RecordForm): 'inserted' | 'exists';
  /** Stores the form if the stored rev is still `expectedRev`. */
  replace(kind: string, form: RecordForm, expectedRev: number): 'replaced' | 'conflict' | 'absent' | 'exists';
  remove(kind: string, id: string): void;
  removeExpired(kind: string, now: number): number;
}

/** Prepares the statements that change records. */
export function prepareRecords(database: DatabaseSync): RecordStatements {
  const insertRecord = database.prepare('INSERT INTO records (kind, id, rev, json, expires_at) VALUES (?, ?, ?, ?, ?)');
  const insertKey = database.prepare('INSERT INTO record_keys (kind, field, value, id, uniq) VALUES (?, ?, ?, ?, ?)');
  const removeKeys = database.prepare('DELETE FROM record_keys WHERE kind = ? AND id = ?');
  const storedRev = database.prepare('SELECT rev FROM records WHERE kind = ? AND id = ?');
  const updateRecord = database.prepare('UPDATE records SET rev = ?, json = ?, expires_at = ? WHERE kind = ? AND id = ?');
  const removeRecord = database.prepare('DELETE FROM records WHERE kind = ? AND id = ?');
  const removeOld = database.prepare('DELETE FROM records WHERE kind = ? AND expires_at IS NOT NULL AND expires_at <= ?');

  const insertKeys = (kind: string, form: RecordForm): void => {
    for (const { field, value, unique } of form.keys) insertKey.run(kind, field, value, form.id, unique ? 1 : 0);
  };
  const unlessTaken = <T>(work: () => T): T | 'exists' => {
    try {
      return inTransaction(database, work);
    } catch (thrown) {
      if (isConstraint(thrown)) return 'exists';
      throw thrown;
    }
  };

  return {
    insert: (kind, form) =>
      unlessTaken(() => {
        insertRecord.run(kind, form.id, form.rev, form.json, form.expiresAt);
        insertKeys(kind, form);
        return 'inserted' as const;
      }),
    replace: (kind, form, expectedRev) =>
      unlessTaken(() => {
        const stored = storedRev.get(kind, form.id);
        if (stored === undefined) return 'absent' as const;
        if (stored.rev !== expectedRev) return 'conflict' as const;
        updateRecord.run(form.rev, form.json, form.expiresAt, kind, form.id);
        removeKeys.run(kind, form.id);
        insertKeys(kind, form);
        return 'replaced' as const;
      }),
    remove: (kind, id) => {
      removeRecord.run(kind, id);
    },
    removeExpired: (kind, now) => Number(removeOld.run(kind, now).changes),
  };
}
