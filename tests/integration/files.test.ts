import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RoomSnapshot } from '#shared/domain/snapshot.ts';
import { ask, furnish, logDigest, tokenOf } from './house.ts';
import type { House, Kind } from './house.ts';

const fileBytes = 300_000;
const pdf = Buffer.from('%PDF-1.7\nhello');
const png = Buffer.from('\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0\0\u0001', 'latin1');

let house: House;
beforeAll(async () => {
  const { quickPace } = await import('../support/quickPace.ts');
  house = await furnish({ LIMITS: JSON.stringify({ ...quickPace, fileBytes, filesPerRoom: 8 }) });
});
afterAll(() => house.server.dispose());

async function send(kind: Kind, name: string, body: Uint8Array<ArrayBuffer> | ReadableStream, headers: Record<string, string> = {}) {
  const response = await fetch(`${house.server.url}/api/rooms/${house.roomId}/files?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { origin: house.server.url, 'content-type': 'application/octet-stream', ...house.credentials(kind), ...headers },
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as RequestInit);
  const json = (await response.json()) as { id?: string; rejection?: { code: string }; contentType?: string; bytes?: number };
  return { status: response.status, outcome: json.rejection?.code ?? 'ok', ...json };
}

const bytesOf = (content: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(content);

async function open(kind: Kind, fileId: string, query = ''): Promise<Response> {
  return fetch(`${house.server.url}/api/rooms/${house.roomId}/files/${fileId}${query}`, { headers: { ...house.credentials(kind) } });
}

async function remove(fileId: string): Promise<void> {
  const chair = await house.ana.join(house.roomId);
  await chair.act({ type: 'removeFile', fileId });
  chair.close();
}

const stored = (): string[] =>
  readdirSync(path.join(house.server.dataDir, 'files'), { recursive: true })
    .map(String)
    .filter((name) => /[0-9a-f]{64}$/.test(name));
const incoming = (): string[] => {
  try {
    return readdirSync(path.join(house.server.dataDir, 'incoming'));
  } catch {
    return [];
  }
};

describe('[FIL1] [FIL3] background files over HTTP', () => {
  test('a file comes out as it went in, under its name, as what it is, and cannot run', async () => {
    const name = '预算 "2026".pdf';
    const sent = await send('recorder', name, bytesOf(pdf));
    expect(sent).toMatchObject({ status: 201, contentType: 'application/pdf', bytes: pdf.byteLength });
    const got = await open('observer', sent.id ?? '');
    expect(Buffer.from(await got.arrayBuffer())).toEqual(pdf);
    expect(got.headers.get('content-type')).toBe('application/pdf');
    expect(got.headers.get('x-content-type-options')).toBe('nosniff');
    expect(got.headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(got.headers.get('content-disposition')).toContain(`filename*=UTF-8''${encodeURIComponent('预算 "2026".pdf')}`);
    expect(got.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
    expect((await open('observer', sent.id ?? '', '?show=1')).headers.get('content-disposition')).toMatch(/^inline; /);
    // Survives a restart.
    await house.server.kill();
    await house.server.start();
    expect(Buffer.from(await (await open('member', sent.id ?? '')).arrayBuffer())).toEqual(pdf);
    await remove(sent.id ?? '');
    expect((await open('member', sent.id ?? '')).status).toBe(404);
  });

  test('text and Word are always saved, never shown', async () => {
    const text = await send('moderator', 'notes.html', bytesOf(Buffer.from('no page at all')));
    const shown = await open('member', text.id ?? '', '?show=1');
    expect(shown.headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(shown.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    await remove(text.id ?? '');
  });

  test('a picture in the name of a text is a picture; pages and drawings are nothing', async () => {
    const sent = await send('moderator', 'harmless.txt', bytesOf(png));
    expect(sent).toMatchObject({ status: 201, contentType: 'image/png' });
    await remove(sent.id ?? '');
    for (const [name, content] of [
      ['x.pdf', '<html><script>alert(1)</script>'],
      ['x.png', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
      ['x.docx', 'PK\u0003\u0004 no package'],
      ['x.txt', ''],
    ] as const) {
      expect((await send('moderator', name, bytesOf(Buffer.from(content)))).outcome, name).toBe('fileTypeRefused');
    }
    const archive = bytesOf(Buffer.from(zipSync({ 'a.txt': strToU8('a') })));
    expect((await send('moderator', 'a.zip', archive)).outcome).toBe('fileTypeRefused');
    expect(incoming()).toEqual([]);
  });

  test('who may: asked before the body is read, and nothing stays of what was refused', async () => {
    const before = { log: logDigest(house.server.dataDir), stored: stored() };
    const expected: Partial<Record<Kind, string>> = {
      stranger: 'signInNeeded',
      ended: 'signInNeeded',
      outsider: 'notFound',
      guest: 'notAllowed',
      observer: 'notAllowed',
      member: 'notAllowed',
      muted: 'notAllowed',
      removed: 'removed',
      reader: 'notAllowed',
    };
    for (const [kind, outcome] of Object.entries(expected))
      expect((await send(kind as Kind, 'x.pdf', bytesOf(pdf))).outcome, kind).toBe(outcome);
    expect(logDigest(house.server.dataDir)).toBe(before.log);
    expect(stored()).toEqual(before.stored);
    // A large body that is refused does not end the line: the answer comes.
    const large = bytesOf(Buffer.alloc(fileBytes, 'a'));
    expect((await send('member', 'x.txt', large)).status).toBe(403);
    const writer = await send('writer', 'x.pdf', bytesOf(pdf));
    expect(writer.outcome).toBe('ok');
    await remove(writer.id ?? '');
    expect(await tokenOf(house.people.recorder, ['write'])).toBeDefined();
  });

  test('too large is refused by what is said and by what comes', async () => {
    const large = Buffer.alloc(fileBytes + 1, 'a');
    expect(await send('moderator', 'x.txt', bytesOf(large))).toMatchObject({
      status: 413,
      outcome: 'fileTooLarge',
      rejection: { most: fileBytes, got: fileBytes + 1 },
    });
    const unsaid = new ReadableStream({
      start(controller) {
        for (let at = 0; at < 8; at += 1) controller.enqueue(new Uint8Array(50_000).fill(97));
        controller.close();
      },
    });
    expect((await send('moderator', 'x.txt', unsaid)).outcome).toBe('fileTooLarge');
    const whole = await send('moderator', 'x.txt', bytesOf(large.subarray(1)));
    expect(whole.outcome).toBe('ok');
    await remove(whole.id ?? '');
    expect(incoming()).toEqual([]);
  });

  test('a name that is none, a type that is not said, too many files', async () => {
    expect((await send('moderator', ' ', bytesOf(pdf))).outcome).toBe('emptyText');
    expect((await send('moderator', 'x'.repeat(201), bytesOf(pdf))).outcome).toBe('textTooLong');
    expect((await send('moderator', 'a\u0000b', bytesOf(pdf))).outcome).toBe('malformed');
    expect((await send('moderator', 'x.pdf', bytesOf(pdf), { 'content-type': 'application/pdf' })).outcome).toBe('malformed');
    const sent = await Promise.all(
      Array.from({ length: 8 }, (_, index) => send(index % 2 === 0 ? 'moderator' : 'recorder', `${index}.pdf`, bytesOf(pdf))),
    );
    const kept = sent.filter(({ outcome }) => outcome === 'ok');
    for (const { outcome } of sent) expect(['ok', 'tooFast']).toContain(outcome);
    while (kept.length < 8) {
      const more = await send('moderator', 'more.pdf', bytesOf(pdf));
      expect(more.outcome).toBe('ok');
      kept.push(more);
    }
    expect((await send('moderator', 'ninth.pdf', bytesOf(pdf))).outcome).toBe('tooMany');
    // The same content, eight times, lies there once.
    const client = await house.ana.join(house.roomId);
    const { files } = client.joined?.snapshot as RoomSnapshot;
    client.close();
    expect(files.length).toBe(8);
    expect(new Set(files.map(({ sha256 }) => sha256)).size).toBe(1);
    for (const { id } of files) await remove(id);
  });

  test('a sender that goes away in the middle leaves nothing behind, and the server goes on', async () => {
    const before = stored();
    const socket = connect(house.server.port, '127.0.0.1');
    await once(socket, 'connect');
    const { cookie = '' } = house.credentials('moderator');
    socket.write(
      `POST /api/rooms/${house.roomId}/files?name=x.pdf HTTP/1.1\r\nHost: 127.0.0.1:${house.server.port}\r\nOrigin: ${house.server.url}\r\nCookie: ${cookie}\r\n` +
        `Content-Type: application/octet-stream\r\nContent-Length: 100000\r\n\r\n%PDF-1.7 the beginning`,
    );
    await expect.poll(() => incoming().length, { timeout: 20_000 }).toBe(1);
    socket.destroy();
    await expect.poll(() => incoming().length, { timeout: 20_000 }).toBe(0);
    expect(stored()).toEqual(before);
    expect((await ask(house.server.url, house.credentials('moderator'), 'GET', `/api/rooms/${house.roomId}`)).outcome).toBe('ok');
  });
});
