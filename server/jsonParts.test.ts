import { expect, test } from 'vitest';
import { jsonChunks, textChunks } from './jsonParts.ts';

const long = '商量😀\ud800"\\\n'.repeat(20_000);

test.each([
  ['nothing', null],
  ['a number', 3.5],
  ['a long text', long],
  ['many rows', Array.from({ length: 5_000 }, (_, n) => ({ n, text: `row ${n} 😀`, none: undefined, list: [n, null, [true]] }))],
  ['a deep thing', { a: { b: { c: Array.from({ length: 400 }, (_, n) => [`${n}`, n, { d: long.slice(0, n) }]) } }, e: [], f: {} }],
])('[DOOR22] %s reads as JSON.stringify writes it, and no chunk is large', (_name, value) => {
  const chunks = [...jsonChunks(value)];
  expect(JSON.parse(chunks.join(''))).toEqual(JSON.parse(JSON.stringify(value)));
  for (const chunk of chunks) expect(chunk.length).toBeLessThan(512 * 1024);
});

test('[DOOR22] rows of a generator are made when they are asked for, bytes are base64', () => {
  let made = 0;
  function* rows(): Generator<unknown> {
    for (; made < 100_000; made += 1) yield { text: 'x'.repeat(100), bytes: new Uint8Array(100_001).fill(made) };
  }
  const chunks = jsonChunks({ rows: rows() });
  const first = chunks.next().value ?? '';
  expect([made < 10, first.startsWith('{"rows":[{"text":"xxx')]).toEqual([true, true]);
  const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => at % 251);
  expect(JSON.parse([...jsonChunks({ bytes })].join(''))).toEqual({ bytes: Buffer.from(bytes).toString('base64') });
});

test('[DOOR22] a text in slices is the same text in UTF-8', () => {
  const text = `a${'😀'.repeat(60_000)}`;
  expect(Buffer.concat([...textChunks(text)].map((slice) => Buffer.from(slice))).toString()).toBe(text);
});

test.each([1_000, 16_383, 16_384, 30_000, 49_152, 49_153, 200_000])('a text of %i characters stays a text', (length) => {
  const text = '公园"\\\n'.repeat(length).slice(0, length);
  for (const value of [text, { text }, [{ text }, text]]) expect(JSON.parse([...jsonChunks(value)].join(''))).toEqual(value);
});
