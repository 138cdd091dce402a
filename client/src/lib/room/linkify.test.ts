import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkify } from './linkify.ts';

const links = (text: string) => linkify(text).flatMap(({ text: words, href }) => (href === null ? [] : [[words, href]]));

describe('links in a plain text', () => {
  test('http, https and mailto lead somewhere', () => {
    expect(links('see https://example.org/a?b=c#d and mailto:ana@example.org')).toEqual([
      ['https://example.org/a?b=c#d', 'https://example.org/a?b=c#d'],
      ['mailto:ana@example.org', 'mailto:ana@example.org'],
    ]);
  });

  test('[ROOM15] nothing else does', () => {
    for (const text of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/passwd',
      '//example.org',
      'www.example.org',
    ])
      expect(links(text)).toEqual([]);
    expect(links('https://user:secret@example.org')).toEqual([]);
    expect(links('https://')).toEqual([]);
    expect(links('mailto:nobody')).toEqual([]);
  });

  test('punctuation that ends the sentence is not part of the address, also in Chinese', () => {
    expect(links('(https://example.org/a_(b)).')).toEqual([['https://example.org/a_(b)', 'https://example.org/a_(b)']]);
    expect(links('见https://example.org/a，再议')).toEqual([['https://example.org/a', 'https://example.org/a']]);
    expect(links('“https://example.org/”')).toEqual([['https://example.org/', 'https://example.org/']]);
  });

  test('the pieces put together are the text, whatever it is', () => {
    const part = fc.constantFrom(
      'https://',
      'http://a.b',
      'mailto:x@y',
      'javascript:',
      ')',
      '(',
      '。',
      ' ',
      '\n',
      '<script>',
      '\u202e',
      'é',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const pieces = linkify(text);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        for (const { href } of pieces) expect(href === null || /^(https?:\/\/|mailto:)/.test(href)).toBe(true);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
