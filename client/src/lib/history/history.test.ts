import { expect, test } from 'vitest';
import type { WireCommit } from '#shared/domain/commit.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import type { ShownText } from '#shared/document/history/textAt.ts';
import { cutAt, sharesOf } from './authorship.ts';
import { captionAt, captionsOf, filmMs, filmOf, pictureAt, pictureOf } from './film.ts';
import { RoomThen } from './roomThen.ts';
import type { Stop } from './timeline.ts';
import { stopsOf } from './timeline.ts';

const words = (text: string) => ({ digest: text, salt: 's', text });

function commit(seq: number, at: number, ...events: RoomEvent[]): WireCommit {
  const own = events.map((event) => ({ digest: 'd', salt: 's', event }));
  return {
    stream: { kind: 'room', id: 'r' },
    seq,
    at,
    actorId: 'ana',
    commandId: 'c',
    commandMac: '',
    prevHash: '',
    hash: '',
    events: own,
  };
}

const posted = (comment: number, seq: number, at: number): WireCommit =>
  commit(seq, at, { type: 'comment.posted', v: 1, comment, parent: null, stance: null, body: words(`comment ${comment}`), anchor: null });
const sealed = (revision: number, seq: number, at: number, ordinal: number): WireCommit =>
  commit(seq, at, { type: 'draft.revisionSealed', v: 1, draftId: 'd', revision, lineage: 'l', ordinal, logDigest: '', contentHash: '' });
const moment = (ordinal: number, at: number) => ({ ordinal, at, by: 0, edits: 1 });

test('[HI8] the stops of text and talk stand in the order of time, each with the text and the room of its moment', () => {
  const commits = [commit(1, 5, { type: 'room.commentingOpened', v: 1 }), posted(1, 2, 20), sealed(1, 3, 25, 2), posted(2, 4, 40)];
  const stops = stopsOf([moment(1, 10), moment(2, 20), moment(4, 30)], commits, 'd');
  expect(stops.map(({ at, what, moment: text, seq, versions }) => [at, what, text, seq, versions.length])).toEqual([
    [5, 'stage', -1, 1, 0],
    [10, 'text', 0, 1, 0],
    [20, 'talk', 0, 2, 0],
    [20, 'text', 1, 2, 0],
    [25, 'stage', 1, 3, 1],
    [30, 'text', 2, 3, 0],
    [40, 'talk', 2, 4, 0],
  ]);
});

test('[HI8] a version stands where it was sealed, with the text it is; of another draft it is none', () => {
  const numbers = (moments: Parameters<typeof stopsOf>[0], commits: readonly WireCommit[]) =>
    stopsOf(moments, commits, 'd').map(({ at, versions }) => [at, ...versions]);
  expect(numbers([moment(2, 10)], [sealed(1, 1, 5, 0)])).toEqual([[5, 1], [10]]);
  // Sealed at ordinal 1 while somebody wrote on.
  expect(numbers([moment(1, 10), moment(2, 11)], [sealed(1, 1, 12, 1)])).toEqual([[10, 1], [11]]);
  expect(stopsOf([moment(1, 10)], [sealed(1, 1, 12, 1)], 'other')).toHaveLength(1);
  expect(stopsOf([], [], 'd')).toEqual([]);
});

test('[HI8] the room then is the fold of its log up to then, wherever one comes from', () => {
  const commits = Array.from({ length: 200 }, (_, index) => posted(index + 1, index + 1, index));
  const then = new RoomThen(commits);
  for (const seq of [200, 0, 31, 32, 33, 199, 64, 1, 200]) expect(then.at(seq).comments.length).toBe(seq);
});

const stop = (what: Stop['what'], versions: readonly number[] = []): Stop => ({ at: 0, moment: 0, seq: 0, what, versions });

test('[HI9] a room plays in one minute, a comment longer than an edit', () => {
  const stops = [stop('stage'), stop('text'), stop('talk'), stop('text', [1]), ...Array.from({ length: 500 }, () => stop('text'))];
  const film = filmOf(stops, false);
  expect(film.shown).toHaveLength(stops.length);
  const lasts = (index: number): number => (film.begins[index + 1] ?? filmMs) - (film.begins[index] ?? 0);
  expect(lasts(2)).toBeCloseTo(4 * lasts(1));
  expect(film.begins.at(-1)).toBeLessThan(filmMs);
  expect(pictureAt(film, 0)).toBe(0);
  expect(pictureAt(film, filmMs)).toBe(stops.length - 1);
  for (let index = 0; index < stops.length; index += 7) expect(pictureAt(film, film.begins[index] ?? 0)).toBe(index);
});

test('[HI9] under a film of very many comments stand as many as can be read, each of them for three seconds at least', () => {
  const stops = Array.from({ length: 2_000 }, (_, index) => ({ ...stop(index % 5 === 0 ? 'text' : 'talk'), at: index }));
  const film = filmOf(stops, false);
  const captions = captionsOf(film, stops, ({ what, at }) => what === 'talk' && at !== 1);
  expect(captions.length).toBeGreaterThan(15);
  expect(captions.length).toBeLessThanOrEqual(20);
  expect(captions[0]?.at).toBe(2);
  captions.slice(1).forEach(({ begins }, index) => expect(begins - (captions[index]?.begins ?? 0)).toBeGreaterThanOrEqual(3_000));
  expect(captionAt(captions, -1)).toBeNull();
  expect(captionAt(captions, (captions[3]?.begins ?? 0) + 2_900)).toBe(captions[3]?.at);
  // Where nobody speaks for long, the last words do not stay for ever.
  expect(captionAt(captions.slice(0, 1), 10_000)).toBeNull();
});

test('[HI9] without motion it goes by versions and to the end', () => {
  const stops = Array.from({ length: 100 }, (_, index) => stop('text', index % 20 === 10 ? [index] : []));
  const film = filmOf(stops, true);
  expect(film.shown).toEqual([10, 30, 50, 70, 90, 99]);
  expect(film.begins[1]).toBeCloseTo(10_000);
  expect(pictureOf(film, 60)).toBe(2);
  expect(filmOf([stop('text'), stop('text')], true).shown).toEqual([0, 1]);
  expect(filmOf([], true).shown).toEqual([]);
});

test('[HI1] shares and passages are told by who and which characters', () => {
  const text = (by: string, words: string, clock: number, at: number): ShownText => ({ type: 'text', text: words, by, at, id: [7, clock] });
  const node = {
    type: 'paragraph',
    by: 'ana',
    id: [1, 1] as const,
    content: [text('ana', 'abc', 0, 5), text('ben', 'defgh', 3, 9), text('ana', 'i', 8, 7)],
  };
  expect(sharesOf([node])).toEqual([
    { by: 'ben', characters: 5, lastAt: 9 },
    { by: 'ana', characters: 4, lastAt: 7 },
  ]);
  const cuts = cutAt(text('ben', 'defgh', 3, 9), [
    [7, 4, 2],
    [8, 3, 9],
    [7, 7, 40],
  ]);
  expect(cuts).toEqual([
    { text: 'd', marked: false },
    { text: 'ef', marked: true },
    { text: 'g', marked: false },
    { text: 'h', marked: true },
  ]);
});
