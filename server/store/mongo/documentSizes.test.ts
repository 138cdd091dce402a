import { randomBytes } from 'node:crypto';
import { BSON, Binary } from 'mongodb';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '#shared/domain/limits.ts';
import { createGroupCommit } from '../groupCommit.ts';
import { commitTakes, entryTakes, mostCommitBytes, mostEntryBytes } from '../entryBounds.ts';
import type { DraftEntry, JournalWrite } from '../ports.ts';
import { recordForm } from '../recordForm.ts';
import type { PurgedRoomRecord } from '../records.ts';
import { commitDocument } from './commitLog.ts';
import { packSegment } from '../segment.ts';
import { runDocument } from './draftLog.ts';
import { segmentDocument } from './draftSegments.ts';
import { recordDocument } from './recordCollections.ts';
import { partBytes } from './snapshotParts.ts';

/** What MongoDB takes as one document. */
const mostOfMongo = 16 * 1024 * 1024;
const hex = (length: number): string => 'f'.repeat(length);
const id = hex(64);
const sizeOf = (document: object): number => BSON.calculateObjectSize(document);

function entry(ordinal: number, bytes: number): DraftEntry {
  const content = { kind: 'update', actorId: id, at: 8.64e15, bytes: new Uint8Array(bytes), digest: hex(64), salt: hex(64) } as const;
  return { draftId: id, ordinal, ...content };
}

function commitOf(...events: readonly string[]): ReturnType<typeof commitDocument> {
  return commitDocument({
    ...{ stream: { kind: 'room', id }, seq: 1e12, at: 8.64e15, actorId: id, commandId: hex(256), commandMac: hex(256) },
    ...{ prevHash: hex(64), hash: hex(64), events: events.map((json) => ({ salt: hex(64), json })) },
  });
}

describe('[ST23] one document of MongoDB', () => {
  test('holds the largest entry of a draft, and as many together as are ever written together', async () => {
    const one = entry(1e9, mostEntryBytes);
    expect(sizeOf(runDocument(id, [one], one.ordinal, one))).toBeLessThan(mostOfMongo);
    // Typed letters: each takes up more beside its bytes than in them.
    expect(sizeOf(runDocument(id, [entry(1, 8)], 1, entry(1, 8)))).toBeLessThan(entryTakes(entry(1, 8)));
    const written: (readonly JournalWrite[])[] = [];
    const commits = createGroupCommit(
      {
        append: (writes) => {
          written.push(writes);
          return Promise.resolve(writes.map(() => ({ outcome: 'appended' as const })));
        },
      },
      { turnMs: 0 },
    );
    const letters = Array.from({ length: 20_000 }, (_, index) => entry(index + 1, 8));
    const waiting = letters.map((letter) => commits.write({ kind: 'draft', draftId: id, entries: [letter] }));
    await Promise.all(waiting);
    expect(written.length).toBeGreaterThan(1);
    for (const write of written.flat()) {
      const first = write.kind === 'draft' ? write.entries[0] : undefined;
      const last = write.kind === 'draft' ? write.entries.at(-1) : undefined;
      if (write.kind !== 'draft' || first === undefined || last === undefined) throw new Error('not of a draft');
      expect(sizeOf(runDocument(id, write.entries, first.ordinal, last))).toBeLessThan(mostOfMongo / 2);
    }
    expect(Math.max(defaultLimits.frameBytes, defaultLimits.joiningFrameBytes)).toBeLessThanOrEqual(mostEntryBytes);
  });

  test('holds a segment of a packed log that ends with the largest entry, of bytes that get no smaller', () => {
    const letters = Array.from({ length: 1_023 }, (_, index) => entry(index + 1, 1_000));
    const large = { ...entry(1_024, 0), bytes: randomBytes(mostEntryBytes) };
    const segment = packSegment('', [...letters, large]);
    expect(sizeOf(segmentDocument(segment))).toBeLessThan(mostOfMongo * 0.75);
  });

  test('holds the largest commit: of a message, of a sealed version with all its clauses, and of what comes from a file', () => {
    const { messageBytes, clausesPerDraft } = defaultLimits;
    // Nothing in a message is spelt longer in a log than six bytes for one.
    expect(sizeOf(commitOf('x'.repeat(6 * messageBytes)))).toBeLessThan(mostCommitBytes);
    const clauses = Array.from({ length: clausesPerDraft }, () => ({ id: [2 ** 32, 2 ** 32], label: '条'.repeat(64) }));
    expect(sizeOf(commitOf(JSON.stringify({ type: 'draft.revisionSealed', clauses })))).toBeLessThan(mostCommitBytes);
    // Few long events or many short ones: a commit takes up no more than is counted for it.
    for (const events of [['x'.repeat(1_000_000)], Array.from({ length: 3_900 }, () => '{"type":"room.closed","v":1}')]) {
      const commit = commitOf(...events);
      expect(sizeOf(commit)).toBeLessThan(commitTakes(commit));
      expect(commitTakes(commit)).toBeLessThan(mostCommitBytes);
    }
  });

  test('holds a part of a snapshot, and the records that grow with a room', () => {
    const part = { kind: 'draft', id, position: 1e12, version: 9, sha256: hex(64), writtenBy: hex(36), part: 9, parts: 9 };
    expect(sizeOf({ ...part, bytes: new Binary(new Uint8Array(partBytes)) })).toBeLessThan(mostOfMongo);
    const { draftsPerRoom, filesPerRoom, backgroundLength, titleLength } = defaultLimits;
    const files = Array.from({ length: filesPerRoom }, () => ({ id, sha256: hex(64) }));
    const draftIds = Array.from({ length: draftsPerRoom }, () => id);
    const purged: PurgedRoomRecord = {
      ...{ id, rev: 9, state: 'removing', entries: 1e12, head: hex(64), deletedBy: id, deletedAt: 8.64e15, visibility: 'private' },
      ...{ draftIds, files, purgedAt: 8.64e15 },
    };
    expect(sizeOf(recordDocument(recordForm('purgedRoom', purged, 9)))).toBeLessThan(mostCommitBytes);
    // What is promised of a file that comes in is refused beyond this.
    const arriving = { id, rev: 0, roomId: id, state: 'arriving', draftIds: ['x'.repeat(mostCommitBytes)], files: [], createdAt: 0 };
    expect(sizeOf(recordDocument(recordForm('arrival', arriving, 0)))).toBeLessThan(mostOfMongo);
    // The line of a room is the longest of the others.
    expect(6 * (backgroundLength + titleLength)).toBeLessThan(mostCommitBytes);
  });
});
