import { afterAll, beforeAll, expect, test } from 'vitest';
import { updateFrame } from '#server/drafts/frames.ts';
import { makeAnchor } from '#shared/document/anchors.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';
import type { Visitor } from '../support/people.ts';
import { administrator, invited, RoomClient, until } from '../support/people.ts';
import { quickPace } from '../support/quickPace.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { DraftSocketClient } from './draftSocket.ts';

let server: ServerProcess;
let ana: Visitor;
let roomId: string;
beforeAll(async () => {
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify(quickPace) } });
  ana = await administrator(server.url, server.setupSecret);
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Hidden', visibility: 'public' }));
});
afterAll(() => server.dispose());

/** A client that keeps every byte it was sent, as text. */
class Listener {
  readonly client: RoomClient;
  readonly #visitor: Visitor | null;
  heard = '';

  constructor(visitor: Visitor | null) {
    this.#visitor = visitor;
    this.client = new RoomClient(server.url, visitor?.cookie ?? null, roomId);
    this.client.socket.onAny((...message: unknown[]) => (this.heard += JSON.stringify(message)));
  }

  async join(): Promise<this> {
    const answer = await this.client.tryJoin();
    this.heard += JSON.stringify(answer);
    if (answer.ok) this.client.joined = answer;
    return this;
  }

  /** All there is to read: the log over both wires, the room, the list, the draft with its comments. */
  async readAll(): Promise<string> {
    const headers = { ...(this.#visitor?.cookie === null || this.#visitor === null ? {} : { cookie: this.#visitor.cookie }) };
    const draftId = this.client.joined?.snapshot?.drafts[0]?.id ?? '';
    const paths = ['/api/rooms', `/api/rooms/${roomId}`, `/api/rooms/${roomId}/log`, `/api/rooms/${roomId}/drafts/${draftId}`];
    const pages = await Promise.all(paths.map(async (path) => (await fetch(server.url + path, { headers })).text()));
    const caught: unknown = await this.client.socket.emitWithAck('room:catchup', { after: 0 });
    return [...pages, JSON.stringify(caught)].join('\n');
  }
}

test('[VIS2] [COM5] hidden words reach nobody who may not read them, on no wire, then or later', async () => {
  const ben = await invited(ana, roomId, 'member', 'ben');
  const cai = await invited(ana, roomId, 'member', 'cai');
  const olga = await invited(ana, roomId, 'observer', 'olga');
  const chair = await new Listener(ana).join();
  const author = await new Listener(ben).join();
  const others = await Promise.all([new Listener(cai).join(), new Listener(olga).join(), new Listener(null).join()]);

  // A passage of the draft, quoted.
  const draftId = chair.client.joined?.snapshot?.drafts[0]?.id ?? '';
  const draft = await (await new DraftSocketClient(server.url, { cookie: ben.cookie ?? '' }, `${roomId}/${draftId}`).settled()).synced();
  draft.send(updateFrame(draft.typed('Call 0000-TELEPHONE at night.')));
  await until(() => draft.saved === 1, 'the passage');
  const anchor = makeAnchor(buildTextIndex(draft.doc.getXmlFragment(DRAFT_FIELD)), { from: 5, to: 19 });
  if (typeof anchor === 'string') throw new Error(anchor);
  expect(anchor.quote).toBe('0000-TELEPHONE');

  const runs = anchor.runs.map(([client, clock, length]) => [client, clock, length] as const);
  await author.client.act({ type: 'postComment', body: 'SECRET-ONE', anchor: { draftId, ...anchor, runs } });
  const seen = await author.client.act({ type: 'editComment', comment: 1, body: 'SECRET-TWO' });
  await Promise.all(others.map(({ client }) => client.reached(seen)));
  for (const { heard } of others) expect(heard).toContain('SECRET-TWO');
  for (const listener of [...others, author, chair]) listener.heard = '';

  const hidden = await chair.client.act({ type: 'hideComment', comment: 1, reason: { code: 'personalData', note: 'a number' } });
  await Promise.all([...others, author, chair].map(({ client }) => client.reached(hidden)));
  const secrets = /SECRET-ONE|SECRET-TWO|0000-TELEPHONE/;
  const newcomers = await Promise.all([new Listener(cai).join(), new Listener(olga).join(), new Listener(null).join()]);
  for (const listener of [...others, ...newcomers]) {
    expect(listener.heard).toContain('a number');
    expect(listener.heard).not.toMatch(secrets);
    const read = await listener.readAll();
    expect(read).toContain('comment.hidden');
    // The draft itself is no secret; the quote of the comment is.
    expect(read.replace('Call 0000-TELEPHONE at night.', '')).not.toMatch(secrets);
  }
  // The author gets his own apart, and the moderator reads it where it stands.
  await until(() => author.heard.includes('you:changed'), 'the word to the author');
  expect(author.heard).toContain('SECRET-TWO');
  const returned = await new Listener(ben).join();
  expect(returned.client.joined?.you.ownHidden).toMatchObject([{ comment: 1, body: { text: 'SECRET-TWO' } }]);
  expect(JSON.stringify(returned.client.joined?.snapshot)).not.toMatch(secrets);
  expect(await chair.readAll()).toMatch(/SECRET-ONE[^]*SECRET-TWO/);
  const chairAgain = await new Listener(ana).join();
  expect(chairAgain.heard).toMatch(secrets);

  // A moderator who becomes a member is told to read anew, and reads what members read.
  const participantId = others[0]?.client.joined?.you.participantId ?? '';
  await chair.client.act({ type: 'changeRole', participantId, role: 'moderator' });
  await until(() => others[0]?.heard.includes('"audience":"moderators"') === true, 'the promotion');
  expect(await others[0]?.readAll()).toMatch(secrets);
  const back = await chair.client.act({ type: 'changeRole', participantId, role: 'member' });
  await others[0]?.client.reached(back);
  expect((await others[0]?.readAll())?.replace('Call 0000-TELEPHONE at night.', '')).not.toMatch(secrets);

  const restored = await chair.client.act({ type: 'restoreComment', comment: 1 });
  await Promise.all(others.map(({ client }) => client.reached(restored)));
  for (const listener of [...others, ...newcomers]) expect(await listener.readAll()).toMatch(/SECRET-ONE[^]*SECRET-TWO/);
  const after = await new Listener(null).join();
  expect(after.client.joined?.snapshot?.comments[0]).toMatchObject({ status: 'published', body: { text: 'SECRET-TWO' } });

  // Withdrawn words nobody reads any more, the moderator and the author neither.
  await author.client.act({ type: 'withdrawComment', comment: 1 });
  for (const visitor of [ana, ben, cai, null]) {
    const listener = await new Listener(visitor).join();
    const read = `${listener.heard}${await listener.readAll()}`;
    expect(read.replaceAll('Call 0000-TELEPHONE at night.', '')).not.toMatch(secrets);
    listener.client.close();
  }
  for (const { client } of [...others, ...newcomers, author, chair, returned, chairAgain, after]) client.close();
  draft.close();
});
