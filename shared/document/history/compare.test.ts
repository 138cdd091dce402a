import { describe, expect, test } from 'vitest';
import { chineseWords, compareDrafts } from './compare.ts';
import type { ComparedLine, Line } from './compare.ts';
import { difference } from './difference.ts';

const line = (text: string, kind = 'paragraph'): Line => ({ kind, depth: 0, text });
const words = chineseWords();

function spelt({ status, parts }: ComparedLine): string {
  const marks = { same: '', del: '-', ins: '+' } as const;
  return `${status}: ${parts.map(({ op, text }) => (op === 'same' ? text : `[${marks[op]}${text}]`)).join('')}`;
}

const compared = (from: readonly string[], to: readonly string[]): string[] =>
  compareDrafts(
    from.map((text) => line(text)),
    to.map((text) => line(text)),
    words,
  ).map(spelt);

/** What leaving out one side gives. */
function side(lines: readonly ComparedLine[], without: 'ins' | 'del'): string[] {
  const gone = without === 'ins' ? 'added' : 'removed';
  return lines
    .filter(({ status }) => status !== gone)
    .map(({ parts }) =>
      parts
        .filter(({ op }) => op !== without)
        .map(({ text }) => text)
        .join(''),
    );
}

describe('[HI7] comparing two versions', () => {
  test('Chinese is compared word by word', () => {
    expect(compared(['出入口间距不大于三百米。'], ['出入口间距不大于二百米。'])[0]).toMatch(
      /^changed: 出入口间距不大于\[-三百.*\]\[\+二百.*\].*。$/,
    );
    expect(compared(['社区食堂向老人开放。'], ['社区食堂应当向老人免费开放。'])).toEqual(['changed: 社区食堂[+应当]向老人[+免费]开放。']);
  });

  test('English is compared by whole words', () => {
    expect(compared(['at least three hundred metres'], ['at least two hundred metres'])).toEqual([
      'changed: at least [-three][+two] hundred metres',
    ]);
  });

  test('a line that says something else is another line, one that was moved is taken out and put in', () => {
    expect(compared(['甲乙丙丁', 'one two three'], ['one two three', '完全不同的一句话'])).toEqual([
      'removed: [-甲乙丙丁]',
      'same: one two three',
      'added: [+完全不同的一句话]',
    ]);
  });

  test('a line that only became a heading says so', () => {
    const [only] = compareDrafts([line('总则')], [line('总则', 'heading2')], words);
    expect(only).toMatchObject({ status: 'changed', was: 'paragraph', kind: 'heading2', parts: [{ op: 'same', text: '总则' }] });
  });

  test('nothing and something', () => {
    expect(compared([], ['新'])).toEqual(['added: [+新]']);
    expect(compared(['旧'], [])).toEqual(['removed: [-旧]']);
    expect(compared(['同'], ['同'])).toEqual(['same: 同']);
    expect(compared([''], ['字'])).toHaveLength(2);
  });

  test('leaving out what came gives the first version, leaving out what went the second (seeded)', () => {
    let state = 7;
    const next = (most: number): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1) % most;
    const vocabulary = ['应当', '老人', '，', '开放', ' ', 'bus', '。', '三百米', '😀', '的'];
    const sentence = (): string => Array.from({ length: next(9) }, () => vocabulary[next(vocabulary.length)]).join('');
    for (let round = 0; round < 300; round += 1) {
      const from = Array.from({ length: next(7) }, sentence);
      const to = from.flatMap((text) =>
        next(4) === 0
          ? []
          : next(3) === 0
            ? [sentence(), text]
            : [next(2) === 0 ? text : text.replace(vocabulary[next(9)] ?? '', sentence())],
      );
      const lines = compareDrafts(
        from.map((text) => line(text)),
        to.map((text) => line(text)),
        words,
      );
      expect(side(lines, 'ins')).toEqual(from);
      expect(side(lines, 'del')).toEqual(to);
    }
  });

  test('lists too long for a table are divided at what is unique', () => {
    const from = Array.from({ length: 6_000 }, (_, index) => `line ${index}`);
    const to = from.flatMap((text, index) => (index % 3 === 0 ? [`new ${index}`] : [text]));
    const stretches = difference(from, to);
    expect(stretches.filter(({ op }) => op !== 'ins').flatMap(({ items }) => items)).toEqual(from);
    expect(stretches.filter(({ op }) => op !== 'del').flatMap(({ items }) => items)).toEqual(to);
    expect(stretches.filter(({ op }) => op === 'same').flatMap(({ items }) => items)).toHaveLength(4_000);
  });
});
