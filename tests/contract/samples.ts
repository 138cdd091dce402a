import { createHash, randomUUID } from 'node:crypto';
import type { Commit, StreamRef } from '#shared/domain/commit.ts';
import type { EntrySeal } from '#shared/domain/drafts/entryDigest.ts';
import { entryDigest } from '#server/drafts/entries.ts';
import type { DraftEntry, Journal, JournalOutcome, JournalWrite } from '#server/store/ports.ts';

/** Text that databases, encodings and serialisers like to change. */
export const unusualTexts: readonly string[] = [
  '商量：意见「建议」，采纳。𠀀𪚥 邉󠄂',
  'é e\u0301 ﬁ Å Å',
  '👩‍👩‍👧‍👦 🏳️‍🌈 a\u200d\u200bb\u2028c\u2029d\ufeffe',
  'שלום عليكم \u202eabc\u202c',
  '\u0000 \u0001 \b \f \n \r \t \u007f \u0085',
  '\ud800 alone, \udc00 alone, \uffff \ufffe',
  '{"$ne":null} $where a.b __proto__ \' " \\ -- ; DROP TABLE commits',
];

/** A stream nobody else uses. */
export function newStream(): StreamRef {
  return { kind: 'room', id: `room-${randomUUID()}` };
}

/** The commit after `before`; its hash is made up, but different for different content. */
export function commitAfter(
  stream: StreamRef,
  before: { readonly seq: number; readonly hash: string },
  change: Partial<Commit> = {},
): Commit {
  const seq = change.seq ?? before.seq + 1;
  const commit = {
    stream,
    seq,
    at: 1_790_000_000_000 + seq,
    actorId: 'ana',
    commandId: randomUUID(),
    commandMac: 'a'.repeat(64),
    events: [{ salt: '00ff', json: `{"type":"comment.added","v":1,"n":${String(seq)}}` }],
    prevHash: before.hash,
    ...change,
  };
  return { ...commit, hash: change.hash ?? createHash('sha256').update(JSON.stringify(commit)).digest('hex') };
}

/** The first `count` commits of a stream. */
export function chainOf(stream: StreamRef, count: number): readonly Commit[] {
  const commits: Commit[] = [];
  let before = { seq: 0, hash: '' };
  for (let made = 0; made < count; made++) {
    before = commitAfter(stream, before);
    commits.push(before as Commit);
  }
  return commits;
}

/** A draft nobody else uses. */
export function newDraftId(): string {
  return `draft-${randomUUID()}`;
}

/** Entries with the ordinals from `first` to `last`; every third is a barrier. */
export function entriesOf(draftId: string, first: number, last: number, actorId = 'ana'): readonly DraftEntry[] {
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const ordinal = first + index;
    const barrier = ordinal % 3 === 0;
    return {
      draftId,
      ordinal,
      kind: barrier ? ('barrier' as const) : ('update' as const),
      actorId: barrier ? 'system' : actorId,
      at: 1_790_000_000_000 + ordinal,
      bytes: barrier ? new Uint8Array(0) : Uint8Array.of(ordinal % 256, 0, 255, 128),
      digest: `digest ${String(ordinal)} by ${actorId}`,
      // Of every ten some are of before there were salts, and in one something was erased.
      ...(barrier || ordinal % 5 === 0
        ? {}
        : ordinal % 10 === 1
          ? { erased: `was ${String(ordinal)}` }
          : { salt: `salt ${String(ordinal)}` }),
    };
  });
}

/** The first `count` entries of a draft with the digests that follow from them: by unusual people, back and forth in time, also empty and large. */
export function chainedEntries(
  draftId: string,
  count: number,
  chance: (below: number) => number,
  seals?: readonly EntrySeal[],
): readonly DraftEntry[] {
  // Both databases take well-formed texts without U+0000 in their columns, which ids are.
  const actors = unusualTexts.filter((text) => text.isWellFormed() && !text.includes('\u0000'));
  const entries: DraftEntry[] = [];
  let at = 1_790_000_000_000;
  for (let ordinal = 1; ordinal <= count; ordinal += 1) {
    const kind = chance(10) === 0 ? ('barrier' as const) : ('update' as const);
    const actorId = kind === 'barrier' ? 'system' : (actors[chance(actors.length)] ?? '');
    at += chance(5_000) - 1_000;
    const size = kind === 'barrier' ? 0 : chance(50) === 0 ? 20_000 : chance(40);
    const hex = (digits: number): string => Array.from({ length: digits }, () => chance(16).toString(16)).join('');
    // Of before there were salts, with one, with something erased, and with what is no hex.
    const any = seals ?? [{}, { salt: hex(32) }, { salt: hex(32) }, { erased: hex(64) }, { salt: 'Ä' }];
    const seal = any[chance(any.length)];
    const entry = { draftId, ordinal, kind, actorId, at, bytes: Uint8Array.from({ length: size }, () => chance(256)), ...seal };
    entries.push({ ...entry, digest: entryDigest(entries.at(-1)?.digest ?? '', entry) });
  }
  return entries;
}

/** A commit as one write of a turn. */
export function commitWrite(commit: Commit): JournalWrite {
  return { kind: 'commit', commit };
}

/** Entries as one write of a turn. */
export function draftWrite(entries: readonly DraftEntry[]): JournalWrite {
  return { kind: 'draft', draftId: entries[0]?.draftId ?? '', entries };
}

/** Appends commits in one call. */
export async function appendCommits(journal: Journal, commits: readonly Commit[]): Promise<readonly JournalOutcome[]> {
  return journal.append(commits.map(commitWrite));
}

export const appended = { outcome: 'appended' } as const;
export const conflict = { outcome: 'conflict' } as const;

/** How many of the outcomes are of each sort. */
export function countOutcomes(outcomes: readonly JournalOutcome[]): { readonly [outcome: string]: number } {
  const counts: Record<string, number> = {};
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
