import { expect, test } from 'vitest';
import { safeNext, signInPath } from './nextPath.ts';

test.each(['/', '/rooms/abc', '/rooms/abc?x=1#c3'])('[UI7] after signing in one may come back to %s', (path) => {
  expect(safeNext(new URLSearchParams(signInPath(path).split('?')[1]).get('next'))).toBe(path);
});

test.each([null, '', 'https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)', '/a b', '/a\nb'])(
  '[UI7] %j is no place to come back to',
  (path) => {
    expect(safeNext(path)).toBe(null);
  },
);
