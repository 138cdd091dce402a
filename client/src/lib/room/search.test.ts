import { describe, expect, test } from 'vitest';
import { makeWords } from '#shared/domain/words.ts';
import { aComment } from './builders.ts';
import { fold, foundIn, hitsIn, queryOf } from './search.ts';
import { buildThreads } from './threading.ts';

function hits(text: string, typed: string): string[] {
  const query = queryOf(typed);
  return query === null ? [] : hitsIn(text, query).map(({ from, to }) => text.slice(from, to));
}

describe('searching a text', () => {
  test.each([
    ['Chinese inside a longer word', '出入口间距一般不超过三百米', '间距', ['间距']],
    ['whatever the case', 'The RAMP and the ramps', 'Ramp', ['RAMP', 'ramp']],
    ['whatever the width', 'ＡＢＣ路与abc路', 'abc', ['ＡＢＣ', 'abc']],
    ['whatever the accents', 'Añade más árboles', 'mas arboles', ['más', 'árboles']],
    ['a letter that folds to two', 'ﬁne and ŉ', 'fine', ['ﬁne']],
    ['signs beyond the first plane', '😀坡道😀坡', '坡', ['坡', '坡']],
    ['several words, in any order', '坡道要缓，出入口要宽', '出入口 坡道', ['坡道', '出入口']],
    ['hits that overlap are one', 'abcabcab', 'abcab', ['abcab']],
    ['right to left', 'ئەم پێشنیارە باشە', 'پێشنیار', ['پێشنیار']],
    ['nothing', '坡道', '门', []],
    ['no words at all', '坡道', '  ', []],
  ])('[DIS5] finds %s', (_what, text, typed, expected) => {
    expect(hits(text, typed)).toEqual(expected);
  });

  test('[DIS5] every hit is on characters of the text, whatever the text', () => {
    const text = 'İstanbul ẞ ﷺ がﾊﾟ e\u0301é 𝐀𝐛';
    for (const character of text.replaceAll(' ', '')) {
      for (const hit of hits(text, character)) expect(fold(hit)).toContain(fold(character));
    }
  });
});

describe('searching the comments', () => {
  const said = (number: number, text: string, change = {}) => aComment(number, null, { body: makeWords(text, 's'), ...change });
  const threads = buildThreads([
    said(1, '坡道要缓'),
    { ...said(2, '同意', { authorId: 'ben' }), parent: 1 },
    said(3, '坡道太陡', { status: 'hidden' }),
    said(4, 'Ramps'),
  ]);
  const names: Record<string, string> = { ana: '安委员', ben: 'Ｂｅｎ' };
  const found = (typed: string) => foundIn(threads, queryOf(typed) ?? { words: [] }, (id) => names[id] ?? '');

  test('[DIS5] published words and names of authors are looked through, together', () => {
    expect(found('坡道')).toEqual([1]);
    expect(found('ben')).toEqual([2]);
    expect(found('安 ramps')).toEqual([4]);
    expect(found('ben ramps')).toEqual([]);
  });
});
