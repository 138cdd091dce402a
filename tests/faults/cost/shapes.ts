import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { handmade } from '../../support/handmade.ts';
import type { Id, Piece } from '../../support/handmade.ts';
import { randomOf } from '../../support/random.ts';

/*
 * Updates that any Yjs takes and no person types: each shape grows with `n` and costs the more than `n` the larger it is. A shape brings
 * what it rests on; the client ids begin at `from`, a thousand apart, so that shapes do not meet. Small frames, as many as are needed.
 */
export type Shape = (n: number, from: number) => readonly Uint8Array[];

const paragraph: Piece['content'] = { element: 'paragraph' };
const many = <T>(n: number, make: (index: number) => T): T[] => Array.from({ length: n }, (_, index) => make(index));

/** A chain of paragraphs, each behind the one before. */
function chain(client: number, n: number): Piece[] {
  return many(n, (k) => (k === 0 ? { parent: DRAFT_FIELD, content: paragraph } : { origin: [client, k - 1] as Id, content: paragraph }));
}

/** A paragraph with a text of so many characters, which begins at clock 2. */
function longText(client: number, characters: number): Uint8Array {
  return handmade([
    {
      client,
      clock: 0,
      pieces: [
        { parent: DRAFT_FIELD, content: paragraph },
        { parent: [client, 0], content: 'text' },
        { parent: [client, 1], content: { text: 'x'.repeat(characters) } },
      ],
    },
  ]);
}

export const shapes: Readonly<Record<string, Shape>> = {
  'siblings over a chain of paragraphs': (n, from) => [
    handmade([{ client: from, clock: 0, pieces: chain(from, n) }]),
    handmade([{ client: from + 1, clock: 0, pieces: many(n, (k) => ({ right: [from, n - 1 - k] as Id, content: paragraph })) }]),
  ],
  'the same, ten a frame': (n, from) => [
    handmade([{ client: from, clock: 0, pieces: chain(from, n) }]),
    ...many(Math.ceil(n / 10), (frame) =>
      handmade([
        {
          client: from + 1,
          clock: frame * 10,
          pieces: many(10, (k) => ({ right: [from, Math.max(0, n - 1 - frame * 10 - k)] as Id, content: paragraph })),
        },
      ]),
    ),
  ],
  'siblings of many clients, lowest first': (n, from) => [
    ...many(Math.ceil(n / 8), (frame) =>
      handmade(
        many(8, (k) => ({ client: from + frame * 8 + k, clock: 0, pieces: [{ parent: DRAFT_FIELD, content: paragraph }] })).reverse(),
      ),
    ),
  ],
  'siblings among themselves in one frame': (n, from) => [
    handmade([{ client: from, clock: 0, pieces: chain(from, 4) }]),
    handmade([
      {
        client: from + 2,
        clock: 0,
        pieces: many(n, (k) => ({
          origin: [from, 0] as Id,
          right: k % 2 === 0 ? ([from, 2] as Id) : ([from, 3] as Id),
          content: paragraph,
        })),
      },
      {
        client: from + 1,
        clock: 0,
        pieces: many(n, (k) => ({
          origin: [from, 0] as Id,
          right: k % 2 === 0 ? ([from, 1] as Id) : ([from, 3] as Id),
          content: paragraph,
        })),
      },
    ]),
  ],
  'values of one attribute': (n, from) => [
    handmade([{ client: from, clock: 0, pieces: [{ parent: DRAFT_FIELD, content: { element: 'heading' } }] }]),
    handmade([
      { client: from + 1, clock: 0, pieces: many(n, (k) => ({ parent: [from, 0] as Id, key: 'level', content: { value: 1 + (k % 3) } })) },
    ]),
  ],
  'values of one attribute, a few a frame': (n, from) => [
    handmade([{ client: from, clock: 0, pieces: [{ parent: DRAFT_FIELD, content: { element: 'heading' } }] }]),
    ...many(Math.ceil(n / 20), (frame) =>
      handmade([
        {
          client: from + 1,
          clock: frame * 20,
          pieces: many(20, (k) => ({ parent: [from, 0] as Id, key: 'level', content: { value: 1 + (k % 3) } })),
        },
      ]),
    ),
  ],
  'deleted ranges in one text': (n, from) => [
    longText(from, 2 * n),
    handmade([], new Map([[from, many(n, (k) => [2 + 2 * k, 1] as const)]])),
  ],
  'cuts of one text': (n, from) => [
    longText(from, 2 * n),
    handmade([
      {
        client: from + 1,
        clock: 0,
        pieces: many(n, (k) => ({
          origin: [from, 2 + ((k * 7_919) % (2 * n - 1))] as Id,
          right: [from, 3 + ((k * 7_919) % (2 * n - 1))] as Id,
          content: { text: 'y' },
        })),
      },
    ]),
  ],
  'a text that is cut in its own frame': (n, from) => [
    handmade([
      {
        client: from,
        clock: 0,
        pieces: [
          { parent: DRAFT_FIELD, content: paragraph },
          { parent: [from, 0], content: 'text' },
          { parent: [from, 1], content: { text: 'x'.repeat(2 * n) } },
        ],
      },
      {
        client: from + 1,
        clock: 0,
        pieces: many(n, (k) => ({
          origin: [from, 2 + ((k * 7_919) % (2 * n - 1))] as Id,
          right: [from, 3 + ((k * 7_919) % (2 * n - 1))] as Id,
          content: { text: 'y' },
        })),
      },
    ]),
  ],
  'texts at one place of a text': (n, from) => [
    longText(from, n),
    handmade([
      {
        client: from + 1,
        clock: 0,
        pieces: many(n, (k) => ({ origin: [from, 2] as Id, right: k === 0 ? null : ([from, 2 + n - k] as Id), content: { text: 'y' } })),
      },
    ]),
  ],
  'marks at one place of a text': (n, from) => [
    longText(from, n),
    handmade([
      {
        client: from + 1,
        clock: 0,
        pieces: many(n, (k) => ({
          origin: [from, 2] as Id,
          right: [from, 2 + n - 1 - k] as Id,
          content: { mark: 'bold', value: k % 2 === 0 ? {} : null },
        })),
      },
    ]),
  ],
  'what walks later, under a place contended before': (n, from) => [
    handmade([{ client: from, clock: 0, pieces: chain(from, 2) }]),
    ...many(Math.ceil(n / 8), (frame) =>
      handmade(
        many(8, (k) => ({
          client: from + 900_000 - frame * 8 - k,
          clock: 0,
          pieces: [{ origin: [from, 0] as Id, right: [from, 1] as Id, content: paragraph }],
        })),
      ),
    ),
    handmade([{ client: from + 1, clock: 0, pieces: [{ origin: [from, 0], right: [from, 1], content: paragraph }] }]),
    ...many(Math.ceil(n / 100), (frame) =>
      handmade([
        {
          client: from + 950_000 + (frame % 2),
          clock: Math.floor(frame / 2) * 100,
          pieces: many(100, (k) => ({
            origin: (k === 0 && frame < 2
              ? [from + 1, 0]
              : k === 0
                ? [from + 950_000 + (frame % 2), Math.floor(frame / 2) * 100 - 1]
                : [from + 950_000 + (frame % 2), Math.floor(frame / 2) * 100 + k - 1]) as Id,
            right: [from, 1] as Id,
            content: paragraph,
          })),
        },
      ]),
    ),
  ],
  'paragraphs at random places of a chain': (n, from) => {
    const random = randomOf(from + n);
    return [
      handmade([{ client: from, clock: 0, pieces: chain(from, n) }]),
      ...many(Math.ceil(n / 50), (frame) =>
        handmade([
          {
            client: from + 1 + (frame % 7),
            clock: Math.floor(frame / 7) * 50,
            pieces: many(50, () => {
              const left = random(n - 1);
              return { origin: [from, left] as Id, right: [from, left + 1 + random(n - left - 1)] as Id, content: paragraph };
            }),
          },
        ]),
      ),
    ];
  },
  'client ids without end': (n, from) => [
    handmade([{ client: from, clock: 0, pieces: chain(from, 1) }]),
    ...many(Math.ceil(n / 8), (frame) =>
      handmade(
        many(8, (k) => ({
          client: from + 1 + frame * 8 + k,
          clock: 0,
          pieces: [{ origin: [from, 0] as Id, content: paragraph }],
        })).reverse(),
      ),
    ),
  ],
  'elements in elements': (n, from) => [
    handmade([
      {
        client: from,
        clock: 0,
        pieces: many(n, (k) => ({ parent: k === 0 ? DRAFT_FIELD : ([from, k - 1] as Id), content: { element: 'blockquote' } })),
      },
    ]),
  ],
};
