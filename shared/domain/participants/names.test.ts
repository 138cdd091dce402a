import { describe, expect, test } from 'vitest';
import { nameFault, numbersOfSame, skeletonOf, withoutUnseen } from './names.ts';

describe('[NAM1] what misleads the eye is no name', () => {
  test.each([
    ['a filler of Hangul', '\u3164', 'nameInvisible'],
    ['fillers between letters', 'A\u115fna', 'nameInvisible'],
    ['a space without width', 'Ana\u200b', 'nameInvisible'],
    ['a joiner where nothing is joined', 'A\u200dna', 'nameInvisible'],
    ['what turns the direction', '\u202eanA', 'nameInvisible'],
    ['an isolate', '\u2066Ana\u2069', 'nameInvisible'],
    ['a blank of Braille', '\u2800\u2800', 'nameInvisible'],
    ['a soft hyphen', 'A\u00adna', 'nameInvisible'],
    ['dots alone', '···', 'nameInvisible'],
    ['a Cyrillic а in a Latin word', '\u0430dmin', 'nameMixed'],
    ['a Greek ο in a Latin word', 'R\u03bfot', 'nameMixed'],
  ])('%s', (_title, name, fault) => expect(nameFault(name)).toBe(fault));

  test.each([
    '王伟',
    '王 伟',
    'José Núñez',
    'Иван Smith',
    'O’Brien-Łukasz',
    '李建国（一中）',
    'میرزا\u200cعلی',
    '辻\u{e0100}',
    '👩\u200d⚖️ Ana',
    '田中ハルカ',
    '김민준',
  ])('%s is one', (name) => expect(nameFault(name)).toBe(null));

  test('what comes from elsewhere comes without it', () => expect(withoutUnseen('\u202eA\u3164na\u200b')).toBe('Ana'));
});

describe('[NAM2] people whose names look the same are told apart, and none is refused', () => {
  test.each([
    ['admin', 'ＡＤＭＩＮ'],
    ['Ana', 'ANA '],
    ['Scope', '\u0405\u0441\u043e\u0440\u0435'],
    ['王二', '王ニ'],
    ['Bill', 'BiIl'],
    ['Tom', 'Torn'],
  ])('%s and %s', (one, other) => {
    expect(skeletonOf(other)).toBe(skeletonOf(one));
  });

  test.each([
    ['王伟', '王玮'],
    ['Ana', 'Anna'],
    ['张三', '张二'],
  ])('%s and %s differ', (one, other) => expect(skeletonOf(other)).not.toBe(skeletonOf(one)));

  test('the second and the third of a name have a number, the first has none', () => {
    const people = ['王伟', 'Ana', ' 王伟', '王 伟', ''].map((displayName, index) => ({ id: String(index), displayName }));
    expect([...numbersOfSame(people)]).toEqual([
      ['2', 2],
      ['3', 3],
    ]);
  });
});
