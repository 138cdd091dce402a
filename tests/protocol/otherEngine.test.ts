import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { EDITOR_VERSION } from '#shared/document/schema.ts';
import { administrator, invited, until } from '../support/people.ts';
import { randomOf } from '../support/random.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { OtherEngine, pythonWithYrs } from './otherEngine.ts';

const nightly = process.env.NIGHTLY === '1' || process.env.OTHER_ENGINE === '1';
const rounds = 20;
const editsARound = 34;
const seed = Number(process.env.FAULT_SEED ?? 20_261_125);

/* T19: people who write with programs of others, built on another implementation of Yjs, in one draft with stock clients. */
test.skipIf(!nightly)(
  '[DR28] [DOOR3] T19 a client on yrs and two stock ones, 2,000 random edits with cuts: equal texts, nobody refused',
  { timeout: 600_000 },
  async (context) => {
    const found = await pythonWithYrs();
    if ('missing' in found) {
      context.skip(found.missing);
      return;
    }
    // Stock clients say on the console that they do not know the further frames.
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const server = await ServerProcess.start();
    const random = randomOf(seed);
    const refusals: string[] = [];
    const ana = await administrator(server.url, server.setupSecret);
    const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: '出入口', visibility: 'private' });
    const room = await ana.join(roomId);
    const draftId = room.joined?.snapshot?.drafts[0]?.id ?? '';
    const tokenOf = async (name: string): Promise<string> => {
      const visitor = await invited(ana, roomId, 'member', name);
      const { token } = await visitor.ok<{ token: string }>('POST', '/api/tokens', {
        label: 'program',
        days: 1,
        scopes: ['read', 'write'],
      });
      return token;
    };
    const stock = async (name: string): Promise<WebsocketProvider> => {
      const token = await tokenOf(name);
      class Signed extends WebSocket {
        constructor(url: string) {
          super(url, { headers: { authorization: `Bearer ${token}` } });
        }
      }
      const provider = new WebsocketProvider(`${server.url.replace('http', 'ws')}/yjs/${roomId}`, draftId, new Y.Doc(), {
        params: { editor: String(EDITOR_VERSION) },
        disableBc: true,
        WebSocketPolyfill: Signed as unknown as typeof globalThis.WebSocket,
      });
      provider.on('connection-close', (event) => {
        if (event !== null && event.code >= 4400) refusals.push(`${name}: ${String(event.code)}`);
      });
      await until(() => provider.synced, `${name} in sync`);
      return provider;
    };
    const providers = [await stock('uno'), await stock('due')];
    const other = new OtherEngine(found.python, seed);
    try {
      const address = {
        url: `${server.url.replace('http', 'ws')}/yjs/${roomId}/${draftId}?editor=${String(EDITOR_VERSION)}`,
        token: await tokenOf('yrs'),
      };
      const { clientId } = await other.order({ do: 'join', ...address });
      expect(clientId).toBeGreaterThan(2 ** 32);
      for (let round = 0; round < rounds; round += 1) {
        const cut = random(10) < 4;
        if (cut) await other.order({ do: 'cut' });
        const away = providers.filter(() => random(10) < 3);
        for (const provider of away) provider.disconnect();
        const theirs = other.order({ do: 'edit', count: editsARound });
        for (let n = 0; n < editsARound; n += 1) {
          for (const { doc } of providers) edit(doc, random);
          await new Promise((resolve) => setImmediate(resolve));
        }
        await theirs;
        for (const provider of away) provider.connect();
        if (cut) await other.order({ do: 'join', ...address });
        const { closed } = await other.order({ do: 'settle' });
        if (closed !== null) refusals.push(`yrs: ${String(closed)}`);
        expect(refusals).toEqual([]);
      }
      const textOf = ({ doc }: WebsocketProvider): string => linesOf(doc);
      await until(() => providers.every((provider) => provider.synced) && textOf(providers[0]!) === textOf(providers[1]!), 'equal texts');
      const served = async (): Promise<string> => (await ana.ok<{ text: string }>('GET', `/api/rooms/${roomId}/drafts/${draftId}`)).text;
      let text = await served();
      await until(() => textOf(providers[0]!) === text && textOf(providers[1]!) === text, 'the same text', 20_000).catch(async () => {
        text = await served();
      });
      const theirs = (await other.order({ do: 'text' })).text;
      expect([theirs, ...providers.map(textOf)]).toEqual([text, text, text]);
      expect(text.length).toBeGreaterThan(200);
    } finally {
      other.end();
      for (const provider of providers) provider.destroy();
      room.close();
      said.mockRestore();
      await server.dispose();
    }
  },
);

function linesOf(doc: Y.Doc): string {
  return doc
    .getXmlFragment('draft')
    .toArray()
    .map((block) =>
      (block as Y.XmlElement)
        .toArray()
        .map((text) =>
          (text as Y.XmlText)
            .toDelta()
            .map((run: { insert: string }) => run.insert)
            .join(''),
        )
        .join(''),
    )
    .join('\n');
}

const words = ['haven', 'door', '500 yards', 'must', 'need not', 'by the mayor', '; ', '! '] as const;

/** One edit at random, as somebody at a keyboard makes. */
function edit(doc: Y.Doc, random: (below: number) => number): void {
  const draft = doc.getXmlFragment('draft');
  const dice = random(100);
  doc.transact(() => {
    if (draft.length === 0 || dice < 5) {
      const paragraph = new Y.XmlElement('paragraph');
      draft.insert(random(draft.length + 1), [paragraph]);
      paragraph.push([new Y.XmlText(words[random(words.length)])]);
      return;
    }
    if (dice < 7 && draft.length > 3) {
      draft.delete(random(draft.length), 1);
      return;
    }
    const text = (draft.get(random(draft.length)) as Y.XmlElement).get(0) as Y.XmlText | undefined;
    if (text === undefined) return;
    const { length } = text;
    if (dice < 35 && length > 1) {
      const at = random(length);
      text.delete(at, Math.min(length - at, 1 + random(4)));
    } else if (dice < 45 && length > 4) text.format(random(length - 3), 3, { bold: random(2) === 0 ? {} : null });
    else text.insert(random(length + 1), words[random(words.length)] ?? '');
  });
}
