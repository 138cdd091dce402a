import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { administrator, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { Browser, DraftWire, RoomWire, verify } from './stranger.ts';

/** What the page says, for whoever has read it. */
const v = Number(/Version (\d+)/.exec(readFileSync('docs/PROTOCOL.md', 'utf8'))?.[1]);
let server: ServerProcess;
let ana: Visitor;
let roomId: string;

beforeAll(async () => {
  server = await ServerProcess.start();
  ana = await administrator(server.url, server.setupSecret);
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: '出入口', visibility: 'private' }));
});
afterAll(() => server.dispose());

/** Somebody new who follows an invitation of Ana's; gives a token for his program. */
async function tokenOf(handle: string): Promise<{ token: string; browser: Browser; participantId: string }> {
  const { path } = await ana.ok<{ path: string }>('POST', `/api/rooms/${roomId}/invitations`, { role: 'member', days: 1 });
  const secret = path.split('#')[1] ?? '';
  const browser = new Browser(server.url);
  await browser.ask('POST', '/accounts', { invitation: secret, handle, displayName: handle, password: 'a stranger’s words' });
  const { participantId } = await browser.ask('POST', '/invitations/accept', { secret });
  const { token } = await browser.ask('POST', '/tokens', { label: 'program', days: 1, scopes: ['read', 'write'] });
  return { token: String(token), browser, participantId: String(participantId) };
}

test('[DOOR3] the stranger’s program imports nothing of this project', () => {
  const source = readFileSync('tests/protocol/stranger.ts', 'utf8');
  const imported = [...source.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, name]) => name);
  expect(new Set(imported)).toEqual(new Set(['node:crypto', 'lib0/decoding', 'lib0/encoding', 'ws', 'yjs']));
});

test('[DOOR3] [LOG2] a stranger’s program follows a link, comments, edits, sees the acknowledgement and verifies the chain', async () => {
  const { token, participantId } = await tokenOf('stranger');
  const room = new RoomWire(server.url, token);
  const joined = await room.ask('room:join', { v, roomId });
  expect(joined.ok).toBe(true);
  expect(joined.you?.participantId).toBe(participantId);
  const head = joined.head ?? { seq: 0, hash: '' };

  const answer = await room.command(
    { type: 'postComment', body: '为什么是三百米？\nWhy three hundred?', stance: 'against' },
    'the-first-act',
  );
  expect(answer).toEqual({ ok: true, seq: head.seq + 1 });
  expect(
    await room.command({ type: 'postComment', body: '为什么是三百米？\nWhy three hundred?', stance: 'against' }, 'the-first-act'),
  ).toEqual(answer);
  await room.arrivals.until(() => room.commits.some(({ seq }) => seq === answer.seq), 'the commit');
  const [commit] = room.commits;
  expect(commit?.actorId).toBe(participantId);
  expect(commit?.events[0]?.event).toMatchObject({
    type: 'comment.posted',
    comment: 1,
    body: { text: '为什么是三百米？\nWhy three hundred?' },
  });
  expect(verify(room.commits, head)).toEqual({ seq: answer.seq, hash: commit?.hash });

  const [draft] = joined.snapshot?.drafts ?? [];
  const wire = new DraftWire(server.url, roomId, draft?.id ?? '', token);
  await wire.arrivals.until(() => wire.synced, 'the draft');
  expect(wire.standing).toMatchObject({ write: true, why: null, lineage: draft?.lineage });
  wire.write('出入口间距不超过三百米。');
  wire.write('Entrances lie 300 metres apart.');
  await wire.arrivals.until(() => wire.allSaved, 'the acknowledgement');
  expect(wire.ordinal).toBe(2);
  expect(wire.authors).toEqual({ [wire.doc.clientID]: participantId });
  expect(await ana.ok('GET', `/api/rooms/${roomId}/drafts/${draft?.id ?? ''}`)).toMatchObject({
    text: '出入口间距不超过三百米。\nEntrances lie 300 metres apart.',
    ordinal: 2,
    lineage: draft?.lineage,
  });

  // A second one gets all of it, and what the first does next.
  const other = await tokenOf('another');
  const second = new DraftWire(server.url, roomId, draft?.id ?? '', other.token);
  await second.arrivals.until(() => second.synced, 'the draft');
  expect(second.text).toBe(wire.text);
  wire.write('III');
  await second.arrivals.until(() => second.text === wire.text, 'the same text');
  expect(second.text.endsWith('III')).toBe(true);
  expect([...wire.unknown, ...second.unknown]).toEqual([]);

  // The chain from its first commit, by HTTP and by the room's wire.
  const { commits = [], head: now } = (await room.ask('room:catchup', { after: 0 })) as {
    commits?: Parameters<typeof verify>[0];
    head?: object;
  };
  expect(verify(commits)).toEqual(now);
  const tampered = structuredClone(commits);
  const words = tampered[answer.seq! - 1]?.events[0]?.event?.['body'] as { text: string };
  words.text = 'Three hundred is fine.';
  expect(() => verify(tampered)).toThrow('a text was changed');
  expect(() => verify(commits.toSpliced(1, 1))).toThrow('the chain breaks at commit 3');
  expect(() => verify(commits.map((one) => (one.seq === 2 ? { ...one, actorId: 'somebody' } : one)))).toThrow(
    'the chain breaks at commit 2',
  );
  for (const one of [wire, second, room]) one.close();
});

test('[DOOR3] [LOG2] a stranger verifies the chain over words he may not read', async () => {
  const { token } = await tokenOf('verifier');
  const room = new RoomWire(server.url, token);
  const { head = { seq: 0, hash: '' } } = await room.ask('room:join', { v, roomId });
  const moderator = await ana.join(roomId);
  const posted = await moderator.act({ type: 'postComment', body: 'a telephone number' });
  const number = (moderator.joined?.snapshot?.comments.length ?? 0) + 1;
  await moderator.act({ type: 'hideComment', comment: number, reason: { code: 'personalData', note: 'a number' } });
  const { commits = [], head: now } = await room.ask('room:catchup', { after: head.seq });
  expect(verify(commits, head)).toEqual(now);
  expect(commits[0]?.seq).toBe(posted);
  expect(commits[0]?.events[0]?.event?.['body']).toEqual({ digest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown });
  expect(JSON.stringify(commits)).not.toContain('a telephone number');
  moderator.close();
  room.close();
});

test('[DOOR3] the stock y-websocket provider edits a draft', async () => {
  // It passes over the frames it does not know, and says so.
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { token } = await tokenOf('stock');
  const client = await ana.join(roomId);
  const draftId = client.joined?.snapshot?.drafts[0]?.id ?? '';
  client.close();
  class Signed extends WebSocket {
    constructor(address: string) {
      super(address, { headers: { authorization: `Bearer ${token}` } });
    }
  }
  const open = () => {
    const doc = new Y.Doc();
    const provider = new WebsocketProvider(`${server.url.replace('http', 'ws')}/yjs/${roomId}`, draftId, doc, {
      params: { editor: '3' },
      disableBc: true,
      WebSocketPolyfill: Signed as unknown as typeof globalThis.WebSocket,
    });
    return { doc, provider };
  };
  const one = open();
  const other = open();
  await until(() => one.provider.synced && other.provider.synced, 'both in sync');
  const paragraph = new Y.XmlElement('paragraph');
  one.doc.getXmlFragment('draft').push([paragraph]);
  paragraph.push([new Y.XmlText('typed in a stock client')]);
  await until(() => other.doc.getXmlFragment('draft').toString().includes('typed in a stock client'), 'the words at the other');
  const { text } = await ana.ok<{ text: string }>('GET', `/api/rooms/${roomId}/drafts/${draftId}`);
  expect(text.endsWith('typed in a stock client')).toBe(true);
  // Presence is the connection's, whatever the client says.
  one.provider.awareness.setLocalStateField('user', { name: 'Somebody else', color: '#123456' });
  await until(() => other.provider.awareness.getStates().has(one.doc.clientID), 'presence');
  expect(other.provider.awareness.getStates().get(one.doc.clientID)).toMatchObject({ user: { name: 'stock', role: 'member' } });
  one.provider.destroy();
  other.provider.destroy();

  // Where the answer is no, it stops trying.
  const closed: number[] = [];
  const doc = new Y.Doc();
  const refused = new WebsocketProvider(`${server.url.replace('http', 'ws')}/yjs/${roomId}`, 'no-such-draft', doc, {
    params: { editor: '3' },
    disableBc: true,
    WebSocketPolyfill: Signed as unknown as typeof globalThis.WebSocket,
  });
  refused.on('closed', ({ code }) => closed.push(code));
  await until(() => closed.length > 0, 'the end');
  expect(closed).toEqual([4404]);
  expect(refused.shouldConnect).toBe(false);
  refused.destroy();
  expect(new Set(said.mock.calls.flat())).toEqual(new Set(['Unable to compute message']));
  said.mockRestore();
});
