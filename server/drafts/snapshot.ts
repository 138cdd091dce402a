import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { sha256OfBytes } from '#shared/lib/hash.ts';
import type { Snapshot } from '../store/ports.ts';
import { Burden } from './burden.ts';
import type { Head } from './draftText.ts';
import { createDocument, DraftText, isWhole } from './draftText.ts';

/** Version of the bytes of a draft's snapshot: a JSON head, then the document as one Yjs update (V1). */
export const snapshotVersion = 1;

interface SnapshotHead {
  readonly digest: string;
  readonly at: number;
  readonly logBytes: number;
  readonly authors: readonly (readonly [clientId: number, participantId: string])[];
  /** What a join may cost; absent in snapshots of older servers. */
  readonly burden?: ReturnType<Burden['toJSON']>;
}

/** A draft's text at its head. The text must not be ahead of the log. */
export function takeSnapshot(text: DraftText): Snapshot {
  const { ordinal, digest, at, logBytes } = text.head;
  const head: SnapshotHead = { digest, at, logBytes, authors: [...text.authors], burden: text.burden.toJSON() };
  const bytes = encoding.encode((encoder) => {
    encoding.writeVarString(encoder, JSON.stringify(head));
    encoding.writeVarUint8Array(encoder, text.whole());
  });
  return { kind: 'draft', id: text.draftId, position: ordinal, version: snapshotVersion, sha256: sha256OfBytes(bytes), bytes };
}

/** The text a snapshot holds, or null where it is of another version, damaged or no snapshot: then others have to do. */
export function openSnapshot(snapshot: Snapshot): DraftText | null {
  if (snapshot.version !== snapshotVersion || sha256OfBytes(snapshot.bytes) !== snapshot.sha256) return null;
  try {
    const decoder = decoding.createDecoder(snapshot.bytes);
    const { digest, at, logBytes, authors, burden } = JSON.parse(decoding.readVarString(decoder)) as SnapshotHead;
    const state = decoding.readVarUint8Array(decoder);
    const doc = createDocument();
    Y.applyUpdate(doc, state);
    if (!isWhole(doc)) return null;
    const head: Head = { ordinal: snapshot.position, digest, at, logBytes };
    return new DraftText(snapshot.id, doc, new Map(authors), head, state.byteLength, new Burden(burden));
  } catch {
    return null;
  }
}

/**
 * The digest of the log at which a snapshot stands, or null where it is of another version or damaged. Cheaper than opening it: the
 * text is not made. Hashed beside the event loop, for a snapshot may have megabytes.
 */
export async function digestOfSnapshot({ version, bytes, sha256 }: Snapshot): Promise<string | null> {
  if (version !== snapshotVersion) return null;
  const found = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)));
  if (Buffer.from(found).toString('hex') !== sha256) return null;
  try {
    return (JSON.parse(decoding.readVarString(decoding.createDecoder(bytes))) as SnapshotHead).digest;
  } catch {
    return null;
  }
}

/** The text of an empty log. */
export function emptyText(draftId: string): DraftText {
  return new DraftText(draftId, createDocument(), new Map(), { ordinal: 0, digest: '', at: 0, logBytes: 0 }, 2);
}
