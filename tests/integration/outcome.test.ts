import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inflateRawSync } from 'node:zlib';
import type { OutcomeAnswer } from '#shared/protocol/outcomeView.ts';
import type { RoomClient } from '../support/people.ts';
import { administrator, invited, Visitor } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';

const secretWords = 'words that were hidden later';
const heldWords = 'words of an observer nobody looked at';

let server: ServerProcess;
let ana: Visitor;
let ben: Visitor;
let cleo: Visitor;
let olga: Visitor;
let roomId = '';
let stranger: Visitor;

/** The files inside a zip that was written by one program in one go, by their names. */
function unzip(bytes: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  let at = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  while (at >= 0 && bytes.readUInt32LE(at) === 0x02014b50) {
    const [method, size, name, extra, comment, local] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
      bytes.readUInt32LE(at + 42),
    ];
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + size);
    files.set(bytes.toString('utf8', at + 46, at + 46 + name), (method === 8 ? inflateRawSync(packed) : packed).toString('utf8'));
    at += 46 + name + extra + comment;
  }
  return files;
}

async function file(visitor: Visitor, query: string): Promise<{ status: number; type: string; name: string; bytes: Buffer }> {
  const response = await fetch(`${server.url}/api/rooms/${roomId}/outcome/export?${query}`, {
    headers: visitor.cookie === null ? {} : { cookie: visitor.cookie },
  });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    name: response.headers.get('content-disposition') ?? '',
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

async function outcomeFor(visitor: Visitor): Promise<OutcomeAnswer> {
  return visitor.ok<OutcomeAnswer>('GET', `/api/rooms/${roomId}/outcome`);
}

beforeAll(async () => {
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(quickPace) } });
  ana = await administrator(server.url, server.setupSecret);
  const settings = { visibility: 'public', whoComments: 'participants', guests: true };
  roomId = (await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Entrances: <b>where?</b>', question: 'Where?', ...settings })).id;
  ben = await invited(ana, roomId, 'member', 'ben');
  cleo = await invited(ana, roomId, 'member', 'cleo');
  olga = await invited(ana, roomId, 'observer', 'olga');
  stranger = new Visitor(server.url);
  const open: RoomClient[] = [];
  const seat = async (visitor: Visitor): Promise<RoomClient> => {
    const client = await visitor.join(roomId);
    open.push(client);
    return client;
  };
  const [chair, first, second, observer] = [await seat(ana), await seat(ben), await seat(cleo), await seat(olga)];
  await chair.act({
    type: 'changeSettings',
    settings: { visibility: 'public', whoComments: 'participants', guests: true, review: 'observers' },
  });
  await first.act({ type: 'postComment', body: 'Every entrance has a *step-free* path.', stance: 'for' });
  await second.act({ type: 'supportComment', comment: 1 });
  await second.act({ type: 'postComment', body: 'Two hundred metres apart.' });
  await first.act({ type: 'postComment', body: 'Three hundred.', parent: 2, stance: 'against' });
  await second.act({ type: 'postComment', body: secretWords });
  await observer.act({ type: 'postComment', body: heldWords });
  await chair.act({ type: 'gatherSuggestion', ask: 'One step-free path at each entrance.', sources: [{ kind: 'comment', comment: 1 }] });
  await chair.act({
    type: 'gatherSuggestion',
    ask: 'From hidden words.',
    sources: [{ kind: 'comment', comment: 4, quote: 'words that were' }],
  });
  await first.act({ type: 'confirmSuggestion', suggestion: 1 });
  await chair.act({ type: 'hideComment', comment: 4, reason: { code: 'personalData' } });
  for (const client of open) client.close();
});
afterAll(() => server.dispose());

describe('before the room is closed', () => {
  test('[OUT1] who keeps the record sees a preview that says so; nobody else sees one', async () => {
    expect((await outcomeFor(ana)).outcome.final).toBe(false);
    for (const visitor of [ben, olga, stranger]) {
      expect((await visitor.request('GET', `/api/rooms/${roomId}/outcome`)).json).toEqual({ rejection: { code: 'roomOpen' } });
      expect((await file(visitor, 'format=md')).status).toBe(400);
    }
    expect((await file(ana, 'format=md&lang=en')).bytes.toString()).toContain('not final');
  });
});

describe('after it was closed', () => {
  beforeAll(async () => {
    const chair = await ana.join(roomId);
    await chair.reached(await chair.act({ type: 'closeRoom' }));
    chair.close();
  });

  test('[OUT1] [OUT2] a stranger reads a public room’s record, each number as its rows', async () => {
    const { outcome, yours } = await outcomeFor(stranger);
    expect(yours).toBeNull();
    expect(outcome.final).toBe(true);
    const { counts } = outcome;
    expect(counts.comments).toEqual([1, 2, 3]);
    expect(counts.participations).toEqual([1, 2]);
    expect(counts.hidden).toEqual([4]);
    expect(counts.suggestions).toEqual([1, 2]);
    expect(counts.confirmed).toEqual([1]);
    for (const number of counts.comments) expect(outcome.comments.some((comment) => comment.number === number)).toBe(true);
    for (const id of counts.people) expect(outcome.people.some((person) => person.id === id)).toBe(true);
  });

  test('[OUT11] what the page shows at first comes with the comments it cites, and one’s own with their answers; the figures count all', async () => {
    const cited = async (visitor: Visitor) =>
      (await visitor.ok<OutcomeAnswer>('GET', `/api/rooms/${roomId}/outcome?comments=cited`)).outcome;
    const [whole, less, cleos] = [(await outcomeFor(stranger)).outcome, await cited(stranger), await cited(cleo)];
    // The third is an answer that nothing rests on.
    expect(less.comments.map(({ number }) => number)).toEqual([1, 2]);
    // The text may be sealed between the two.
    const { comments, people, texts } = whole;
    expect({ ...less, comments, people, texts, commentsLeftOut: 0 }).toEqual(whole);
    expect(less.commentsLeftOut).toBe(1);
    expect(cleos.comments.map(({ number }) => number)).toEqual([1, 2, 3]);
    const answer = await stranger.request('GET', `/api/rooms/${roomId}/outcome?comments=some`);
    expect(answer).toMatchObject({ status: 400, json: { rejection: { code: 'malformed' } } });
  });

  test('[OUT4] [OUT6] agreement with who supports it and where it comes from; what its author said', async () => {
    const { outcome } = await outcomeFor(stranger);
    const [first] = outcome.counts.agreement;
    expect(first).toMatchObject({ of: { kind: 'suggestion', number: 1 }, from: [1], against: [] });
    expect(first?.support.length).toBe(2);
    expect(outcome.suggestions[0]?.confirmedBy.length).toBe(1);
    expect(outcome.suggestions[1]?.unanswered.length).toBe(1);
  });

  test('[OUT3] hidden and held words are in no answer and no file, for nobody', async () => {
    for (const visitor of [ana, ben, olga, stranger]) {
      expect(JSON.stringify((await outcomeFor(visitor)).outcome)).not.toMatch(/words that were|words of an observer/);
      const markdown = (await file(visitor, 'format=md')).bytes.toString();
      expect(markdown).not.toMatch(/words that were|words of an observer/);
    }
    expect([...unzip((await file(ana, 'format=docx')).bytes).values()].join('')).not.toMatch(/words that were|words of an observer/);
  });

  test('[OUT7] each sees what became of his own comments, and nobody else’s', async () => {
    expect((await outcomeFor(cleo)).yours?.comments).toEqual([
      { number: 2, status: 'published', text: 'Two hundred metres apart.' },
      { number: 4, status: 'hidden', text: secretWords },
    ]);
    expect((await outcomeFor(olga)).yours?.comments).toEqual([{ number: 5, status: 'held', text: heldWords }]);
    expect(JSON.stringify(await outcomeFor(ben))).not.toContain(secretWords);
  });

  test('[OUT8] as Markdown, HTML and DOCX, in both languages', async () => {
    const markdown = await file(stranger, 'format=md&lang=en&tz=Asia/Shanghai');
    expect([markdown.status, markdown.type]).toEqual([200, 'text/markdown; charset=utf-8']);
    expect(markdown.name).toContain('.md');
    const text = markdown.bytes.toString();
    expect(text).toContain('## Agreement');
    expect(text).toContain('\\<b');
    expect(text).toContain('ben');
    expect((await file(stranger, 'format=md&lang=zh')).bytes.toString()).toContain('## 共识');
    expect((await file(stranger, 'format=html')).bytes.toString()).toContain('<h2>共识</h2>');
    const docx = unzip((await file(stranger, 'format=docx&lang=zh')).bytes);
    expect(docx.get('word/document.xml')).toContain('One step-free path at each entrance.');
    for (const query of ['format=exe', 'format=md&lang=fr', 'format=md&tz=Mars/Olympus', '']) {
      expect((await file(stranger, query)).status, query).toBe(400);
    }
  });

  test('[OUT1] a private room’s record is not there for a stranger', async () => {
    const chair = await ana.join(roomId);
    await chair.act({ type: 'reopenRoom' });
    await chair.act({ type: 'changeSettings', settings: { visibility: 'private', whoComments: 'members', guests: false } });
    await chair.act({ type: 'closeRoom' });
    chair.close();
    expect((await stranger.request('GET', `/api/rooms/${roomId}/outcome`)).json).toEqual({ rejection: { code: 'notFound' } });
    expect((await outcomeFor(olga)).outcome.final).toBe(true);
  });
});

test('[OUT9] a room in which nothing happened has a record as well', async () => {
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Quiet' });
  const chair = await ana.join(id);
  await chair.act({ type: 'closeRoom' });
  chair.close();
  const { outcome } = await ana.ok<OutcomeAnswer>('GET', `/api/rooms/${id}/outcome`);
  expect([outcome.comments, outcome.suggestions, outcome.counts.agreement, outcome.counts.people]).toEqual([[], [], [], []]);
  expect(outcome.texts).toHaveLength(1);
});
