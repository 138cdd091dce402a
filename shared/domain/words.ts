import { hashFields } from '../lib/hash.ts';

/**
 * A free text inside an event. The digest stays for ever; salt and text go when the text is erased, or are left out for a
 * viewer who may not read it. Whoever holds salt and text can check the digest; whoever holds neither learns nothing from it.
 */
export interface Words {
  readonly digest: string;
  readonly salt?: string;
  readonly text?: string;
}

/** Wraps a text with a fresh salt (at least 128 random bits, as hex, from the caller). */
export function makeWords(text: string, salt: string): Words {
  return { digest: wordsDigest(text, salt), salt, text };
}

/** The digest that belongs to a text and its salt. */
export function wordsDigest(text: string, salt: string): string {
  return hashFields('shangliang/words/1', [salt, text]);
}

/** The same words without salt and text: their place and their digest remain. */
export function withoutText(words: Words): Words {
  return { digest: words.digest };
}

const WORDS_KEYS = new Set(['digest', 'salt', 'text']);

/**
 * Whether a value inside an event is a free text. No other value of an event may have the single key `digest`, or that key
 * beside `salt` and `text` only; the test over all event types holds this.
 */
export function isWords(value: unknown): value is Words {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.includes('digest') && keys.every((key) => WORDS_KEYS.has(key));
}

/** A copy of plain data in which every free text has been passed through `change`. */
export function mapWords<T>(value: T, change: (words: Words) => Words): T {
  if (isWords(value)) return change(value) as T;
  if (Array.isArray(value)) return (value as readonly unknown[]).map((item) => mapWords(item, change)) as T;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapWords(item, change)])) as T;
  }
  return value;
}
