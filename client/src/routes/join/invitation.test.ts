import { expect, test } from 'vitest';
import { apiWith } from '../../lib/api/client.ts';
import { linkIsDead, previewOf, secretIn } from './invitation.ts';

const secret = 'abcDEF_0123456789-abcdef';

test.each([secret, `http://hall.test:3000/join#${secret}`, `  https://hall.test/join/#${secret}\n`])(
  '[UI9] %j has a secret in it',
  (pasted) => {
    expect(secretIn(pasted)).toBe(secret);
  },
);

test.each(['', 'http://hall.test/join#', 'http://hall.test/rooms/abc', '<script>', 'too-short'])('[UI9] %j has none', (pasted) => {
  expect(secretIn(pasted)).toBe(null);
});

test('[UI9] a link that was cut short is an unknown link, and no other try can help it', async () => {
  const api = apiWith(() => Promise.resolve(new Response('{"rejection":{"code":"malformed","field":"secret"}}', { status: 400 })));
  expect(await previewOf(api, 'cut')).toEqual({ ok: false, rejection: { code: 'linkUnknown' } });
  expect(linkIsDead({ code: 'linkUnknown' })).toBe(true);
  expect(linkIsDead({ code: 'offline' })).toBe(false);
});
