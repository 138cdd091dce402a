import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { enter, slipsFor } from '../support/hall.ts';
import { administrator } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import type { Row, Scale } from './row.ts';
import { skippedRow } from './row.ts';

const acks = { slice: 20, ci: 100, nightly: 1_000 } as const;

/** A draft's acknowledgement is a frame of this kind. */
const DRAFT_ACK = 120;
const commandAck = /iov_base="43\d+\[\{\\"ok\\":true/;
const draftAck = /iov_base="\\202\\\d", iov_len=2\}, \{iov_base="x/;

/** A span of the trace: when a call began and when it had returned, in seconds of the machine's clock. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * T2. One thing at a time is sent, comments and edits in turn, and the server's calls of the system are looked at from outside: between
 * the sending of each and the write of its acknowledgement an fsync must have begun and returned.
 */
export async function run(scale: Scale, seed: number): Promise<Row> {
  if (spawnSync('strace', ['-f', '-e', 'trace=none', 'true']).status !== 0)
    return skippedRow('T2', seed, 'there is no strace that may trace');
  const folder = await mkdtemp(join(tmpdir(), 'shangliang-t2-'));
  const trace = join(folder, 'trace.txt');
  const server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(quickPace) } });
  try {
    const ana = await administrator(server.url, server.setupSecret);
    const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Traced' });
    const [secret = ''] = await slipsFor(ana, roomId, ['Ben']);
    const chair = await ana.join(roomId);
    const { client, provider } = await enter(server.url, secret, roomId, chair.joined?.snapshot?.drafts[0]?.id ?? '');
    const safe: (() => void)[] = [];
    for (const kind of [DRAFT_ACK, DRAFT_ACK + 1, DRAFT_ACK + 2])
      provider.messageHandlers[kind] = () => {
        if (kind === DRAFT_ACK) safe.shift()?.();
      };
    if (!provider.synced) await new Promise<void>((resolve) => provider.once('sync', () => resolve()));

    const tracer = spawn(
      'strace',
      ['-f', '-ttt', '-T', '-e', 'trace=fsync,fdatasync,writev', '-s', '48', '-o', trace, '-p', String(server.pid)],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const ended = once(tracer, 'close');
    await new Promise<void>((resolve, reject) => {
      tracer.stderr.on('data', (said: Buffer) => {
        if (said.includes('attached')) resolve();
      });
      void ended.then(() => reject(new Error('strace did not stay')));
    });

    const sentAt = { command: [] as number[], draft: [] as number[] };
    const fragment = provider.doc.getXmlFragment(DRAFT_FIELD);
    for (let n = 0; n < acks[scale]; n += 1) {
      sentAt.command.push(Date.now() / 1000);
      await client.act({ type: 'postComment', body: `${n}`, parent: null, stance: null, anchor: null });
      sentAt.draft.push(Date.now() / 1000);
      const isSafe = new Promise<void>((resolve) => safe.push(resolve));
      fragment.insert(0, [new Y.XmlElement('paragraph')]);
      await isSafe;
    }
    tracer.kill('SIGINT');
    await ended;
    provider.destroy();
    client.close();
    chair.close();

    const lines = (await readFile(trace, 'utf8')).split('\n');
    const syncs = spansOf(lines);
    // What joining sent may be acknowledged when the tracing has begun already: it belongs to nothing that is counted here.
    const written = (what: RegExp, [first = 0]: readonly number[]) =>
      lines
        .filter((line) => what.test(line))
        .map((line) => Number(line.split(/\s+/)[1]))
        .filter((at) => at >= first - 0.001);
    const answered = { command: written(commandAck, sentAt.command), draft: written(draftAck, sentAt.draft) };
    const early = [...earlyAcks(sentAt.command, answered.command, syncs), ...earlyAcks(sentAt.draft, answered.draft, syncs)];
    const seen = answered.command.length + answered.draft.length;
    return {
      test: 'T2',
      seed,
      done: `${acks[scale]} comments and ${acks[scale]} edits one by one; ${seen} acknowledgements and ${syncs.length} fsyncs seen from outside`,
      lost: early.length,
      doubled: 0,
      stallMs: null,
      memoryMb: null,
      passed: seen === 2 * acks[scale],
      notes:
        early.length === 0 ? 'an fsync began after each was sent and returned before its acknowledgement' : `early: ${early.join(', ')}`,
    };
  } finally {
    await server.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every fsync that returned well. A call may stand on one line or on two, of its thread. */
function spansOf(lines: readonly string[]): Span[] {
  const begun = new Map<string, number>();
  const spans: Span[] = [];
  for (const line of lines) {
    if (!/f(?:data)?sync/.test(line)) continue;
    const [thread = '', at = ''] = line.split(/\s+/);
    if (line.includes('<unfinished')) begun.set(thread, Number(at));
    else if (/= 0 <([\d.]+)>$/.test(line)) {
      const tookS = Number(/<([\d.]+)>$/.exec(line)?.[1]);
      const from = line.includes('resumed') ? (begun.get(thread) ?? Number(at)) : Number(at);
      spans.push({ from, to: line.includes('resumed') ? Number(at) : from + tookS });
    }
  }
  return spans;
}

/** Which acknowledgements were written before an fsync that began behind their sending had returned. A millisecond is the clock's grain. */
function earlyAcks(sentAt: readonly number[], writtenAt: readonly number[], syncs: readonly Span[]): number[] {
  return sentAt.flatMap((sent, index) => {
    const written = writtenAt[index] ?? 0;
    return syncs.some(({ from, to }) => from >= sent - 0.001 && to <= written) ? [] : [index];
  });
}
