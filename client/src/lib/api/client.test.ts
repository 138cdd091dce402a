import { expect, test } from 'vitest';
import { apiWith } from './client.ts';

const answering = (body: string | null, status: number) => apiWith(() => Promise.resolve(new Response(body, { status })));

test('[UI6] an answer is a value, an empty one is null', async () => {
  expect(await answering('{"rooms":[]}', 200).get('/api/rooms')).toEqual({ ok: true, value: { rooms: [] } });
  expect(await answering(null, 204).delete('/api/session')).toEqual({ ok: true, value: null });
});

test('[UI6] a refusal of the server is passed on with its facts', async () => {
  const rejection = { code: 'passwordTooShort', least: 10 };
  expect(await answering(JSON.stringify({ rejection }), 400).post('/api/setup', {})).toEqual({ ok: false, rejection });
});

test.each([
  ['a proxy speaks HTML', '<h1>Bad gateway</h1>', 502],
  ['HTML comes with success', '<h1>Log in to the Wi-Fi</h1>', 200],
  ['a refusal has no code', '{"rejection":{}}', 400],
  ['an error has no body', '', 500],
])('[UI6] %s: broken', async (_case, body, status) => {
  expect(await answering(body, status).get('/api/me')).toEqual({ ok: false, rejection: { code: 'broken', status } });
});

test('[UI6] no answer at all: offline', async () => {
  const unplugged = apiWith(() => Promise.reject(new TypeError('Failed to fetch')));
  expect(await unplugged.get('/api/me')).toEqual({ ok: false, rejection: { code: 'offline' } });
});

test('the body goes as JSON, and none where there is nothing to say', async () => {
  const sent: (RequestInit | undefined)[] = [];
  const api = apiWith((_path, init) => {
    sent.push(init);
    return Promise.resolve(new Response('{}'));
  });
  await api.post('/api/rooms', { title: '商量' });
  await api.delete('/api/session');
  expect(sent[0]).toMatchObject({ method: 'POST', body: '{"title":"商量"}', headers: { 'content-type': 'application/json' } });
  expect(sent[1]).toEqual({ method: 'DELETE', headers: { accept: 'application/json' } });
});
