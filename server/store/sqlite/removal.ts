import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './connection.ts';

/** What can be removed as a whole: a log, or the snapshots of a thing, by the names of the port. */
export type RemovedThing = {
  readonly from: 'commits' | 'draftEntries' | 'draftSegments' | 'snapshots';
  readonly kind: string;
  readonly id: string;
};

/** Rows of one transaction: between two of them other writes have their turn. */
const rowsAtOnce = 500;

/** Prepares the removal of logs. The function it gives removes some rows and tells whether there may be more. */
export function prepareRemoval(database: DatabaseSync): (thing: RemovedThing) => boolean {
  const statements = {
    commits: database.prepare(
      `DELETE FROM commits WHERE stream_kind = ?1 AND stream_id = ?2 AND seq IN
       (SELECT seq FROM commits WHERE stream_kind = ?1 AND stream_id = ?2 ORDER BY seq DESC LIMIT ?3)`,
    ),
    // Of the kinds of things that have snapshots only drafts have entries.
    draftEntries: database.prepare(
      `DELETE FROM draft_entries WHERE ?1 = 'draft' AND draft_id = ?2 AND ordinal IN
       (SELECT ordinal FROM draft_entries WHERE draft_id = ?2 ORDER BY ordinal DESC LIMIT ?3)`,
    ),
    draftSegments: database.prepare(
      `DELETE FROM draft_segments WHERE ?1 = 'draft' AND draft_id = ?2 AND first IN
       (SELECT first FROM draft_segments WHERE draft_id = ?2 ORDER BY first DESC LIMIT ?3)`,
    ),
    snapshots: database.prepare(
      `DELETE FROM snapshots WHERE kind = ?1 AND id = ?2 AND position IN
       (SELECT position FROM snapshots WHERE kind = ?1 AND id = ?2 LIMIT ?3)`,
    ),
  };
  return ({ from, kind, id }) => {
    return inTransaction(database, () => Number(statements[from].run(kind, id, rowsAtOnce).changes)) === rowsAtOnce;
  };
}
