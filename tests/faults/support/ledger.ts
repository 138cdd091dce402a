import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as Y from 'yjs';
import { storedEntries } from '../../support/storedEntries.ts';

/** What the file of an installation holds of one room and one draft of it, read past the server. */
export interface Ledger {
  /** Every commit's sequence number and command, in order. */
  readonly commits: readonly { readonly seq: number; readonly commandId: string; readonly actorId: string; readonly events: string }[];
  readonly ordinals: readonly number[];
  /** The draft, put together from its log alone. */
  readonly doc: Y.Doc;
}

export function readLedger(dataDir: string, roomId: string, draftId: string): Ledger {
  const database = new DatabaseSync(path.join(dataDir, 'shangliang.db'), { readOnly: true });
  try {
    const commits = database
      .prepare("SELECT seq, command_id, actor_id, events FROM commits WHERE stream_kind = 'room' AND stream_id = ? ORDER BY seq")
      .all(roomId)
      .map((row) => ({
        seq: Number(row.seq),
        commandId: String(row.command_id),
        actorId: String(row.actor_id),
        events: String(row.events),
      }));
    const entries = storedEntries(database, draftId);
    const doc = new Y.Doc();
    doc.transact(() => {
      for (const { kind, bytes } of entries) if (kind === 'update') Y.applyUpdate(doc, bytes);
    });
    return { commits, ordinals: entries.map(({ ordinal }) => ordinal), doc };
  } finally {
    database.close();
  }
}

/** Whether numbers run 1, 2, 3, ... without a gap. */
export function isDense(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => number === index + 1);
}

/** How often each thing is there. */
export function countsOf(things: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const thing of things) counts.set(thing, (counts.get(thing) ?? 0) + 1);
  return counts;
}
