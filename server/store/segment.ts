import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { bytesCommitment, draftEntryDigest } from '#shared/domain/drafts/entryDigest.ts';
import { sha256OfBytes } from '#shared/lib/hash.ts';
import type { DraftEntry } from './ports.ts';

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

/** Of entries whose digests were made when they were unpacked: the digest that stood before each. */
const digestsBefore = new WeakMap<DraftEntry, string>();

/** Whether this entry was unpacked as the one that follows this digest: then its own was made from it, and need not be made again. */
export function wasUnpackedAfter(previous: string, entry: DraftEntry): boolean {
  return digestsBefore.get(entry) === previous;
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
  let at = 0;
  const columns: Readonly<Record<Column, (encoder: encoding.Encoder) => void>> = {
    count: (encoder) => encoding.writeVarUint(encoder, entries.length),
    kind: each((encoder, { kind }) => encoding.writeUint8(encoder, kinds.indexOf(kind))),
    // As JSON, since UTF-8 has no place for half a surrogate pair.
    actors: (encoder) => encoding.writeVarString(encoder, JSON.stringify(actors)),
    actor: each((encoder, { actorId }) => encoding.writeVarUint(encoder, places.get(actorId) ?? 0)),
    at: each((encoder, entry) => {
      encoding.writeVarInt(encoder, entry.at - at);
      at = entry.at;
    }),
    size: each((encoder, { bytes }) => encoding.writeVarUint(encoder, bytes.byteLength)),
    bytes: each((encoder, { bytes }) => encoding.writeUint8Array(encoder, bytes)),
    salt: each((encoder, { salt }) => writeHex(encoder, salt)),
    erased: each((encoder, { erased }) => writeHex(encoder, erased)),
  };
  function each(write: (encoder: encoding.Encoder, entry: DraftEntry) => void) {
    return (encoder: encoding.Encoder): void => {
      for (const entry of entries) write(encoder, entry);
    };
  }
  return encoding.encode((encoder) => {
    for (const [name, write] of Object.entries(columns)) {
      encoding.writeVarString(encoder, name);
      encoding.writeVarUint8Array(encoder, encoding.encode(write));
    }
  });
}

const needed = ['count', 'kind', 'actors', 'actor', 'at', 'size', 'bytes', 'salt', 'erased'] as const;
type Column = (typeof needed)[number];

/** Hex digits take half of their length; what is none is written as it is. */
function writeHex(encoder: encoding.Encoder, text: string | undefined): void {
  const isHex = text !== undefined && /^(?:[0-9a-f]{2})*$/.test(text);
  encoding.writeUint8(encoder, text === undefined ? 0 : isHex ? 1 : 2);
  if (text === undefined) return;
  if (isHex) encoding.writeVarUint8Array(encoder, Buffer.from(text, 'hex'));
  else encoding.writeVarString(encoder, text);
}

function readHex(decoder: decoding.Decoder): string | undefined {
  const form = decoding.readUint8(decoder);
  if (form === 1) return Buffer.from(decoding.readVarUint8Array(decoder)).toString('hex');
  return form === 2 ? decoding.readVarString(decoder) : undefined;
}

function entriesIn(packed: Uint8Array, draftId: string, first: number, start: string): readonly DraftEntry[] {
  const columns = new Map<string, decoding.Decoder>();
  const decoder = decoding.createDecoder(packed);
  while (decoding.hasContent(decoder)) {
    columns.set(decoding.readVarString(decoder), decoding.createDecoder(decoding.readVarUint8Array(decoder)));
  }
  // What is not known cannot be left out: the entries would not be the ones that were packed.
  for (const name of columns.keys()) if (!needed.includes(name as Column)) throw new Error(`There is no column ${name}.`);
  const column = (name: Column): decoding.Decoder => {
    const found = columns.get(name);
    if (found === undefined) throw new Error(`The column ${name} is missing.`);
    return found;
  };
  const [count, kind, actors, actor, at, size, bytes, salts, erasures] = needed.map(column) as [D, D, D, D, D, D, D, D, D];
  const names = JSON.parse(decoding.readVarString(actors)) as readonly string[];
  const entries: DraftEntry[] = [];
  let time = 0;
  let digest = start;
  for (let left = decoding.readVarUint(count); left > 0; left -= 1) {
    time += decoding.readVarInt(at);
    const salt = readHex(salts);
    const erased = readHex(erasures);
    const entry = {
      draftId,
      ordinal: first + entries.length,
      kind: known(kinds[decoding.readUint8(kind)]),
      actorId: known(names[decoding.readVarUint(actor)]),
      at: time,
      bytes: decoding.readUint8Array(bytes, decoding.readVarUint(size)).slice(),
      ...(salt === undefined ? {} : { salt }),
      ...(erased === undefined ? {} : { erased }),
    };
    const before = digest;
    digest = digestAfter(before, entry);
    const chained = { ...entry, digest };
    digestsBefore.set(chained, before);
    entries.push(chained);
  }
  if (needed.some((name) => decoding.hasContent(column(name)))) throw new Error('There is more than the entries.');
  return entries;
}

type D = decoding.Decoder;

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A value is none that there is.');
  return value;
}
