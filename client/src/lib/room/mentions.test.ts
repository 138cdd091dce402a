import { describe, expect, test } from 'vitest';
import { completingAt, mentionedIn, mentionRanges, offered, withMention } from './mentions.ts';

const completing = (before: string) => completingAt(before, before.length);

describe('mentions', () => {
  test.each([
    ['@', { at: 0, typed: '' }],
    ['请@委员', { at: 1, typed: '委员' }],
    ['请 ＠be', { at: 2, typed: 'be' }],
    ['(@a', { at: 1, typed: 'a' }],
    ['ana@example', null],
    ['a@', null],
    ['@ana 好', null],
    ['没有', null],
    [`@${'字'.repeat(41)}`, null],
  ])('[DIS1] at the end of %s', (before, expected) => {
    expect(completing(before)).toEqual(expected);
  });

  test('[DIS1] names that begin so come first, then who is here, then who spoke last', () => {
    const person = (id: string, name: string, here = false, spokeAt = 0) => ({ id, name, here, spokeAt });
    const people = [
      person('1', '城建界 · 委员乙'),
      person('2', '委员甲', false, 9),
      person('3', '委员丙', true),
      person('4', '委员丁', true, 50),
      person('5', '副委员'),
      person('6', 'Ben'),
    ];
    expect(offered(people, '委员').map(({ id }) => id)).toEqual(['4', '3', '2', '1', '5']);
    expect(offered(people, 'BEN').map(({ id }) => id)).toEqual(['6']);
    expect(offered(people, '', 2).map(({ id }) => id)).toEqual(['4', '3']);
  });

  test('[DIS1] a chosen name stands in the text with its @ and one space', () => {
    expect(withMention('请@委看', { at: 1, typed: '委' }, '委员甲')).toEqual({ text: '请@委员甲 看', caret: 6 });
    expect(withMention('@b rest', { at: 0, typed: 'b' }, 'Ben')).toEqual({ text: '@Ben rest', caret: 5 });
  });

  test('[DIS1] only names still standing are sent, each once, and the longer of two names counts', () => {
    const chosen = [
      { id: 'a', name: '委员甲' },
      { id: 'b', name: '委员甲乙' },
      { id: 'c', name: 'Cai' },
    ];
    expect(mentionedIn('@委员甲乙 和 @委员甲，再请@委员甲', chosen)).toEqual(['b', 'a']);
    expect(mentionedIn('@Ca', chosen)).toEqual([]);
    expect(mentionRanges('＠Cai好', chosen)).toEqual([{ from: 0, to: 4, id: 'c' }]);
  });
});
