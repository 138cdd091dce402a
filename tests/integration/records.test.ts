import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fillRoom } from '../../scripts/demo/fillRoom.ts';
import { Person } from '../../scripts/demo/person.ts';
import { plansZh } from '../../scripts/demo/plansZh.ts';
import { examine } from '#server/doctor/examine.ts';
import { inspectSqlite } from '#server/store/sqlite/inspectSqlite.ts';
import { commitHash, eventDigest, firstBreak } from '#shared/domain/commit.ts';
import type { WireCommit } from '#shared/domain/commit.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import type { Head } from '#shared/protocol/messages.ts';
import type { OutcomeAnswer } from '#shared/protocol/outcomeView.ts';
import type { RecordLine } from '#shared/protocol/recordFile.ts';
import { administrator } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { ServerProcess } from '../support/serverProcess.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let here: ServerProcess;
let there: ServerProcess;
let host: Person;
let bea: Visitor;
let folder: string;
let roomId: string;
let exported: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'shangliang-records-'));
  [here, there] = await Promise.all([ServerProcess.start(), ServerProcess.start()]);
  host = new Person(here.url);
  await host.ask('POST', '/api/setup', { token: here.setupSecret, handle: 'ana', displayName: 'Ana', password: 'correct horse battery' });
  bea = await administrator(there.url, there.setupSecret);
  const plan = plansZh.find(({ ending }) => ending === 'closed');
  if (plan === undefined) throw new Error('no closed room is planned');
  roomId = (await fillRoom(host, plan, Date.now())).id;
  // Closing is answered before the text is sealed.
  await vi.waitUntil(async () => (await outcomeAt(here.url)).outcome.texts[0]?.revision != null, { timeout: 20_000 });
  const marks = async (): Promise<{ checkpoints: unknown[] }> =>
    (await (await fetch(`${here.url}/api/rooms/${roomId}/checkpoints`)).json()) as { checkpoints: unknown[] };
  await vi.waitUntil(async () => (await marks()).checkpoints.length > 0, { timeout: 20_000 });
  const answer = await fetch(`${here.url}/api/rooms/${roomId}/record`, { headers: { cookie: cookieOf(host) } });
  expect(answer.status).toBe(200);
  exported = await answer.text();
});
afterAll(async () => {
  await Promise.all([here.dispose(), there.dispose()]);
  rmSync(folder, { recursive: true, force: true });
});

async function outcomeAt(url: string): Promise<OutcomeAnswer> {
  return (await (await fetch(`${url}/api/rooms/${roomId}/outcome`)).json()) as OutcomeAnswer;
}

const cookieOf = (person: Person): string => person.cookie;

async function bring(body: string, as = 'same'): Promise<{ readonly status: number; readonly json: unknown }> {
  const headers = { cookie: bea.cookie ?? '', origin: there.url, 'content-type': 'application/x-ndjson' };
  const answer = await fetch(`${there.url}/api/records?as=${as}`, { method: 'POST', headers, body });
  return { status: answer.status, json: await answer.json() };
}

function doctorOn(text: string): Promise<{ readonly status: unknown; readonly stdout: string }> {
  const file = path.join(folder, 'some.room.jsonl');
  writeFileSync(file, text);
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/doctor.ts', file], (error, stdout) => resolve({ status: error?.code ?? 0, stdout }));
  });
}

test('[TRU8] an export file holds the whole room, and its check names what was changed in it', async () => {
  expect(await doctorOn(exported)).toMatchObject({ status: 0, stdout: expect.stringContaining('Everything holds.') as string });
  const lines = exported.trimEnd().split('\n');
  const commits = lines.filter((line) => line.includes('"is":"commit"')).length;
  expect(commits).toBeGreaterThan(30);
  const lies: readonly (readonly [string, string])[] = [
    [lines.toSpliced(5, 1).join('\n'), 'entry 5 is missing'],
    [exported.replace('一点五米', '零点五米'), 'WRONG: '],
    [lines.slice(0, -1).join('\n'), `line ${lines.length} is none of this format, or is missing`],
    [lines.toSpliced(commits, 1).join('\n'), 'WRONG: '],
    [exported.replace(/"signature":"../, '"signature":"00'), 'signature of its key'],
  ];
  for (const [text, said] of lies)
    expect(await doctorOn(text), said).toMatchObject({ status: 1, stdout: expect.stringContaining(said) as string });
});

/** The export file with its events changed and all hashes made anew, as a clever hand would. */
function resealed(change: (event: Record<string, unknown>) => Record<string, unknown>): string {
  let prevHash = '';
  let seq = 0;
  const lines = exported
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordLine)
    .filter(({ is }) => is !== 'checkpoint' && is !== 'entry')
    .map((line): RecordLine => {
      if (line.is !== 'commit') return line;
      const events = line.commit.events.map(({ event, salt = '' }) => {
        const changed = change(event as unknown as Record<string, unknown>) as unknown as RoomEvent;
        return { event: changed, salt, digest: eventDigest(changed, salt) };
      });
      const commit = { ...line.commit, events, prevHash };
      prevHash = commitHash(
        commit,
        events.map(({ digest }) => digest),
      );
      seq += 1;
      return { is: 'commit', commit: { ...commit, hash: prevHash } };
    });
  const end: RecordLine = { is: 'end', head: { seq, hash: prevHash }, lines: lines.length - 1 };
  return [...lines.slice(0, -1), end].map((line) => JSON.stringify(line)).join('\n');
}

test('[TRU9] a file whose hashes fit, and which says what no room says, is refused and the place is named', async () => {
  const cases: readonly (readonly [(event: Record<string, unknown>) => Record<string, unknown>, object])[] = [
    [
      (event) => (event['type'] === 'comment.posted' ? { ...event, stance: 'sideways' } : event),
      { type: 'comment.posted', field: 'stance' },
    ],
    [(event) => (event['type'] === 'room.closed' ? { ...event, why: 'x' } : event), { type: 'room.closed', field: 'why' }],
    [(event) => (event['type'] === 'room.closed' ? { type: 'room.burnt', v: 1 } : event), { type: 'room.burnt', field: 'type' }],
    [(event) => (event['type'] === 'room.created' ? { ...event, v: 2 } : event), { type: 'room.created', field: 'v' }],
  ];
  for (const [change, found] of cases) {
    const problem = { is: 'wrong', finding: { what: 'eventMalformed', ...found } };
    expect(await bring(resealed(change))).toMatchObject({ status: 400, json: { rejection: { code: 'malformed' }, problem } });
  }
  const strange = exported.replace('"displayName":"', '"role":"moderator","displayName":"');
  expect(await bring(strange)).toMatchObject({ status: 400, json: { problem: { is: 'noLine' } } });
});

test('[TRU10] brought in as a new room it has other ids and a chain of its own, says where it comes from, and its people are names', async () => {
  const { status, json } = await bring(exported, 'new');
  expect(status).toBe(201);
  const { id } = json as { id: string };
  expect(id).not.toBe(roomId);
  const log = await bea.ok<{ commits: WireCommit[]; head: Head }>('GET', `/api/rooms/${id}/log?limit=500`);
  expect(firstBreak(log.commits, { seq: 0, hash: '' })).toBeNull();
  const ended = JSON.parse(exported.trimEnd().split('\n').at(-1) ?? '') as Extract<RecordLine, { is: 'end' }>;
  expect(log.commits[0]?.events[0]?.event).toMatchObject({ type: 'room.created', origin: { roomId, ...ended.head } });
  // Not one id of the first room is left in it, but the room's own in the origin.
  const first = await (await fetch(`${here.url}/api/rooms/${roomId}/log?limit=500`)).text();
  const known = new Set(first.match(/(?<=")[0-9a-f]{24}(?=")/g));
  known.delete(roomId);
  const left = [...known].filter((one) => JSON.stringify(log.commits.map(({ commandId: _id, ...commit }) => commit)).includes(`"${one}"`));
  expect(left).toEqual([]);

  const before = (await outcomeAt(here.url)).outcome;
  const after = (await bea.ok<OutcomeAnswer>('GET', `/api/rooms/${id}/outcome`)).outcome;
  expect(after.comments.map(({ text, at }) => [text, at])).toEqual(before.comments.map(({ text, at }) => [text, at]));
  expect(after.texts[0]?.revision).toEqual(before.texts[0]?.revision);
  expect(after.texts[0]?.document).toEqual(before.texts[0]?.document);
  const record = await fetch(`${there.url}/api/rooms/${id}/record`, { headers: { cookie: bea.cookie ?? '' } });
  const copied = await record.text();
  expect(await doctorOn(copied)).toMatchObject({ status: 0, stdout: expect.stringContaining('Everything holds.') as string });
  const people = copied
    .split('\n')
    .filter((line) => line.startsWith('{"is":"person"'))
    .map((line) => (JSON.parse(line) as Extract<RecordLine, { is: 'person' }>).person);
  expect(people.filter(({ imported }) => imported !== true).map(({ displayName }) => displayName)).toEqual(['Ana']);
  expect(people.filter(({ imported }) => imported).map(({ displayName }) => displayName)).toEqual(
    expect.arrayContaining(before.people.map(({ displayName }) => displayName)),
  );
  // It is a room of its own: a second one beside it is no mistake, and the first can still come as the same.
  expect((await bring(exported, 'new')).status).toBe(201);
});

test('[TRU8] brought into another installation the room is the same: hashes, outcome, text; the doctor finds it sound', async () => {
  expect(await bring(exported.replace('一点五米', '零点五米'))).toMatchObject({ status: 400, json: { rejection: { code: 'malformed' } } });
  expect((await bea.request('GET', `/api/rooms/${roomId}`)).status).toBe(404);
  const { status, json } = await bring(exported);
  expect(status).toBe(201);
  const [before, after] = await Promise.all([outcomeAt(here.url), outcomeAt(there.url)]);
  expect({ ...after.outcome, people: [] }).toEqual({ ...before.outcome, people: [] });
  expect(after.outcome.people.map(({ displayName }) => displayName)).toEqual(before.outcome.people.map(({ displayName }) => displayName));
  expect((json as { head: unknown }).head).toEqual(
    ((await (await fetch(`${here.url}/api/rooms/${roomId}/log?limit=1`)).json()) as { head: unknown }).head,
  );
  expect(await bring(exported)).toMatchObject({ status: 409, json: { rejection: { code: 'roomExists' } } });
  await there.stop();
  const inspection = inspectSqlite(path.join(there.dataDir, 'shangliang.db'));
  expect((await examine(inspection, null)).findings).toEqual([]);
  await inspection.close();
});
