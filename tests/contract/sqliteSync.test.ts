import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { newSqlitePlace } from './places.ts';
import { newDraftId, newStream } from './samples.ts';

const appendForever = fileURLToPath(new URL('./appendForever.ts', import.meta.url));
const canTrace = spawnSync('strace', ['-f', '-e', 'trace=none', 'true']).status === 0;

describe('the disk below an SQLite store', () => {
  test.skipIf(!canTrace)('[ST1] has been synced since the report before whenever an append is reported', { timeout: 120_000 }, async () => {
    const place = await newSqlitePlace();
    const folder = await mkdtemp(join(tmpdir(), 'shangliang-trace-'));
    const trace = join(folder, 'trace.txt');
    const program = [process.execPath, appendForever, JSON.stringify(place.address), newStream().id, newDraftId()];
    const child = spawn('strace', ['-f', '-e', 'trace=fsync,fdatasync,write', '-s', '80', '-o', trace, ...program], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'close');
    let reports = 0;
    // Without its reader the program ends by itself, of a broken pipe; strace, which would survive a kill of its own, ends with it.
    for await (const line of createInterface({ input: child.stdout })) if (/^\d+ /.test(line) && ++reports === 100) break;
    child.stdout.destroy();
    await ended;

    let synced = 0;
    const syncsBeforeReport: number[] = [];
    for (const line of readFileSync(trace, 'utf8').split('\n')) {
      // Only a call that has returned counts: '= 0', on the line of the call or on the one that resumes it.
      if (/(fsync|fdatasync)\b.*= 0$/.test(line)) synced++;
      if (/write\(1, "\d+ [0-9a-f]{64} /.test(line)) {
        syncsBeforeReport.push(synced);
        synced = 0;
      }
    }
    expect(syncsBeforeReport.length).toBeGreaterThanOrEqual(100);
    expect(Math.min(...syncsBeforeReport)).toBeGreaterThanOrEqual(1);
    await rm(folder, { recursive: true, force: true });
    await place.remove();
  });
});
