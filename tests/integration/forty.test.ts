import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { enter, slipsFor } from '../support/hall.ts';
import { administrator, until } from '../support/people.ts';
import { ServerProcess } from '../support/serverProcess.ts';

const PEOPLE = 40;
const MOVES = 20;
const AWARENESS = 1;

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server.dispose());

test('[DR26] forty people write, comment and move their carets at once: one text, every comment, and presence comes gathered', async () => {
  // The stock provider passes over the frames it does not know, and says so each time.
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const ana = await administrator(server.url, server.setupSecret);
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Forty', visibility: 'private' });
  const names = Array.from({ length: PEOPLE }, (_, index) => `委员${index + 1}`);
  const secrets = await slipsFor(ana, roomId, names);
  const chair = await ana.join(roomId);
  const draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
  const people = await Promise.all(secrets.map((secret) => enter(server.url, secret, roomId, draftId)));
  try {
    await until(() => people.every(({ provider }) => provider.synced), 'the draft everywhere', 60_000);

    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [new Y.XmlText('各位')]);
    people[0]!.provider.doc.getXmlFragment(DRAFT_FIELD).insert(0, [paragraph]);
    await until(() => people.every(({ provider }) => textOf(provider.doc).includes('各位')), 'the first words everywhere', 60_000);

    // What reaches the first of them about the others, in frames and in moves of theirs.
    const first = people[0]!;
    const heard = { frames: 0, lines: 0 };
    first.provider.ws?.addEventListener('message', (event: { data: unknown }) => {
      if (new Uint8Array(event.data as ArrayBuffer)[0] === AWARENESS) heard.frames += 1;
    });
    first.provider.awareness.on('change', ({ added, updated }: { added: number[]; updated: number[] }) => {
      heard.lines += added.length + updated.length;
    });

    const comments = people.map(({ client }, index) =>
      client.act({ type: 'postComment', body: `第 ${index + 1} 位`, parent: null, stance: null, anchor: null }),
    );
    for (let move = 0; move < MOVES; move += 1) {
      for (const [index, { provider }] of people.entries()) {
        provider.awareness.setLocalStateField('cursor', { move, index });
        const line = lineOf(provider.doc);
        line.insert(line.length, '字');
      }
      // The next moves are made once the first writer's last one has come back to somebody else.
      await until(
        () => people[1]!.provider.awareness.getStates().get(first.provider.doc.clientID)?.cursor?.move === move,
        'the caret of the first',
        60_000,
      );
    }
    const seqs = await Promise.all(comments);
    await Promise.all(people.map(({ client }) => client.reached(Math.max(...seqs))));
    await until(
      () => people.every(({ provider }) => lineOf(provider.doc).length === 2 + PEOPLE * MOVES),
      'every letter everywhere',
      60_000,
    );
    expect(new Set(people.map(({ provider }) => textOf(provider.doc))).size).toBe(1);
    await until(() => first.provider.awareness.getStates().size === PEOPLE, 'every caret', 60_000);

    expect(new Set(seqs).size).toBe(PEOPLE);
    await chair.reached(Math.max(...seqs));
    const told = chair.commits.flatMap(({ events }) => events).filter((event) => 'event' in event && event.event.type === 'comment.posted');
    console.log(
      `${PEOPLE} people, ${MOVES} moves each: one heard of ${heard.lines} moves in ${heard.frames} frames; ${told.length} comments`,
    );
    expect(told.length).toBe(PEOPLE);
    // Were every move a frame of its own, there would be as many frames as moves.
    expect(heard.lines).toBeGreaterThan(PEOPLE);
    expect(heard.frames).toBeLessThan(((PEOPLE - 1) * MOVES) / 4);
  } finally {
    for (const { client, provider } of people) {
      provider.destroy();
      client.close();
    }
    chair.close();
    said.mockRestore();
  }
}, 300_000);

function textOf(doc: Y.Doc): string {
  return doc.getXmlFragment(DRAFT_FIELD).toString();
}

function lineOf(doc: Y.Doc): Y.XmlText {
  return (doc.getXmlFragment(DRAFT_FIELD).get(0) as Y.XmlElement).get(0) as Y.XmlText;
}
