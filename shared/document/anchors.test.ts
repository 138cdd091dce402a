import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import { makeAnchor, MAX_QUOTE_LENGTH, proseMirrorToRange, rangeToProseMirror, resolveAnchor } from './anchors.ts';
import type { Anchor } from './anchors.ts';
import { QuoteSearch } from './quote-search.ts';
import { DRAFT_FIELD } from './schema.ts';
import { buildTextIndex } from './text-index.ts';

function draftOf(...lines: string[]): Y.XmlFragment {
  const doc = new Y.Doc();
  doc.clientID = 7;
  const draft = doc.getXmlFragment(DRAFT_FIELD);
  draft.insert(
    0,
    lines.map((line) => {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(line)]);
      return paragraph;
    }),
  );
  return draft;
}

function textOf(draft: Y.XmlFragment, line = 0): Y.XmlText {
  return (draft.get(line) as Y.XmlElement).get(0) as Y.XmlText;
}

function anchorOn(draft: Y.XmlFragment, words: string): Anchor {
  const index = buildTextIndex(draft);
  const from = index.text.indexOf(words);
  const anchor = makeAnchor(index, { from, to: from + words.length });
  if (typeof anchor === 'string') throw new Error(anchor);
  return anchor;
}

/** What a reader sees of an anchor's passage. */
function shown(draft: Y.XmlFragment, anchor: Anchor): [place: string, ...words: string[]] {
  const index = buildTextIndex(draft);
  const place = resolveAnchor(index, anchor);
  return place.place === 'gone' ? ['gone'] : [place.place, ...place.ranges.map(({ from, to }) => index.text.slice(from, to))];
}

describe('[ANC6] making an anchor', () => {
  it('takes identities, words and context, without white space at the ends', () => {
    const draft = draftOf('one two three', 'four');
    const index = buildTextIndex(draft);
    const anchor = makeAnchor(index, { from: 3, to: 14 });
    expect(anchor).toMatchObject({ quote: 'two three', before: 'one ', after: '\nfour' });
    expect(makeAnchor(index, { from: 3, to: 8 })).toMatchObject({ quote: 'two' });
    expect(typeof anchor === 'string' ? 0 : anchor.runs.reduce((sum, run) => sum + run[2], 0)).toBe(9);
  });

  it.each([
    ['nothing', { from: 3, to: 3 }, 'empty'],
    ['white space', { from: 3, to: 4 }, 'empty'],
    ['a range that ends before it begins', { from: 9, to: 2 }, 'empty'],
    ['a range outside the text', { from: 500, to: 900 }, 'empty'],
    ['what is no number', { from: NaN, to: NaN }, 'empty'],
  ])('refuses %s', (_title, range, answer) => {
    expect(makeAnchor(buildTextIndex(draftOf('one two')), range)).toBe(answer);
  });

  it('refuses a quote that is too long', () => {
    const index = buildTextIndex(draftOf('x'.repeat(MAX_QUOTE_LENGTH + 1)));
    expect(makeAnchor(index, { from: 0, to: MAX_QUOTE_LENGTH + 1 })).toBe('tooLong');
    expect(makeAnchor(index, { from: 0, to: MAX_QUOTE_LENGTH })).toMatchObject({ quote: 'x'.repeat(MAX_QUOTE_LENGTH) });
  });

  it('never parts a surrogate pair, in the quote or in the context', () => {
    const draft = draftOf(`${'😀'.repeat(20)}𠮷野家${'😀'.repeat(20)}`);
    const anchor = makeAnchor(buildTextIndex(draft), { from: 41, to: 43 });
    expect(anchor).toMatchObject({ quote: '𠮷野', before: '😀'.repeat(16) });
    expect(typeof anchor === 'string' ? '' : anchor.after.isWellFormed()).toBe(true);
  });

  it('keeps more context where the same words stand in the same surroundings elsewhere', () => {
    const clause = 'The manager shall answer within three days and shall publish the answer on the board.';
    const plain = anchorOn(draftOf(clause, 'An end.'), 'three days');
    expect(Math.max(plain.before.length, plain.after.length)).toBe(32);
    const twice = anchorOn(draftOf(clause, 'A line in between.', clause, 'An end.'), 'three days');
    expect(Math.max(twice.before.length, twice.after.length)).toBe(64);
  });
});

describe('[ANC3] what is left of a quote', () => {
  it('two places that survivors point to equally are none', () => {
    const draft = draftOf('aba');
    const anchor = anchorOn(draft, 'aba');
    textOf(draft).delete(1, 1);
    textOf(draft).insert(1, 'bab');
    expect(buildTextIndex(draft).text).toBe('ababa');
    expect(shown(draft, anchor)).toEqual(['changed', 'ababa']);
  });

  it('exactly half of it is enough, less is not', () => {
    const draft = draftOf('a quote of words');
    const anchor = anchorOn(draft, 'words');
    const even = anchorOn(draft, 'of');
    textOf(draft).delete(9, 1);
    expect(shown(draft, even)).toEqual(['changed', 'o']);
    textOf(draft).delete(10, 3);
    expect(shown(draft, anchor)).toEqual(['gone']);
  });

  it('a character that was replaced by the same one is not told from it, one that Yjs had to replace is', () => {
    const draft = draftOf('see 😀😁 here');
    const anchor = anchorOn(draft, '😀😁');
    // Half of a pair is deleted: Yjs writes a replacement character for the other half.
    textOf(draft).delete(5, 1);
    expect(shown(draft, anchor)[0]).toBe('changed');
    expect(shown(draft, anchor)[1]).toBe('😁');
  });
});

describe('[ANC7] anchors that nobody made are harmless', () => {
  const draft = draftOf('the quick brown fox', 'jumps over the lazy dog');
  const honest = anchorOn(draft, 'brown');
  const run = honest.runs[0] ?? [0, 0, 0];

  it.each<[string, Partial<Anchor>]>([
    ['identities of other words', { quote: 'green' }],
    ['more identities than words', { quote: 'bro' }],
    ['fewer identities than words', { runs: [[run[0], run[1], 2]], before: '', after: '' }],
    ['no identities and no context', { runs: [], before: '', after: '' }],
    ['an unknown client', { runs: [[99, 0, 5]], before: '', after: '' }],
    ['negative numbers', { runs: [[-1, -5, -5]], before: '', after: '' }],
    ['what is no number', { runs: [[NaN, Infinity, 5]], before: '', after: '' }],
    ['fractions', { runs: [[7, 0.5, 5]], before: '', after: '' }],
    ['empty runs', { runs: Array.from({ length: 1_000 }, () => [7, 0, 0] as const), before: '', after: '' }],
    ['an enormous length', { runs: [[7, 0, Number.MAX_SAFE_INTEGER]], before: '', after: '' }],
    ['the same identity again and again', { quote: 'bbbbb', runs: Array.from({ length: 5 }, () => [run[0], run[1], 1] as const) }],
    ['an empty quote', { quote: '', runs: [] }],
    ['a quote of borders', { quote: '\n\n', runs: [] }],
    ['a quote of great length', { quote: 'x'.repeat(1_000_000), runs: [] }],
    ['a context of great length', { before: 'x'.repeat(1_000_000), runs: [] }],
  ])('%s', (_title, forged) => {
    expect(shown(draft, { ...honest, ...forged })).toEqual(['gone']);
  });

  it('identities in another order than the words', () => {
    const [client, clock] = run;
    const swapped = [[client, clock + 3, 2] as const, [client, clock, 3] as const];
    expect(shown(draft, { ...honest, quote: 'wnbro', runs: swapped, before: '', after: '' })).toEqual(['gone']);
  });

  it('in a draft without any text', () => {
    expect(shown(draftOf(), honest)).toEqual(['gone']);
    expect(shown(draftOf(''), honest)).toEqual(['gone']);
    expect(proseMirrorToRange(buildTextIndex(draftOf()), 0, 9)).toEqual({ from: 0, to: 0 });
    expect(rangeToProseMirror(buildTextIndex(draftOf()), 0, 9)).toEqual({ from: 0, to: 0 });
  });

  it('a quote that is everywhere is searched for in bounded time', () => {
    const monotonous = buildTextIndex(draftOf('a'.repeat(200_000)));
    for (let n = 0; n < 300; n += 1) {
      const anchor = {
        runs: [[1, n, 1] as const],
        quote: 'a'.repeat(499) + (n % 2 === 0 ? 'b' : 'a'),
        before: 'a'.repeat(32),
        after: 'a'.repeat(32),
      };
      expect(resolveAnchor(monotonous, anchor)).toEqual({ place: 'gone' });
    }
  });
});

describe('[ANC6] finding a string', () => {
  it.each([
    ['ana', [0, 8]],
    ['an', [0, 8]],
    ['a', [0, 2, 8, 10]],
    ['ana ben ana', [0]],
    ['ana ben anaa', []],
    ['ben', [4]],
    ['zoe', []],
  ])('%j', (needle, places) => {
    expect(new QuoteSearch('ana ben ana').occurrences(needle, 9)).toEqual(places);
  });

  it('says so when there are too many', () => {
    expect(new QuoteSearch('abc abc abc').occurrences('abc', 2)).toBeNull();
    expect(new QuoteSearch('ab ab ab').occurrences('ab', 2)).toBeNull();
    expect(new QuoteSearch('abc').occurrences('', 2)).toBeNull();
    expect(new QuoteSearch('').occurrences('abc', 2)).toEqual([]);
  });
});
