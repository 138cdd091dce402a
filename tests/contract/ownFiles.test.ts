import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeFile } from '#server/durableFile.ts';

const script = fileURLToPath(new URL('./makeOwnFiles.ts', import.meta.url));
const canTrace = spawnSync('strace', ['-f', '-y', '-e', 'trace=none', 'true']).status === 0;

test.skipIf(!canTrace)(
  '[ST40] T2 every file and folder that a first start makes is synced, and its name after it in the folder above',
  { timeout: 120_000 },
  () => {
    const outside = realpathSync(mkdtempSync(path.join(tmpdir(), 'shangliang-own-')));
    const dataDir = path.join(outside, 'data');
    const trace = path.join(outside, 'trace.txt');
    const calls = 'trace=fsync,fdatasync,link,linkat,rename,renameat,renameat2,mkdir,mkdirat';
    const run = spawnSync('strace', ['-f', '-y', '-e', calls, '-s', '512', '-o', trace, process.execPath, script, dataDir]);
    expect(run.status).toBe(0);
    const lines = readFileSync(trace, 'utf8').split('\n');
    /** On which line each place got its name, and on which lines each was synced. */
    const named = new Map<string, { readonly line: number; readonly from: string | null }>();
    const synced: (readonly [place: string, line: number])[] = [];
    lines.forEach((line, index) => {
      const quoted = [...line.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text);
      if (/ (link|linkat|rename|renameat|renameat2)\(/.test(line)) named.set(quoted[1] ?? '', { line: index, from: quoted[0] ?? null });
      else if (/ (mkdir|mkdirat)\(.*= 0/.test(line)) named.set(quoted[0] ?? '', { line: index, from: null });
      const sync = / f(?:data)?sync\(\d+<([^>]*)>/.exec(line)?.[1];
      if (sync !== undefined) synced.push([sync, index]);
    });
    const made = [...named].filter(([place]) => place.startsWith(dataDir));
    const ending = (suffix: string) => made.some(([place]) => place.endsWith(suffix));
    expect([ending('/secret.key'), ending('/checkpoint.key'), ending('/files'), ending('/data')]).toEqual([true, true, true, true]);
    for (const [place, { line, from }] of made) {
      const above = synced.some(([one, at]) => one === path.dirname(place) && at > line);
      const itself = from === null || synced.some(([one, at]) => one === from && at < line);
      expect({ place, itself, above }).toEqual({ place, itself: true, above: true });
    }
    expect(readdirSync(dataDir).sort()).toEqual(['checkpoint.key', 'files', 'secret.key']);
    expect(statSync(path.join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
    rmSync(outside, { recursive: true, force: true });
  },
);

test('[ST40] a file that is there already is never written over', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'shangliang-own-'));
  const file = path.join(folder, 'a.key');
  makeFile(file, 'first', 0o600);
  expect(() => makeFile(file, 'second', 0o600)).toThrow(/EEXIST/);
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['first', ['a.key']]);
  rmSync(folder, { recursive: true, force: true });
});
