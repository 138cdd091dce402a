import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { sealCommit, upcast } from '#shared/domain/commit.ts';
import type { Commit } from '#shared/domain/commit.ts';
import { makeWords } from '#shared/domain/words.ts';
import { appendCommits, newStream } from './samples.ts';
import { occurrences } from '../support/fileBytes.ts';
import { newSqlitePlace } from './places.ts';

test('[ERA2] after scrubbing no byte of an erased text is in any file of the database, its write-ahead log included', async () => {
  const place = await newSqlitePlace();
  const store = await place.open();
  const stream = newStream();
  const secret = '秘密-secret-7f3a';
  let salts = 0;
  const salt = () => (salts += 1).toString(16).padStart(32, '0');
  let before = { seq: 0, hash: '' };
  // Long texts among short ones: pages overflow, fill up and are split.
  for (let round = 0; round < 6; round++) {
    const commits: Commit[] = [];
    for (let index = 0; index < 40; index++) {
      const text = index % 4 === 0 ? `${secret} ${'长文'.repeat(index * 30)} ${secret}` : `plain ${String(index)}`;
      const event = {
        type: 'comment.posted',
        v: 1,
        comment: 1,
        parent: null,
        stance: null,
        body: makeWords(text, salt()),
        anchor: null,
      } as const;
      const header = {
        stream,
        at: 1,
        actorId: 'ana',
        commandMac: 'm',
        seq: before.seq + 1,
        commandId: `c-${String(before.seq)}`,
        prevHash: before.hash,
      };
      before = sealCommit(header, [event], salt);
      commits.push(before as Commit);
    }
    await appendCommits(store.journal, commits);
    const bytes = new TextEncoder().encode(JSON.stringify({ folded: `${secret} `.repeat(2000) }));
    await store.snapshots.put({ kind: 'room', id: stream.id, position: before.seq, version: 1, sha256: '', bytes });
  }
  // Edits of a draft, long and short, some of them to be erased.
  const edits = Array.from({ length: 200 }, (_, index) => ({
    ...{ draftId: 'd', ordinal: index + 1, kind: 'update' as const, actorId: 'ana', at: 1, digest: 'x', salt: 'aa' },
    bytes: new TextEncoder().encode(index % 3 === 0 ? `${secret} ${'edit '.repeat(index * 20)}${secret}` : `edit ${String(index)}`),
  }));
  for (const entry of edits) await store.journal.append([{ kind: 'draft', draftId: 'd', entries: [entry] }]);
  expect(occurrences(path.dirname(place.file), secret)).toBeGreaterThan(4000);
  const all = await store.journal.readCommits(stream, 0, 1000);
  const erased = all.map(({ seq, events }) => ({
    seq,
    digests: events
      .map(upcast)
      .flatMap((event) => (event.type === 'comment.posted' && event.body.text?.includes(secret) === true ? [event.body.digest] : [])),
  }));
  await store.erasing.eraseWords(stream, erased);
  await store.erasing.forgetSnapshots('room', stream.id);
  const bytes = Uint8Array.of(0, 0);
  const gone = edits.flatMap(({ ordinal }, index) => (index % 3 === 0 ? [{ ordinal, bytes, erased: 'was' }] : []));
  await store.erasing.eraseEntries('d', gone);
  // Not readable any more, and yet there.
  expect(occurrences(path.dirname(place.file), secret)).toBeGreaterThan(0);
  await store.erasing.scrub();
  expect(occurrences(path.dirname(place.file), secret)).toBe(0);
  expect(existsSync(`${place.file}-wal`) ? readFileSync(`${place.file}-wal`).byteLength : 0).toBe(0);
  const kept = await store.journal.readCommits(stream, 0, 1000);
  expect(kept.map(({ hash }) => hash)).toEqual(all.map(({ hash }) => hash));
  expect(JSON.stringify(kept)).toContain('plain 7');
  await place.remove();
});
