import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Finding } from '#shared/domain/proof/finding.ts';
import { findingWords } from '#shared/protocol/findingWords.ts';
import { examine } from '#server/doctor/examine.ts';
import type { Examination } from '#server/doctor/examine.ts';
import { openDiskFiles } from '#server/files/diskFiles.ts';
import { packSegment } from '#server/store/segment.ts';
import { inspectSqlite } from '#server/store/sqlite/inspectSqlite.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import type { Recorded } from '../support/recordedRoom.ts';
import { recordedRoom } from '../support/recordedRoom.ts';

let recorded: Recorded;

beforeEach(async () => {
  recorded = await recordedRoom();
});
afterEach(() => recorded.installation.dispose());

async function look(): Promise<Examination> {
  const inspection = inspectSqlite(recorded.file);
  try {
    return await examine(inspection, await openDiskFiles(recorded.files));
  } finally {
    await inspection.close();
  }
}

/** Changes the file behind the store's back. */
function damage(sql: string, ...values: readonly (string | number | Uint8Array)[]): void {
  const database = new DatabaseSync(recorded.file, { timeout: 5000 });
  try {
    database.exec('PRAGMA foreign_keys = OFF');
    if (values.length === 0) database.exec(sql);
    else database.prepare(sql).run(...values);
  } finally {
    database.close();
  }
}

describe('[TRU1] the doctor', () => {
  test('finds nothing wrong with a sound installation, and says what it looked at', async () => {
    const { counts, findings, remarks } = await look();
    expect(findings).toEqual([]);
    expect(remarks).toEqual([]);
    expect(counts).toMatchObject({ rooms: 1, drafts: 1, edits: 3, revisions: 1, snapshots: 3, records: 2, files: 1, erasedTexts: 0 });
    expect(counts.entries).toBeGreaterThan(10);
    expect(counts.texts).toBeGreaterThan(8);
  });

  const room = 'r1';
  const firstTime = 'UPDATE commits SET at = at - 100000000 WHERE seq = 1';
  /** What is done to the file behind the store's back, and the first thing that must be named. */
  const damages: readonly (readonly [name: string, sql: string, Partial<Finding>])[] = [
    ['an entry taken out', 'DELETE FROM commits WHERE seq = 5', { what: 'commitMissing', room, seq: 5 } as Finding],
    ['the first entry taken out', 'DELETE FROM commits WHERE seq = 1', { what: 'commitMissing', room, seq: 1 } as Finding],
    ['another author', "UPDATE commits SET actor_id = 'ana' WHERE seq = 4", { what: 'commitChanged', room, seq: 4 } as Finding],
    ['another time', firstTime, { what: 'commitChanged', room, seq: 1 } as Finding],
    ['another command id', "UPDATE commits SET command_id = 'x' WHERE seq = 3", { what: 'commitChanged', room, seq: 3 } as Finding],
    [
      'another text in a comment',
      "UPDATE commits SET events = replace(events, '正门', '后门') WHERE seq = 3",
      { what: 'textChanged', room, seq: 3 } as Finding,
    ],
    [
      'another stance',
      `UPDATE commits SET events = replace(events, '\\"stance\\":null', '\\"stance\\":\\"for\\"') WHERE seq = 3`,
      { what: 'commitChanged', room, seq: 3 } as Finding,
    ],
    ['an event that is none', `UPDATE commits SET events = '[{"salt":"","json":"{"}]' WHERE seq = 6`, { what: 'eventUnreadable', seq: 6 }],
    ['another link to the entry before', "UPDATE commits SET prev_hash = 'f00' WHERE seq = 7", { what: 'commitDetached', seq: 7 }],
    ['an edit taken out', 'DELETE FROM draft_entries WHERE ordinal = 2', { what: 'draftEntryMissing', ordinal: 2 }],
    ['an edit by another', "UPDATE draft_entries SET actor_id = 'ana' WHERE ordinal = 2", { what: 'draftEntryChanged', ordinal: 2 }],
    ['an edit that is none', "UPDATE draft_entries SET bytes = x'ff' WHERE ordinal = 4", { what: 'draftEntryChanged', ordinal: 4 }],
    ['the end of the draft cut off', 'DELETE FROM draft_entries WHERE ordinal >= 4', { what: 'revisionCut', ordinal: 4 }],
    ['edits of no room', "UPDATE draft_entries SET draft_id = 'lost'", { what: 'revisionCut', ordinal: 4 }],
    ['a saved room damaged', "UPDATE snapshots SET bytes = x'00' WHERE kind = 'room' AND position > 12", { what: 'snapshotDamaged' }],
    ['a saved draft damaged', "UPDATE snapshots SET sha256 = 'x' WHERE kind = 'draft'", { what: 'snapshotDamaged', kind: 'draft' }],
    ['a saved draft elsewhere', "UPDATE snapshots SET position = 3 WHERE kind = 'draft'", { what: 'snapshotDiffers', kind: 'draft' }],
    ['a unique index gone', 'DROP INDEX commits_by_command', { what: 'indexMissing' }],
    ['a key of a record changed', "UPDATE record_keys SET value = 'x' WHERE field = 'seatKey' AND id = 'r1-ana'", { what: 'recordKeys' }],
    ['a record that is none', "UPDATE records SET json = '{' WHERE id = 'r1-ben'", { what: 'recordUnreadable', id: 'r1-ben' }],
    ['a key of no record', "DELETE FROM records WHERE id = 'r1-ben'", { what: 'database' }],
  ];
  test.each(damages)('names %s', async (_name, sql, expected) => {
    damage(sql);
    const { findings } = await look();
    expect(findings[0]).toMatchObject(expected);
    for (const language of ['zh', 'en'] as const) expect(findingWords(findings[0] as Finding, language).length).toBeGreaterThan(8);
  });

  test('finds nothing wrong with a draft whose log is packed in part, and names the first of the edits that a damaged part held', async () => {
    const store = await openSqlite({ file: recorded.file });
    const log = await store.journal.readDraft(recorded.draftId, 0, 100);
    for (const [first, last] of [
      [1, 1],
      [2, 3],
    ] as const) {
      expect(await store.packing.lay(packSegment(log[first - 2]?.digest ?? '', log.slice(first - 1, last)))).toBe('laid');
      expect(await store.packing.settle(recorded.draftId)).toBe('settled');
    }
    await store.close();
    expect(await look()).toMatchObject({ findings: [], remarks: [], counts: { drafts: 1, edits: 3 } });
    damage('UPDATE draft_segments SET bytes = zeroblob(40) WHERE first = 2');
    const { findings } = await look();
    expect(findings).toContainEqual({ what: 'draftEntryMissing', draft: recorded.draftId, ordinal: 2, found: 4 });
    expect(findings[0]).toMatchObject({
      what: 'database',
      detail: `Draft ${recorded.draftId}, entries 2 to 3: the packed bytes were changed.`,
    });
    damage('DELETE FROM draft_segments WHERE first = 2');
    expect((await look()).findings[0]).toMatchObject({ what: 'draftEntryMissing', ordinal: 2, found: 4 });
  });

  test('names a draft whose edits were written anew, with digests that fit one another', async () => {
    // Who holds the database can make a new chain of edits; the room's log says that it is not the one that was sealed.
    const { entryDigest } = await import('#server/drafts/entries.ts');
    const database = new DatabaseSync(recorded.file, { timeout: 5000 });
    let before = '';
    for (const row of database.prepare('SELECT * FROM draft_entries ORDER BY ordinal').all()) {
      const kind = row['kind'] as 'update' | 'barrier';
      const ordinal = Number(row['ordinal']);
      const entry = { draftId: recorded.draftId, ordinal, kind, actorId: 'ben', at: Number(row['at']), bytes: row['bytes'] as Uint8Array };
      before = entryDigest(before, entry);
      database.prepare("UPDATE draft_entries SET actor_id = 'ben', salt = NULL, digest = ? WHERE ordinal = ?").run(before, ordinal);
    }
    database.close();
    const { findings } = await look();
    expect(findings[0]).toMatchObject({ what: 'revisionLog', revision: 1, ordinal: 4 });
  });

  test('names a saved state that is whole but not what the log gives', async () => {
    const database = new DatabaseSync(recorded.file, { timeout: 5000 });
    const [row] = database.prepare("SELECT * FROM snapshots WHERE kind = 'room' ORDER BY position DESC").all();
    const bytes = Buffer.from(
      Buffer.from(row?.['bytes'] as Uint8Array)
        .toString('utf8')
        .replace('A ramp', 'A lift'),
    );
    const { sha256OfBytes } = await import('#shared/lib/hash.ts');
    const change = database.prepare('UPDATE snapshots SET bytes = ?, sha256 = ? WHERE kind = ? AND position = ?');
    change.run(bytes, sha256OfBytes(bytes), 'room', Number(row?.['position']));
    database.close();
    expect((await look()).findings[0]).toMatchObject({ what: 'snapshotDiffers', kind: 'room' });
  });

  test('names a background file that is gone, and one that is another', async () => {
    const place = path.join(recorded.files, recorded.fileHash.slice(0, 2), recorded.fileHash);
    writeFileSync(place, 'another');
    expect((await look()).findings).toEqual([{ what: 'fileChanged', room, file: 'file1' }]);
    rmSync(place);
    expect((await look()).findings).toEqual([{ what: 'fileMissing', room, file: 'file1' }]);
  });

  test('[TRU1] as a command it ends with 1 and says which entry, and with 0 where all holds', () => {
    const run = (): { readonly status: number | null; readonly stdout: string } =>
      spawnSync(process.execPath, ['scripts/doctor.ts', recorded.file], { encoding: 'utf8' });
    expect(run()).toMatchObject({ status: 0, stdout: expect.stringContaining('Everything holds.') as string });
    damage('DELETE FROM commits WHERE seq = 9');
    expect(run()).toMatchObject({ status: 1, stdout: expect.stringContaining('Room r1: entry 9 is missing') as string });
  });
});
