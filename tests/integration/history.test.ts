import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { entryDigest } from '#server/drafts/entries.ts';
import { plainDocument, textAt } from '#shared/document/history/textAt.ts';
import type { ShownNode, ShownText } from '#shared/document/history/textAt.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { canonicalDocument } from '#shared/document/text.ts';
import type { DraftHistory, DraftLogPage, DraftMoment, HistoryView } from '#shared/protocol/historyView.ts';
import { administrator, invited, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { DraftSocketClient } from './draftSocket.ts';

let server: ServerProcess;
let ana: Visitor;
let ben: Visitor;
let roomId = '';
let draftId = '';
let anaId = '';
let benId = '';

async function at(draft: string): Promise<DraftSocketClient> {
  const socket = new DraftSocketClient(server.url, { cookie: (draft === 'ana' ? ana : ben).cookie ?? '' }, `${roomId}/${draftId}`);
  await socket.settled();
  return socket.synced();
}

async function type(socket: DraftSocketClient, words: string): Promise<void> {
  const saved = socket.saved;
  socket.sendUpdate(socket.typed(words));
  await until(() => socket.saved > saved, 'the acknowledgement');
}

const history = (): Promise<DraftHistory> => ana.ok('GET', `/api/rooms/${roomId}/drafts/${draftId}/history`);
const overview = (): Promise<HistoryView> => ana.ok('GET', `/api/rooms/${roomId}/history`);

function signed(nodes: readonly (ShownNode | ShownText)[]): string[] {
  return nodes.flatMap((node) => ('text' in node ? [`${node.by}: ${node.text}`] : signed(node.content ?? [])));
}

beforeAll(async () => {
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(quickPace) } });
  ana = await administrator(server.url, server.setupSecret);
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Long ago', visibility: 'public' }));
  ben = await invited(ana, roomId, 'member', 'ben');
  const seat = await ana.join(roomId);
  draftId = seat.joined?.snapshot?.drafts[0]?.id ?? '';
  anaId = seat.joined?.you.participantId ?? '';
  benId = seat.joined?.people.find(({ displayName }) => displayName === 'ben')?.id ?? '';
  seat.close();
});
afterAll(() => server.dispose());

test('[HI1] [HI2] [HI4] the history of a room: who wrote what, moment by moment, as the log has it', async () => {
  const [a, b] = [await at('ana'), await at('ben')];
  await type(a, '第一条 社区食堂');
  await until(() => b.text.includes('食堂'), 'the text at Ben');
  await type(b, 'Ben adds a line');
  await until(() => a.text.includes('Ben adds'), 'the text at Ana');
  await type(a, 'Ana again');
  const draft = await history();
  expect(draft.moments.map(({ by }) => draft.people[by])).toEqual([anaId, benId, anaId]);
  expect(signed(textAt(draft, 1))).toEqual([`${anaId}: 第一条 社区食堂`, `${benId}: Ben adds a line`]);
  expect(textAt(draft, -1)).toEqual([]);

  const { entries, lineage } = await ana.ok<DraftLogPage>('GET', `/api/rooms/${roomId}/drafts/${draftId}/log`);
  expect(lineage).toBe(draft.lineage);
  const doc = new Y.Doc();
  let digest = '';
  for (const entry of entries) {
    const bytes = new Uint8Array(Buffer.from(entry.bytes, 'base64'));
    expect(entryDigest(digest, { draftId, ...entry, bytes })).toBe(entry.digest);
    digest = entry.digest;
    if (entry.kind === 'update') Y.applyUpdate(doc, bytes);
    const moment = await ana.ok<DraftMoment>('GET', `/api/rooms/${roomId}/drafts/${draftId}/history/${entry.ordinal}`);
    expect(plainDocument(moment.nodes)).toEqual(canonicalDocument(doc.getXmlFragment(DRAFT_FIELD)));
  }
  const page = await ana.ok<DraftLogPage>('GET', `/api/rooms/${roomId}/drafts/${draftId}/log?after=1&limit=1`);
  expect(page.entries.map(({ ordinal }) => ordinal)).toEqual([2]);
  for (const one of [a, b]) one.ws.close();
});

test('[VER1] [VER2] [VER3] versions come of stages and of names, and are stops of the history', async () => {
  const chair = await ana.join(roomId);
  const a = await at('ana');
  await chair.act({ type: 'nameVersion', draftId, label: 'First reading' });
  const versions = async () => (await overview()).drafts[0]?.versions ?? [];
  const reached = async (count: number): Promise<void> => {
    let seen = 0;
    const look = async (): Promise<void> => void (seen = (await versions()).length);
    await look();
    await until(() => (void look(), seen >= count), `${count} versions`);
  };
  await reached(1);
  await type(a, 'One more line');
  await chair.act({ type: 'pauseRoom' });
  await reached(2);
  await chair.act({ type: 'resumeRoom' });
  await chair.act({ type: 'lockDraft', draftId });
  await chair.act({ type: 'nameVersion', draftId, label: 'The same text' });
  await reached(3);
  const all = await versions();
  expect(all.map(({ cause, label, by }) => [cause, label, by])).toEqual([
    ['named', 'First reading', anaId],
    ['paused', null, null],
    ['named', 'The same text', anaId],
  ]);
  expect(all[1]?.contentHash).toBe(all[2]?.contentHash);
  const draft = await history();
  for (const { ordinal } of all) {
    const stop = draft.moments.findLastIndex((moment) => moment.ordinal <= ordinal);
    const moment = await ana.ok<DraftMoment>('GET', `/api/rooms/${roomId}/drafts/${draftId}/history/${ordinal}`);
    expect(textAt(draft, stop)).toEqual(moment.nodes);
  }
  chair.close();
  a.ws.close();
});

test('[HI4] a stranger reads the history of a public room, packed', async () => {
  const answer = await fetch(`${server.url}/api/rooms/${roomId}/drafts/${draftId}/history`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-encoding')).toBe('gzip');
  expect(((await answer.json()) as DraftHistory).moments.length).toBeGreaterThan(3);
});

test('[HI4] what is no number, more stops than there may be, and a draft there is not, are refused by name', async () => {
  const code = async (path: string): Promise<unknown> => {
    const { json } = await ana.request('GET', `/api/rooms/${roomId}/drafts/${path}`);
    return (json as { rejection: { code: string; field?: string } }).rejection;
  };
  expect(await code(`${draftId}/history?stops=100000`)).toEqual({ code: 'malformed', field: 'stops' });
  expect(await code(`${draftId}/history/-1`)).toEqual({ code: 'malformed', field: 'ordinal' });
  expect(await code(`${draftId}/log?after=x`)).toEqual({ code: 'malformed', field: 'after' });
  expect(await code('none/history')).toEqual({ code: 'unknownDraft' });
});
