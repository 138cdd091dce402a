import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { frameTypes } from '#shared/protocol/frames.ts';
import type { Standing } from '#shared/protocol/frames.ts';

/** Second number of a sync frame, as in y-protocols. */
const syncSteps = { stepOne: 0, stepTwo: 1, update: 2 } as const;

/** A frame from a client, taken apart but not yet judged. Its bytes are its own: nothing of the socket's buffer hangs on them. */
export type IncomingFrame =
  | { readonly is: 'stepOne'; readonly stateVector: Uint8Array }
  | { readonly is: 'stepTwo' | 'update'; readonly update: Uint8Array }
  | { readonly is: 'presence'; readonly update: Uint8Array }
  | { readonly is: 'queryPresence' }
  | { readonly is: 'diverged'; readonly ordinal: number; readonly hash: string };

/** Takes a frame apart, or null for what is no frame a client may send: unknown types, cut short, or with bytes left over. */
export function decodeFrame(frame: Uint8Array): IncomingFrame | null {
  try {
    const decoder = decoding.createDecoder(frame);
    const incoming = readFrame(decoder);
    // A length that points past the frame would read from memory that is somebody else's.
    return decoder.pos === frame.byteLength ? incoming : null;
  } catch {
    return null;
  }
}

function readFrame(decoder: decoding.Decoder): IncomingFrame | null {
  switch (decoding.readVarUint(decoder)) {
    case frameTypes.sync:
      return readSync(decoder);
    case frameTypes.awareness:
      return { is: 'presence', update: readBytes(decoder) };
    case frameTypes.queryAwareness:
      return { is: 'queryPresence' };
    case frameTypes.diverged:
      return { is: 'diverged', ordinal: decoding.readVarUint(decoder), hash: readHash(decoder) };
    default:
      return null;
  }
}

function readSync(decoder: decoding.Decoder): IncomingFrame | null {
  switch (decoding.readVarUint(decoder)) {
    case syncSteps.stepOne:
      return { is: 'stepOne', stateVector: readBytes(decoder) };
    case syncSteps.stepTwo:
      return { is: 'stepTwo', update: readBytes(decoder) };
    case syncSteps.update:
      return { is: 'update', update: readBytes(decoder) };
    default:
      return null;
  }
}

function readBytes(decoder: decoding.Decoder): Uint8Array {
  const length = decoding.readVarUint(decoder);
  if (length > decoder.arr.byteLength - decoder.pos) throw new RangeError('The frame is shorter than it says.');
  return Uint8Array.from(decoding.readUint8Array(decoder, length));
}

function readHash(decoder: decoding.Decoder): string {
  const bytes = readBytes(decoder);
  if (bytes.byteLength !== 32) throw new RangeError('A SHA-256 has 32 bytes.');
  return Buffer.from(bytes).toString('hex');
}

/** What a client has, as a question for what it lacks. */
export function stepOneFrame(stateVector: Uint8Array): Uint8Array {
  return syncFrame(syncSteps.stepOne, stateVector);
}

/** What a client lacks, as an answer to its step 1. */
export function stepTwoFrame(update: Uint8Array): Uint8Array {
  return syncFrame(syncSteps.stepTwo, update);
}

export function updateFrame(update: Uint8Array): Uint8Array {
  return syncFrame(syncSteps.update, update);
}

function syncFrame(step: number, bytes: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, frameTypes.sync);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  });
}

/** The first `frames` sync step 2 and update frames of a connection are durable; the draft's log reaches to `ordinal`. */
export function savedFrame(frames: number, ordinal: number): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, frameTypes.saved);
    encoding.writeVarUint(encoder, frames);
    encoding.writeVarUint(encoder, ordinal);
  });
}

/** The draft's content with its log up to `ordinal` has this hash (SHA-256, hex). */
export function contentFrame(ordinal: number, hash: string): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, frameTypes.content);
    encoding.writeVarUint(encoder, ordinal);
    encoding.writeVarUint8Array(encoder, Uint8Array.from(Buffer.from(hash, 'hex')));
  });
}

export function standingFrame(standing: Standing): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, frameTypes.standing);
    encoding.writeVarString(encoder, JSON.stringify(standing));
  });
}

/** One line of an awareness update; `state` is JSON, `null` where the client is gone. */
export interface PresenceLine {
  readonly clientId: number;
  readonly clock: number;
  readonly state: string;
}

export function presenceFrame(lines: readonly PresenceLine[]): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, frameTypes.awareness);
    encoding.writeVarUint8Array(
      encoder,
      encoding.encode((update) => {
        encoding.writeVarUint(update, lines.length);
        for (const { clientId, clock, state } of lines) {
          encoding.writeVarUint(update, clientId);
          encoding.writeVarUint(update, clock);
          encoding.writeVarString(update, state);
        }
      }),
    );
  });
}

/** The lines of an awareness update, or null if it is none or has more than `most` lines. Their states are not yet parsed. */
export function readPresence(update: Uint8Array, most: number): readonly PresenceLine[] | null {
  try {
    const decoder = decoding.createDecoder(update);
    const count = decoding.readVarUint(decoder);
    if (count > most) return null;
    const lines: PresenceLine[] = [];
    for (let index = 0; index < count; index += 1) {
      const clientId = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      lines.push({ clientId, clock, state: decoding.readVarString(decoder) });
    }
    return decoder.pos === update.byteLength ? lines : null;
  } catch {
    return null;
  }
}

/** An awareness update without lines. Stock clients close a socket that says nothing for 30 seconds. */
export const keepAliveFrame: Uint8Array = presenceFrame([]);
