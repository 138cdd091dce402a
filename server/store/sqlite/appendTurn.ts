import type { DatabaseSync } from 'node:sqlite';
import type { Commit } from '#shared/domain/commit.ts';
import type { DraftEntry, JournalOutcome, JournalWrite } from '../ports.ts';
import { inTransaction, isConstraint } from './connection.ts';

/**
 * Prepares the statements of the logs. The function it gives writes one turn in one transaction, with a savepoint for each
 * write, so that one write's conflict touches no other; the transaction holds the write lock, so heads cannot move under it.
 */
export function prepareAppend(database: DatabaseSync): (writes: readonly JournalWrite[]) => readonly JournalOutcome[] {
  const savepoint = database.prepare('SAVEPOINT one_write');
  const release = database.prepare('RELEASE one_write');
  const rollback = database.prepare('ROLLBACK TO one_write');
  const command = database.prepare('SELECT seq FROM commits WHERE stream_kind = ? AND stream_id = ? AND actor_id = ? AND command_id = ?');
  const head = database.prepare('SELECT seq, hash FROM commits WHERE stream_kind = ? AND stream_id = ? ORDER BY seq DESC LIMIT 1');
  const insertCommit = database.prepare(
    `INSERT INTO commits (stream_kind, stream_id, seq, at, actor_id, command_id, command_mac, events, prev_hash, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const lastOrdinal = database.prepare(
    `SELECT coalesce((SELECT max(ordinal) FROM draft_entries WHERE draft_id = ?1),
                     (SELECT max(last) FROM draft_segments WHERE draft_id = ?1), 0) AS ordinal`,
  );
  const insertEntry = database.prepare(
    'INSERT INTO draft_entries (draft_id, ordinal, kind, actor_id, at, bytes, digest, salt, erased) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );

  function commitOutcome({ stream, ...commit }: Commit): JournalOutcome {
    const earlier = command.get(stream.kind, stream.id, commit.actorId, commit.commandId);
    if (earlier !== undefined) return { outcome: 'duplicate', seq: Number(earlier.seq) };
    const last = head.get(stream.kind, stream.id) ?? { seq: 0, hash: '' };
    if (commit.seq !== Number(last.seq) + 1 || commit.prevHash !== last.hash) return { outcome: 'conflict' };
    const events = JSON.stringify(commit.events.map(({ salt, json }) => ({ salt, json })));
    insertCommit.run(
      stream.kind,
      stream.id,
      commit.seq,
      commit.at,
      commit.actorId,
      commit.commandId,
      commit.commandMac,
      events,
      commit.prevHash,
      commit.hash,
    );
    return { outcome: 'appended' };
  }

  function draftOutcome(draftId: string, entries: readonly DraftEntry[]): JournalOutcome {
    let last = Number(lastOrdinal.get(draftId)?.ordinal ?? 0);
    for (const entry of entries) {
      if (entry.draftId !== draftId || entry.ordinal !== last + 1) return { outcome: 'conflict' };
      const { ordinal, kind, actorId, at, bytes, digest, salt = null, erased = null } = entry;
      insertEntry.run(draftId, ordinal, kind, actorId, at, bytes, digest, salt, erased);
      last = ordinal;
    }
    return { outcome: 'appended' };
  }

  function attempt(write: JournalWrite): JournalOutcome {
    savepoint.run();
    let outcome: JournalOutcome = { outcome: 'conflict' };
    try {
      outcome = write.kind === 'commit' ? commitOutcome(write.commit) : draftOutcome(write.draftId, write.entries);
    } catch (thrown) {
      if (!isConstraint(thrown)) throw thrown;
    }
    if (outcome.outcome !== 'appended') rollback.run();
    release.run();
    return outcome;
  }

  return (writes) =>
    inTransaction(database, () => {
      const lost = new Set<string>();
      return writes.map((write) => {
        if (write.kind === 'draft') return attempt(write);
        const stream = `${write.commit.stream.kind}/${write.commit.stream.id}`;
        const outcome: JournalOutcome = lost.has(stream) ? { outcome: 'conflict' } : attempt(write);
        if (outcome.outcome === 'conflict') lost.add(stream);
        return outcome;
      });
    });
}
