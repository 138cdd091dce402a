import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { examine } from '#server/doctor/examine.ts';
import { readRecord } from '#server/doctor/readRecord.ts';
import { inspectSqlite } from '#server/store/sqlite/inspectSqlite.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';
import type { Run } from '#shared/document/text-index.ts';
import { makeAnchor } from '#shared/document/anchors.ts';
import { plainDocument, textAt } from '#shared/document/history/textAt.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import type { DraftHistory, DraftLogPage, HistoryView, PassageView } from '#shared/protocol/historyView.ts';
import { occurrences } from '../support/fileBytes.ts';
import { administrator, invited, until } from '../support/people.ts';
import type { RoomClient, Visitor } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { DraftSocketClient } from './draftSocket.ts';

const reason = { code: 'personalData' } as const;
const secret = 'okapi张三';

let server: ServerProcess;
let ana: Visitor;
let ben: Visitor;
let roomId = '';
let draftId = '';
let chair: RoomClient;
beforeAll(async () => {
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(quickPace) } });
  ana = await administrator(server.url, server.setupSecret);
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Erased', visibility: 'public' }));
  ben = await invited(ana, roomId, 'member', 'ben');
  chair = await ana.join(roomId);
  draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
});
afterAll(() => server.dispose());

const inFiles = (text: string): number => occurrences(server.dataDir, text);
const draft = (): string => `/api/rooms/${roomId}/drafts/${draftId}`;

async function at(visitor: Visitor, doc = new Y.Doc()): Promise<DraftSocketClient> {
  const socket = new DraftSocketClient(server.url, { cookie: visitor.cookie ?? '' }, `${roomId}/${draftId}`, undefined, doc);
  await socket.settled();
  return socket.synced();
}

/** Changes the own copy, sends what came of it, and waits until it is stored. */
async function write(socket: DraftSocketClient, change: (fragment: Y.XmlFragment) => void): Promise<Uint8Array> {
  const { saved, doc } = socket;
  const before = Y.encodeStateVector(doc);
  doc.transact(() => change(doc.getXmlFragment(DRAFT_FIELD)));
  const update = Y.encodeStateAsUpdate(doc, before);
  socket.sendUpdate(update);
  await until(() => socket.saved > saved, 'the acknowledgement');
  return update;
}

const line = (words: string) => (fragment: Y.XmlFragment) => {
  const paragraph = new Y.XmlElement('paragraph');
  fragment.push([paragraph]);
  paragraph.push([new Y.XmlText(words)]);
};
const textOf = (fragment: Y.XmlFragment, index: number): Y.XmlText => (fragment.get(index) as Y.XmlElement).get(0) as Y.XmlText;

function runsOf(socket: DraftSocketClient, words: string): Run[] {
  const index = buildTextIndex(socket.doc.getXmlFragment(DRAFT_FIELD));
  const from = index.text.indexOf(words);
  return index.runsIn(index.solidRange({ from, to: from + words.length }));
}

/** Every door through which somebody reads what is, or was, in the draft; updates as text. */
async function read(): Promise<string> {
  const client = await ana.join(roomId);
  client.close();
  const paths = ['log?limit=500', 'outcome', 'outcome/export?format=md', 'record', 'history'].map((door) => `/api/rooms/${roomId}/${door}`);
  const doors = [...paths, draft(), `${draft()}/history`, `${draft()}/history/3`, `${draft()}/log`];
  const answers = await Promise.all(doors.map(async (door) => JSON.stringify((await ana.request('GET', door)).json)));
  const bytes = JSON.stringify(answers).matchAll(/[\w+/]{12,}={0,2}/g);
  const decoded = [...bytes].map(([word]) => Buffer.from(word, 'base64').toString('utf8'));
  return [JSON.stringify(client.joined), ...answers, ...decoded].join('\n');
}

async function* linesOf(text: string): AsyncGenerator<string> {
  for (const row of text.trimEnd().split('\n')) yield await Promise.resolve(row);
}

async function doctor() {
  const inspection = inspectSqlite(path.join(server.dataDir, 'shangliang.db'));
  const examination = await examine(inspection, null);
  await inspection.close();
  return examination;
}

test('[ERA11] [ERA12] a passage of a draft: read through no door, in no file, by nobody who comes back; the record still holds', async () => {
  const b = await at(ben);
  await write(b, line(`Speaker: ${secret}, home`));
  await write(b, line('Speaker: giraffe, home'));
  // Written again elsewhere and taken away: nothing of it is in the text any more.
  await write(b, line(`again ${secret} here`));
  await write(b, (fragment) => textOf(fragment, 2).delete(6, secret.length));
  // Letters of an input method that came and went in its place.
  await write(b, (fragment) => textOf(fragment, 0).insert(9 + secret.length, 'zhangsan'));
  await write(b, (fragment) => textOf(fragment, 0).delete(9 + secret.length, 'zhangsan'.length));
  const index = buildTextIndex(b.doc.getXmlFragment(DRAFT_FIELD));
  const anchor = makeAnchor(index, { from: 9, to: 9 + secret.length });
  const beside = makeAnchor(index, { from: 0, to: 7 });
  if (typeof anchor === 'string' || typeof beside === 'string') throw new Error('no anchor');
  await chair.act({ type: 'postComment', body: 'who is it?', anchor: { draftId, ...anchor } });
  await chair.act({ type: 'postComment', body: 'which speaker?', anchor: { draftId, ...beside } });
  await chair.act({ type: 'gatherSuggestion', ask: 'Leave the name out', sources: [{ kind: 'passage', anchor: { draftId, ...anchor } }] });
  await chair.act({ type: 'lockDraft', draftId });
  await chair.act({ type: 'unlockDraft', draftId });
  const before = await read();
  expect(before).toContain(secret);
  expect(inFiles(secret)).toBeGreaterThan(0);
  const runs = runsOf(b, secret);

  const found = await ana.ok<PassageView>('POST', `${draft()}/passages`, { of: { runs } });
  const places = { places: 1, more: false, under: ['zhangsan'] };
  expect(found).toEqual({ lines: [secret], here: places, elsewhere: { places: 1, more: false, under: [] } });
  const words = await ana.ok<PassageView>('POST', `${draft()}/passages`, { of: { words: secret } });
  expect(words).toMatchObject({ here: { places: 0 }, elsewhere: { places: 2, under: ['zhangsan'] } });
  const all = { of: { runs }, elsewhere: true, under: true, reason };
  expect((await ben.request('POST', `${draft()}/passages`, { of: { runs } })).status).toBe(403);
  expect((await ben.request('POST', `${draft()}/erasures`, all)).status).toBe(403);
  expect((await ana.request('POST', `${draft()}/erasures`, { ...all, of: { runs: [[1, 99, 3]] } })).json).toEqual({
    rejection: { code: 'unknownPassage' },
  });

  // One who is away holds the words, and words nobody has seen.
  const away = await at(ben);
  away.close();
  await away.ended();
  const unsent: Uint8Array[] = [];
  away.doc.on('update', (update: Uint8Array) => unsent.push(update));
  away.doc.transact(() => textOf(away.doc.getXmlFragment(DRAFT_FIELD), 1).insert(0, 'unsent '));

  const { seq } = await ana.ok<{ seq: number }>('POST', `${draft()}/erasures`, all);
  await until(() => chair.commits.some((commit) => commit.seq >= seq), 'the erasure');
  await until(() => !b.text.includes(secret), 'the text without the words');
  expect(b.text).toContain('Speaker: , home');
  const after = await read();
  expect(after).not.toContain(secret);
  expect(after).not.toContain('zhangsan');
  expect(after).toContain('giraffe');

  // He comes back with what was erased in one frame with what was not.
  const back = await at(ben, away.doc);
  expect(back.text).not.toContain(secret);
  const whole = Y.mergeUpdates([...unsent, ...(await rawUpdates(before))]);
  const { saved } = back;
  back.sendUpdate(whole);
  await until(() => back.saved > saved, 'the acknowledgement');
  await until(() => b.text.includes('unsent'), 'what was not erased');
  expect(await read()).not.toContain(secret);
  await until(() => inFiles(secret) === 0 && inFiles('zhangsan') === 0, 'the end of the bytes', 100_000);

  // The chain, the history and the versions still hold.
  await chair.act({ type: 'closeRoom' });
  const exported = String((await ana.request('GET', `/api/rooms/${roomId}/record`)).json);
  const record = await readRecord(linesOf(exported));
  expect('is' in record ? record : null).toBeNull();
  const { findings, remarks, counts } = await doctor();
  expect(findings).toEqual([]);
  expect(remarks.map(({ what }) => what)).not.toContain('erasureUnfinished');
  expect(counts.erasedEdits).toBe(3);
  const history = await ana.ok<DraftHistory>('GET', `${draft()}/history`);
  const shown = JSON.stringify(plainDocument(textAt(history, history.moments.length - 1)));
  expect(shown).toContain('unsent Speaker: giraffe');
  const { drafts } = await ana.ok<HistoryView>('GET', `/api/rooms/${roomId}/history`);
  expect(drafts[0]?.versions.map(({ cause, contentHash }) => [cause, contentHash === null])).toEqual([
    ['locked', true],
    ['erased', false],
    ['closed', false],
  ]);
  const seat = await ana.join(roomId);
  seat.close();
  expect(seat.joined?.snapshot?.comments.map(({ anchor: kept }) => [kept?.quote.text, kept?.before.text, kept?.after.text])).toEqual([
    [undefined, undefined, undefined],
    ['Speaker', undefined, undefined],
  ]);
  b.close();
  back.close();
});

/** The updates of a draft's log as somebody had read them before. */
async function rawUpdates(told: string): Promise<Uint8Array[]> {
  const log = told.split('\n').find((part) => part.includes('"lineage"') && part.includes('"entries"')) ?? '{}';
  const { entries } = JSON.parse(log) as DraftLogPage;
  return Promise.resolve(entries.filter(({ kind }) => kind === 'update').map(({ bytes }) => new Uint8Array(Buffer.from(bytes, 'base64'))));
}
