import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { frameTypes } from '#shared/protocol/frames.ts';
import type { Standing } from '#shared/protocol/frames.ts';

/** What a frame on its way to the server is. `step2` and `update` are the write frames that the server counts. */
export type OutgoingKind = 'step1' | 'step2' | 'update' | 'presence' | 'other';

/** Second number of a sync frame that answers step 1, and of one that is an update. */
export const SYNC_STEP_2 = 1;
export const SYNC_UPDATE = 2;

const syncKinds: readonly OutgoingKind[] = ['step1', 'step2', 'update'];

/** Reads the first two numbers of a frame; what cannot be read is `other`. */
export function outgoingKind(frame: Uint8Array): OutgoingKind {
  try {
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (type === frameTypes.awareness) return 'presence';
    return type === frameTypes.sync ? (syncKinds[decoding.readVarUint(decoder)] ?? 'other') : 'other';
  } catch {
    return 'other';
  }
}

export interface Saved {
  /** How many write frames of this connection are durable, counted from its beginning. */
  readonly frames: number;
  /** How far the draft's log reaches. */
  readonly ordinal: number;
}

/** The rest of a `saved` frame, whose type was read already. */
export function readSaved(decoder: decoding.Decoder): Saved {
  return { frames: decoding.readVarUint(decoder), ordinal: decoding.readVarUint(decoder) };
}

/** The rest of a `standing` frame, whose type was read already. Throws on what is no Standing: both ends are of one version. */
export function readStanding(decoder: decoding.Decoder): Standing {
  return JSON.parse(decoding.readVarString(decoder)) as Standing;
}

/** What the draft's content should be with its log up to `ordinal`, where nothing of this copy is on its way. */
export interface Content {
  readonly ordinal: number;
  /** SHA-256, in hex. */
  readonly hash: string;
}

/** The rest of a `content` frame, whose type was read already. */
export function readContent(decoder: decoding.Decoder): Content {
  return { ordinal: decoding.readVarUint(decoder), hash: hexOf(decoding.readVarUint8Array(decoder)) };
}

/** Says that this copy has another content at that ordinal. */
export function divergedFrame({ ordinal, hash }: Content): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, frameTypes.diverged);
    encoding.writeVarUint(encoder, ordinal);
    encoding.writeVarUint8Array(
      encoder,
      Uint8Array.from(hash.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
    );
  });
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
