import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administrator } from '../support/people.ts';
import { freePort } from '../../scripts/freePort.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { ask, roomLog } from './house.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'shangliang-starting-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the server until it ends by itself; gives its exit code and what it said. */
async function run(env: Readonly<Record<string, string>>): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['server/main.ts'], {
    env: { ...process.env, NODE_ENV: 'production', CLIENT: 'off', MONGODB_URL: '', DATA_DIR: path.join(folder, 'data'), PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const watchdog = setTimeout(() => child.kill('SIGKILL'), 25_000);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(watchdog);
  return { code, out, err };
}

describe('[DOOR11] a server that cannot start says why in one sentence and ends with 1', () => {
  const oneSentence = (err: string): void => {
    const lines = err.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('{'));
    expect(lines, err).toHaveLength(1);
    expect(err).not.toMatch(/\bat .*:\d+:\d+|node:internal/);
  };

  test('the port is in use', async () => {
    const other = createServer().listen(await freePort(), '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, out, err } = await run({ PORT: String(port) });
    expect(code).toBe(1);
    expect(err).toContain(`Port ${port} is in use`);
    oneSentence(err);
    expect(out).not.toContain('is ready');
    other.close();
  });

  test('the data folder cannot be written', async () => {
    const file = path.join(folder, 'a-file');
    writeFileSync(file, '');
    const { code, err } = await run({ DATA_DIR: path.join(file, 'data') });
    expect(code).toBe(1);
    expect(err).toContain('cannot be written');
    oneSentence(err);
  });

  test('the data folder holds a file of another program', async () => {
    const dataDir = mkdtempSync(path.join(folder, 'other-'));
    writeFileSync(path.join(dataDir, 'shangliang.db'), 'this is no database, and certainly not ours '.repeat(200));
    const { code, err } = await run({ DATA_DIR: dataDir });
    expect(code).toBe(1);
    oneSentence(err);
    expect(readFileSync(path.join(dataDir, 'shangliang.db'), 'utf8')).toContain('certainly not ours');
  });

  test.each([
    ['empty', ''],
    ['cut short', 'abc123\n'],
    ['no digits at all', 'change me, please: this is the secret of the installation, really so'],
    ['one digit, 64 times', '0'.repeat(64)],
  ])('[DOOR16] the key of the installation is none: %s', async (_what, key) => {
    const dataDir = mkdtempSync(path.join(folder, 'key-'));
    writeFileSync(path.join(dataDir, 'secret.key'), key);
    const { code, out, err } = await run({ DATA_DIR: dataDir });
    expect(code).toBe(1);
    expect(err).toContain('does not hold the key of this installation');
    oneSentence(err);
    expect(out).not.toContain('is ready');
    // Nothing was made in its place.
    expect(readFileSync(path.join(dataDir, 'secret.key'), 'utf8')).toBe(key);
  });

  test('MongoDB does not answer', async () => {
    const { code, err } = await run({ MONGODB_URL: `mongodb://127.0.0.1:${await freePort()}/?serverSelectionTimeoutMS=500` });
    expect(code).toBe(1);
    oneSentence(err);
  });

  test.each([
    ['PORT', { PORT: '70000' }],
    ['PORT', { PORT: 'http' }],
    ['MONGODB_URL', { MONGODB_URL: 'postgres://nowhere' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'javascript:alert(1)' }],
    // Over plain HTTP, beyond this machine, under any name: not unless one says so with --lan.
    ['PUBLIC_URL', { PUBLIC_URL: 'http://talk.example' }],
    ['HOST', { HOST: '0.0.0.0' }],
    ['HOST', { HOST: '::' }],
    ['ALLOWED_HOSTS', { ALLOWED_HOSTS: '*' }],
    ['ALLOWED_HOSTS', { ALLOWED_HOSTS: 'hall.test,*.example' }],
    ['LIMITS', { LIMITS: '{' }],
    ['LIMITS', { LIMITS: '{"framesPerSecnd":1}' }],
    ['LIMITS', { LIMITS: '{"framesPerSecond":-1}' }],
    ['LIMITS', { LIMITS: '{"joiningFrameBytes":20000000}' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['CLIENT', { CLIENT: 'maybe' }],
  ])('[DOOR16] the setting %s: %o', async (name, env) => {
    const { code, err } = await run(env);
    expect(code).toBe(1);
    expect(err).toContain(`The setting ${name} cannot be used`);
    oneSentence(err);
  });
});

describe('[DOOR11] starting and stopping', () => {
  test('the first start makes its secrets and a link; Ctrl-C ends with 0; the second start is quick and knows everything', async () => {
    const server = await ServerProcess.start();
    expect(server.output).toContain(`/setup#${server.setupSecret}`);
    expect(server.output).toContain('SQLite');
    expect(statSync(path.join(server.dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
    const ana = await administrator(server.url, server.setupSecret);
    const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Stays' });
    const log = roomLog(server.dataDir, id);
    expect(await server.stop()).toBe(0);

    const start = performance.now();
    await server.start();
    const elapsedMs = performance.now() - start;
    console.log(`second start: ${elapsedMs.toFixed(0)} ms`);
    // Ten times what is promised; machines differ.
    expect(elapsedMs).toBeLessThan(30_000);
    expect(server.output).not.toContain('/setup#');
    expect(await ana.ok('GET', '/api/me')).toMatchObject({ account: { handle: 'ana', admin: true }, setUp: true });
    expect(await ana.ok('GET', `/api/rooms/${id}`)).toMatchObject({ room: { title: 'Stays', yourRole: 'moderator' } });
    expect(roomLog(server.dataDir, id)).toEqual(log);
    // The link works once, for one.
    const again = await ana.request('POST', '/api/setup', {
      token: 'x'.repeat(43),
      handle: 'eve',
      displayName: 'Eve',
      password: 'correct horse battery',
    });
    expect(again.json).toEqual({ rejection: { code: 'setupDone' } });
    await server.dispose();
  });

  test('kill -9 while the first administrator is being made leaves a link to make one', async () => {
    const server = await ServerProcess.start();
    const body = { token: server.setupSecret, handle: 'ana', displayName: 'Ana', password: 'correct horse battery' };
    const asked = fetch(`${server.url}/api/setup`, {
      method: 'POST',
      headers: { origin: server.url, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    await server.kill();
    const answer = await asked;
    await server.start();
    if (answer?.ok === true) expect(server.output).not.toContain('/setup#');
    else {
      const ana = await administrator(server.url, server.setupSecret);
      expect(await ana.ok('GET', '/api/me')).toMatchObject({ setUp: true, account: { admin: true } });
    }
    await server.dispose();
  });

  test('two at once with the link: one becomes the administrator', async () => {
    const server = await ServerProcess.start();
    const person = { token: server.setupSecret, displayName: 'First', password: 'correct horse battery' };
    const outcomes = await Promise.all(
      ['ana', 'ben', 'cai'].map(async (handle) => (await ask(server.url, {}, 'POST', '/api/setup', { ...person, handle })).outcome),
    );
    expect(outcomes.sort()).toEqual(['ok', 'setupDone', 'setupDone']);
    await server.dispose();
  });
});
