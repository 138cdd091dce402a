import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rejectionCodes } from '#shared/domain/rejections.ts';
import type { Refusal } from '../api/refusal.ts';
import { bringArea, bringLang, catalogue } from './catalogue.ts';
import { sentenceFor } from './rejections.ts';

type Entry = readonly [path: string, value: unknown];

function entries(node: unknown, path: string): Entry[] {
  if (typeof node !== 'object' || node === null) return [[path, node]];
  return Object.entries(node).flatMap(([key, value]) => entries(value, path === '' ? key : `${path}.${key}`));
}

const han = /\p{Script=Han}/u;
/** The switch to Chinese is written in Chinese, for those who look for it. */
const spokenInTheOther = ['shell.otherLanguage', 'room.switchLanguage'];

/** What an entry says: itself, or what its function says about none, one, several and a name. */
function sayings([path, value]: Entry): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'function') throw new Error(`${path} is neither a text nor a function`);
  if (path.startsWith('rejections.')) return [sentence(path.split('.')[1] as Refusal['code'], value)];
  const speak = value as (...parameters: unknown[]) => unknown;
  // The number of a clause is a text that is a number.
  const given = path === 'editor.more.clause' ? ['0', '1', '7', '5-1'] : [0, 1, 7, 'x'];
  return given.map((parameter) => {
    const said = speak(...Array.from({ length: speak.length }, () => parameter));
    if (typeof said !== 'string') throw new Error(`${path} says no text`);
    return said;
  });
}

const facts = { most: 10, got: 12, least: 10, retryAfterMs: 2_400, status: 502, field: 'title' };
const sentence = (code: Refusal['code'], say: unknown) => (say as (refusal: Refusal) => string)({ code, ...facts } as Refusal);

await Promise.all((['en', 'zh'] as const).map(bringLang));
await Promise.all((['room', 'details', 'account', 'history'] as const).map(bringArea));
const flat = { en: entries(catalogue.en, ''), zh: entries(catalogue.zh, '') };

test('[UI3] both languages have the same texts', () => {
  expect(flat.zh.map(([path]) => path)).toEqual(flat.en.map(([path]) => path));
  expect(flat.zh.map(([, value]) => typeof value)).toEqual(flat.en.map(([, value]) => typeof value));
  expect(flat.en.length).toBeGreaterThan(200);
});

describe.each(['en', 'zh'] as const)('[UI3] in %s', (lang) => {
  test('no text is empty or says something undefined', () => {
    for (const entry of flat[lang]) {
      for (const said of sayings(entry)) {
        expect(said.trim(), entry[0]).not.toBe('');
        expect(said, entry[0]).not.toMatch(/undefined|NaN|\[object/);
      }
    }
  });

  test('every rejection has a sentence of its own', () => {
    const said = rejectionCodes.map((code) => sentenceFor(catalogue[lang].rejections, { code, ...facts } as Refusal));
    expect(new Set(said).size).toBe(rejectionCodes.length);
  });
});

test('[UI3] no Chinese stands in an English text', () => {
  for (const [path, value] of flat.en) {
    if (!spokenInTheOther.includes(path)) expect(String(value), path).not.toMatch(han);
  }
});

test('[UI3] a code of a newer server still gets a sentence', () => {
  const unknown = { code: 'notInvented' } as unknown as Refusal;
  expect(sentenceFor(catalogue.en.rejections, unknown)).toMatch(/try again/);
});

test('the pages that speak of more than the site bring their words', () => {
  const bring = (file: string) => readFileSync(new URL(`../../routes/${file}`, import.meta.url), 'utf8');
  expect(bring('rooms/+layout.ts')).toContain("bringArea('room')");
  expect(bring('rooms/[id]/history/+page.ts')).toContain("bringArea('history')");
  for (const beside of ['outcome', 'slips']) expect(bring(`rooms/[id]/${beside}/+page.ts`)).toContain("bringArea('details')");
  expect(bring('account/+page.ts')).toContain("bringArea('account')");
});
