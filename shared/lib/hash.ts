import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of bytes, or of a text as UTF-8, as 64 lower-case hex digits. */
export type Sha256 = (data: string | Uint8Array) => string;

/** Pure code: `crypto.subtle` does not exist on plain HTTP pages. */
const pure: Sha256 = (data) => bytesToHex(sha256(typeof data === 'string' ? utf8ToBytes(data) : data));
let used: Sha256 = pure;

/** Has every hash made by other code from now on: a server brings a native one, which is many times as fast. It must give the same. */
export function hashWith(native: Sha256): void {
  used = native;
}

/** SHA-256 of a text (as UTF-8), as 64 lower-case hex digits. */
export function sha256Hex(text: string): string {
  return used(text);
}

/**
 * SHA-256 over several fields, each preceded by its length in bytes, so that no two lists of fields share one encoding.
 * `domain` names what is hashed; two kinds of thing never share a hash.
 */
export function hashFields(domain: string, fields: readonly string[]): string {
  let joined = '';
  for (const field of [domain, ...fields]) joined += `${utf8Length(field)}:${field}`;
  return sha256Hex(joined);
}

/** SHA-256 of bytes, as hex. */
export function sha256OfBytes(bytes: Uint8Array): string {
  return used(bytes);
}

/** How many bytes a text has in UTF-8, where half a surrogate pair is encoded as U+FFFD. */
function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) bytes += unit < 0x800 ? 1 : 2;
    // A pair is four bytes: three were counted for its first half.
    if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) index += 1;
  }
  return bytes;
}
