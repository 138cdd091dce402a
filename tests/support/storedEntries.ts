import type { DatabaseSync } from 'node:sqlite';
import { entryOf, segmentOf } from '#server/store/sqlite/reader.ts';
import type { Row } from '#server/store/sqlite/reader.ts';
import { sameEntry, unpackSegment } from '#server/store/segment.ts';
import type { DraftEntry } from '#server/store/ports.ts';

/** The logs of all drafts in a file, or of one, straight from its tables: what is packed, and what is not. */
export function storedEntries(database: DatabaseSync, draftId: string | null = null): readonly DraftEntry[] {
  const entries = new Map<string, DraftEntry>();
  for (const row of database.prepare('SELECT * FROM draft_segments WHERE ?1 IS NULL OR draft_id = ?1').all(draftId)) {
    for (const entry of unpackSegment(segmentOf(row as Row))) put(entry);
  }
  for (const row of database.prepare('SELECT * FROM draft_entries WHERE ?1 IS NULL OR draft_id = ?1').all(draftId))
    put(entryOf(row as Row));
  return [...entries.values()].sort((a, b) => (a.draftId === b.draftId ? a.ordinal - b.ordinal : a.draftId < b.draftId ? -1 : 1));

  function put(entry: DraftEntry): void {
    const name = `${entry.draftId} ${entry.ordinal}`;
    const there = entries.get(name);
    if (there !== undefined && !sameEntry(there, entry))
      throw new Error(`Entry ${entry.ordinal} of draft ${entry.draftId} is there as two.`);
    entries.set(name, entry);
  }
}
