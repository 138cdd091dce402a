/** A piece of a plain text: words, or words that lead somewhere. */
export interface Piece {
  readonly text: string;
  readonly href: string | null;
}

const allowed = new Set(['http:', 'https:', 'mailto:']);
// Stops at white space, quotes, angle brackets and the punctuation of Chinese, which has no spaces to end an address.
const candidate = /(?:https?:\/\/|mailto:)[^\s<>"'`“”‘’，。；：！？、（）《》〈〉「」『』【】…\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/giu;

/**
 * Splits a text into words and links. Only http, https and mailto become links; everything else, whatever it looks like,
 * stays words. The pieces put together are the text.
 */
export function linkify(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(candidate)) {
    const words = withoutTail(match[0]);
    const href = safeHref(words);
    if (href === null) continue;
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), href: null });
    pieces.push({ text: words, href });
    at = match.index + words.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), href: null });
  return pieces;
}

/** A full stop after an address ends the sentence, not the address; a closing bracket belongs to it only if it opened there. */
function withoutTail(words: string): string {
  let end = words.length;
  for (; end > 0; end -= 1) {
    const last = words[end - 1] ?? '';
    if ('.,;:!?*_~'.includes(last)) continue;
    const opens = { ')': '(', ']': '[', '}': '{' }[last];
    const before = words.slice(0, end);
    if (opens !== undefined && before.split(last).length > before.split(opens).length) continue;
    break;
  }
  return words.slice(0, end);
}

function safeHref(words: string): string | null {
  if (!URL.canParse(words)) return null;
  const url = new URL(words);
  if (!allowed.has(url.protocol)) return null;
  if (url.protocol === 'mailto:' ? !url.pathname.includes('@') : url.hostname === '' || url.username !== '' || url.password !== '')
    return null;
  return url.href;
}
