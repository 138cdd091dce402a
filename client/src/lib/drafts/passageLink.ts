import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { GivenAnchor } from '#shared/domain/comments/events.ts';

const PREFIX = '#at=';
const VERSION = 1;
/** No link to a passage is longer; whatever is was made up. */
const MOST_CHARACTERS = 8_000;

/** The fragment of an address that leads to a passage of a draft: its anchor, in as few characters as its words allow. */
export function passageHash({ draftId, runs, quote, before, after }: GivenAnchor): string {
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, VERSION);
  writeText(encoder, draftId);
  encoding.writeVarUint(encoder, runs.length);
  for (const run of runs) for (const number of run) encoding.writeVarUint(encoder, number);
  for (const text of [quote, before, after]) writeText(encoder, text);
  const bytes = encoding.toUint8Array(encoder);
  return `${PREFIX}${btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')}`;
}

/** The anchor in such a fragment; null for any other, however it is broken. */
export function passageOf(hash: string): GivenAnchor | null {
  if (!hash.startsWith(PREFIX) || hash.length > MOST_CHARACTERS) return null;
  try {
    const packed = hash.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/');
    const decoder = decoding.createDecoder(Uint8Array.from(atob(packed), (character) => character.charCodeAt(0)));
    if (decoding.readUint8(decoder) !== VERSION) return null;
    const draftId = readText(decoder);
    const runs: [number, number, number][] = [];
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      runs.push([decoding.readVarUint(decoder), decoding.readVarUint(decoder), decoding.readVarUint(decoder)]);
    }
    const [quote, before, after] = [readText(decoder), readText(decoder), readText(decoder)];
    if (decoding.hasContent(decoder) || quote === '') return null;
    return { draftId, runs, quote, before, after };
  } catch {
    return null;
  }
}

/** A text in UTF-8, or in UTF-16 where that is shorter, as it is for Chinese. The lowest bit of the length says which. */
function writeText(encoder: encoding.Encoder, text: string): void {
  const utf8 = new TextEncoder().encode(text);
  const isShorterIn16 = text.length * 2 < utf8.length;
  encoding.writeVarUint(encoder, (isShorterIn16 ? text.length : utf8.length) * 2 + Number(isShorterIn16));
  if (!isShorterIn16) {
    encoding.writeUint8Array(encoder, utf8);
    return;
  }
  for (let at = 0; at < text.length; at += 1) encoding.writeUint16(encoder, text.charCodeAt(at));
}

function readText(decoder: decoding.Decoder): string {
  const head = decoding.readVarUint(decoder);
  const length = Math.floor(head / 2);
  if (head % 2 === 0) return new TextDecoder('utf-8', { fatal: true }).decode(decoding.readUint8Array(decoder, length));
  if (length * 2 > decoder.arr.length) throw new Error('cut short');
  return String.fromCharCode(...Array.from({ length }, () => decoding.readUint16(decoder)));
}
