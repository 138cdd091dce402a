import { expect, test } from 'vitest';
import { linkAddress } from './linkAddress.ts';

test('[ED13] an address is completed as it was meant, or refused', () => {
  expect(linkAddress(' example.org/a?b=1#c ')).toBe('https://example.org/a?b=1#c');
  expect(linkAddress('http://example.org')).toBe('http://example.org');
  expect(linkAddress('example.org:8080/x')).toBe('https://example.org:8080/x');
  expect(linkAddress('ana@example.org')).toBe('mailto:ana@example.org');
  expect(linkAddress('MAILTO:ana@example.org')).toBe('MAILTO:ana@example.org');
  for (const bad of [
    '',
    '  ',
    'word',
    'javascript:alert(1)',
    'data:text/html,x',
    'a b.org',
    'https://ana:pw@example.org',
    'ftp://example.org',
  ]) {
    expect(linkAddress(bad), bad).toBeNull();
  }
});
