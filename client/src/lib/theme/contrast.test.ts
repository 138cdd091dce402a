import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contrast, mix, rgb, tokensAfter, type Tokens } from './tokens.ts';

const css = readFileSync(new URL('../../app.css', import.meta.url), 'utf8');
const light = tokensAfter(css, ':root');
const dark = tokensAfter(css, ":root[data-theme='dark']");
const byDevice = tokensAfter(css, ":root[data-theme='auto']");

const avatar = readFileSync(new URL('../ui/Avatar.svelte', import.meta.url), 'utf8');
/** How much of the person's colour is in an avatar's initial and in its ground, as Avatar.svelte has it. */
const [groundShare, initialShare] = [...avatar.matchAll(/color-mix\(in srgb, var\(--person\) (\d+)%/g)].map(
  (found) => Number(found[1]) / 100,
) as [number, number];

const people = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `p${number}`);

/** Every ink that stands on every ground, by name of the token. */
const pairs: readonly (readonly [ink: string, ground: string])[] = [
  ...['ink', 'ink-2', 'ink-3'].flatMap((ink) => ['paper', 'surface', 'sunken', 'hover'].map((ground) => [ink, ground] as const)),
  ...['good', 'warn', 'bad', 'accent'].flatMap((ink) => ['paper', 'surface', `${ink}-soft`].map((ground) => [ink, ground] as const)),
  ...['good-soft', 'warn-soft', 'bad-soft', 'accent-soft', 'quote', 'quote-now', 'insert-soft', 'delete-soft'].map(
    (ground) => ['ink', ground] as const,
  ),
  ['accent-ink', 'accent'],
  ['insert', 'insert-soft'],
  ['delete', 'delete-soft'],
  ['paper', 'ink'],
  ...people.flatMap((person) => [[person, 'paper'] as const, [person, 'surface'] as const, ['surface', person] as const]),
];

function colorIn(tokens: Tokens, name: string) {
  const value = tokens.get(name);
  if (value === undefined) throw new Error(`no token --${name}`);
  return rgb(value);
}

describe.each([
  ['light', light],
  ['dark', dark],
] as const)('[UI1] in the %s theme', (_theme, tokens) => {
  const faint = (checked: readonly (readonly [name: string, ratio: number])[], least: number) =>
    checked.filter(([, ratio]) => ratio < least).map(([name, ratio]) => `${name}: ${ratio.toFixed(2)}`);

  test('every text on its ground has a contrast of at least 4.5', () => {
    const checked = pairs.map(
      ([ink, ground]) => [`--${ink} on --${ground}`, contrast(colorIn(tokens, ink), colorIn(tokens, ground))] as const,
    );
    expect(faint(checked, 4.5)).toEqual([]);
  });

  test('the initial on a tinted avatar has a contrast of at least 4.5', () => {
    const checked = people.map((person) => {
      const color = colorIn(tokens, person);
      const initial = mix(color, initialShare, colorIn(tokens, 'ink'));
      return [`--${person}`, contrast(initial, mix(color, groundShare, colorIn(tokens, 'surface')))] as const;
    });
    expect(faint(checked, 4.5)).toEqual([]);
  });

  test('the focus ring has a contrast of at least 3', () => {
    const checked = ['paper', 'surface', 'sunken', 'hover'].map(
      (ground) => [`--focus on --${ground}`, contrast(colorIn(tokens, 'focus'), colorIn(tokens, ground))] as const,
    );
    expect(faint(checked, 3)).toEqual([]);
  });
});

test('[UI2] the dark theme is the same by the choice of the person and by that of the device', () => {
  expect([...byDevice]).toEqual([...dark]);
  expect(dark.size).toBeGreaterThan(30);
});

test('the contrast of black on white is 21', () => {
  expect(contrast(rgb('#000000'), rgb('#ffffff'))).toBeCloseTo(21, 5);
});
