import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { bytesCommitment, draftEntryDigest } from '#shared/domain/drafts/entryDigest.ts';
import { sha256OfBytes } from '#shared/lib/hash.ts';
import { Column, ColumnReader } from './columns.ts';
import type { DraftEntry } from './draftEntry.ts';

/**
 * Consecutive entries of a draft's log in one piece. `before` is the digest of the entry before `first` ('' at the beginning),
 * `digest` that of `last`: what lies between them follows from the bytes, so the chain says whether they are the entries that were
 * packed. `sha256` (hex) is of `bytes`.
 */
export interface Segment {
  readonly draftId: string;
  readonly first: number;
  readonly last: number;
  readonly before: string;
  readonly digest: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** A segment does not hold the entries that it was made from, or is of a format this program does not know. */
export class SegmentDamaged extends Error {
  override readonly name = 'SegmentDamaged';
}

const kinds: readonly DraftEntry['kind'][] = ['update', 'barrier'];
/** More than this no segment is when it is unpacked, so that damaged bytes cannot take up all memory. */
const mostUnpacked = 64 * 1024 * 1024;
/** Of the qualities the one behind which hardly anything is gained: measured on real writing, and twenty times as quick as the best. */
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/**
 * Packs entries that follow one another, at least one. Not looked at is whether their digests are right: `unpackSegment` does
 * not give back entries whose digests do not follow from `before`.
 */
export function packSegment(before: string, entries: readonly DraftEntry[]): Segment {
  const [first] = entries;
  const last = entries.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('A segment has at least one entry.');
  const bytes = Uint8Array.from(brotliCompressSync(columnsOf(entries), quality));
  const { draftId, ordinal } = first;
  return { draftId, first: ordinal, last: last.ordinal, before, digest: last.digest, sha256: sha256OfBytes(bytes), bytes };
}

/** The entries of a segment, each with bytes of its own. Throws SegmentDamaged unless all are what was packed. */
export function unpackSegment(segment: Segment): readonly DraftEntry[] {
  const { draftId, first, last, before, digest, sha256, bytes } = segment;
  const where = `Draft ${draftId}, entries ${first} to ${last}`;
  if (sha256OfBytes(bytes) !== sha256) throw new SegmentDamaged(`${where}: the packed bytes were changed.`);
  let entries: readonly DraftEntry[];
  try {
    entries = entriesIn(brotliDecompressSync(bytes, { maxOutputLength: mostUnpacked }), draftId, first, before);
  } catch (error) {
    throw new SegmentDamaged(`${where}: they cannot be unpacked.`, { cause: error });
  }
  if (entries.at(-1)?.ordinal !== last || entries.at(-1)?.digest !== digest)
    throw new SegmentDamaged(`${where}: they are others than were packed.`);
  return entries;
}

/** Why a segment cannot be unpacked, in words for a person; null where it can. */
export function whatIsWrong(segment: Segment): string | null {
  try {
    unpackSegment(segment);
    return null;
  } catch (thrown) {
    if (thrown instanceof SegmentDamaged) return thrown.message;
    throw thrown;
  }
}

/** Whether two entries are the same in everything they hold. */
export function sameEntry(one: DraftEntry, other: DraftEntry): boolean {
  const names = Object.keys(one) as (keyof DraftEntry)[];
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => (name === 'bytes' ? Buffer.compare(one.bytes, other.bytes) === 0 : one[name] === other[name]));
}

/** Whether entries follow one another and their digests follow from the one before them. */
export function isChained(before: string, entries: readonly DraftEntry[]): boolean {
  let previous = before;
  return entries.every((entry, index) => {
    const follows = entry.ordinal === (entries[0]?.ordinal ?? 0) + index;
    previous = digestAfter(previous, entry);
    return follows && previous === entry.digest;
  });
}

/** The same segment with other entries in the place of some, whose digests stay what they are. Throws SegmentDamaged. */
export function changedSegment(segment: Segment, change: (entry: DraftEntry) => DraftEntry): Segment {
  return packSegment(segment.before, unpackSegment(segment).map(change));
}

function digestAfter(previous: string, entry: Omit<DraftEntry, 'digest'>): string {
  return draftEntryDigest(previous, entry, bytesCommitment(entry, sha256OfBytes(entry.bytes)));
}

/** Each property of the entries beside the same of the others, under its name: alike things together get small, and more can be added. */
function columnsOf(entries: readonly DraftEntry[]): Uint8Array {
  const actors = [...new Set(entries.map(({ actorId }) => actorId))];
  const places = new Map(actors.map((actor, place) => [actor, place]));
  const columns: Readonly<Record<ColumnName, Column>> = {
    count: new Column().number(entries.length),
    kind: new Column(),
    // As JSON, since UTF-8 has no place for half a surrogate pair.
    actors: new Column().text(JSON.stringify(actors)),
    actor: new Column(),
    at: new Column(),
    size: new Column(),
    bytes: new Column(),
    salt: new Column(),
    erased: new Column(),
  };
  let before = 0;
  for (const { kind, actorId, at, bytes, salt, erased } of entries) {
    columns.kind.number(kinds.indexOf(kind));
    columns.actor.number(places.get(actorId) ?? 0);
    columns.at.signed(at - before);
    columns.size.number(bytes.byteLength);
    columns.bytes.raw(bytes);
    writeHex(columns.salt, salt);
    writeHex(columns.erased, erased);
    before = at;
  }
  const all = new Column();
  for (const name of columnNames) all.text(name).bytes(columns[name].done());
  return all.done();
}

const columnNames = ['count', 'kind', 'actors', 'actor', 'at', 'size', 'bytes', 'salt', 'erased'] as const;
type ColumnName = (typeof columnNames)[number];

/** Hex digits take half of their length; what is none is written as it is. */
function writeHex(column: Column, text: string | undefined): void {
  const isHex = text !== undefined && /^(?:[0-9a-f]{2})*$/.test(text);
  column.number(text === undefined ? 0 : isHex ? 1 : 2);
  if (text === undefined) return;
  if (isHex) column.bytes(Buffer.from(text, 'hex'));
  else column.text(text);
}

function readHex(column: ColumnReader): string | undefined {
  const form = column.number();
  if (form === 1) return Buffer.from(column.bytes()).toString('hex');
  return form === 2 ? column.text() : undefined;
}

function entriesIn(packed: Uint8Array, draftId: string, first: number, start: string): readonly DraftEntry[] {
  const found = new Map<string, ColumnReader>();
  for (const all = new ColumnReader(packed); !all.isAtEnd;) found.set(all.text(), new ColumnReader(all.bytes()));
  const column = (name: ColumnName): ColumnReader => known(found.get(name));
  const [kind, actor, at, size] = [column('kind'), column('actor'), column('at'), column('size')];
  const [bytes, salts, erasures] = [column('bytes'), column('salt'), column('erased')];
  const actors = JSON.parse(column('actors').text()) as readonly string[];
  const entries: DraftEntry[] = [];
  let time = 0;
  let digest = start;
  for (let left = column('count').number(); left > 0; left -= 1) {
    time += at.signed();
    const salt = readHex(salts);
    const erased = readHex(erasures);
    const entry = {
      draftId,
      ordinal: first + entries.length,
      kind: known(kinds[kind.number()]),
      actorId: known(actors[actor.number()]),
      at: time,
      bytes: Uint8Array.from(bytes.raw(size.number())),
      ...(salt === undefined ? {} : { salt }),
      ...(erased === undefined ? {} : { erased }),
    };
    digest = digestAfter(digest, entry);
    entries.push({ ...entry, digest });
  }
  // What is not known cannot be left out, and nothing may be left over: the entries would not be the ones that were packed.
  const isRead = [...found].every(([name, { isAtEnd }]) => isAtEnd && columnNames.includes(name as ColumnName));
  if (!isRead) throw new Error('There is more in it than these entries.');
  return entries;
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A part is missing, or is none that there is.');
  return value;
}
