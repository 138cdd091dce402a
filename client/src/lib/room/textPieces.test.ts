import { expect, test } from 'vitest';
import { piecesOf } from './textPieces.ts';

test('[DIS2] links, mentions and hits cut a text into pieces that are the text', () => {
  const text = '请@委员甲 看 https://a.example/坡 的坡道';
  const mentions = [{ from: 1, to: 5, id: 'a' }];
  const hits = [
    { from: 2, to: 4 },
    { from: text.indexOf('坡道'), to: text.indexOf('坡道') + 1 },
  ];
  const pieces = piecesOf(text, mentions, hits);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  expect(pieces.filter(({ hit }) => hit).map((piece) => piece.text)).toEqual(['委员', '坡']);
  expect(
    pieces
      .filter((piece) => piece.mentions === 'a')
      .map((piece) => piece.text)
      .join(''),
  ).toBe('@委员甲');
  expect(piecesOf('')).toEqual([]);
});
