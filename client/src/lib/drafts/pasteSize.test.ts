import { getSchema } from '@tiptap/core';
import { Slice, Fragment } from '@tiptap/pm/model';
import { describe, expect, it } from 'vitest';
import { draftExtensions } from './extensions.ts';
import { isTooLarge } from './pasteSize.ts';

const schema = getSchema(draftExtensions());
const paragraphs = (count: number, words: string): Slice =>
  new Slice(Fragment.from(Array.from({ length: count }, () => schema.node('paragraph', null, [schema.text(words)]))), 1, 1);

describe('[ED20] what is pasted at once', () => {
  it.each<[string, boolean, Slice]>([
    ['a page', false, paragraphs(10, '第一条 公园东侧增设一处入口。')],
    ['a law of 43,000 characters', false, paragraphs(430, '条'.repeat(100))],
    ['340,000 Chinese characters', false, paragraphs(340, '条'.repeat(1_000))],
    ['360,000 Chinese characters', true, paragraphs(360, '条'.repeat(1_000))],
    ['a megabyte of letters in one line', true, new Slice(Fragment.from(schema.text('a'.repeat(1_048_576))), 0, 0)],
    ['60,000 lines of a word each, by what stands around the words', true, paragraphs(60_000, 'a')],
    ['nothing', false, Slice.empty],
  ])('%s: refused is %s', (_title, refused, slice) => {
    expect(isTooLarge(slice)).toBe(refused);
  });
});
