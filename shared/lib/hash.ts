import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of a text (as UTF-8), as 64 lower-case hex digits. Pure code: `crypto.subtle` does not exist on plain HTTP pages. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/**
 * SHA-256 over several fields, each preceded by its length in bytes, so that no two lists of fields share one encoding.
 * `domain` names what is hashed; two kinds of thing never share a hash.
 */
export function hashFields(domain: string, fields: readonly string[]): string {
  let joined = '';
  for (const field of [domain, ...fields]) joined += `${utf8ToBytes(field).length}:${field}`;
  return sha256Hex(joined);
}

/** SHA-256 of bytes, as hex. */
export function sha256OfBytes(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}
