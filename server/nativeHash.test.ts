import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { hashFields, sha256Hex, sha256OfBytes } from '#shared/lib/hash.ts';
import './nativeHash.ts';

const texts = ['', 'a', 'é', '商量', '\u{1F5F3}', 'half \ud83d', '\udc00 half', '\ud83d\ud83d\udc00', 'a'.repeat(1_000), '量'.repeat(333)];

describe('native hashes', () => {
  it('[LOG2] are those of the pure code, of texts with half a surrogate pair too', () => {
    for (const text of texts) {
      expect(sha256Hex(text)).toBe(bytesToHex(sha256(utf8ToBytes(text))));
      expect(sha256OfBytes(utf8ToBytes(text))).toBe(bytesToHex(sha256(utf8ToBytes(text))));
    }
  });

  it('[LOG2] of fields count the length of each in bytes', () => {
    const joined = ['domain', ...texts].map((field) => `${utf8ToBytes(field).length}:${field}`).join('');
    expect(hashFields('domain', texts)).toBe(bytesToHex(sha256(utf8ToBytes(joined))));
  });
});
