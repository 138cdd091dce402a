/*
 * How long a member waits for a room on a cheap phone: Chromium, slowed by the protocol of its developer tools (processor and line).
 *   npm run bench -- page
 *   npm run bench -- page 1           with another factor for the processor than 4
 * Rows: first visit and from the cache on Slow 4G, first sight on 2G; a small room and a large one. Readable is when the first paragraph of
 * the draft is painted, writable when the editor holds it and takes a key. Requests and kB are those until then, sockets and their frames included.
 * Figures are printed beside the goals and the load of the machine, which counts double on a slowed processor; it never ends with a failure.
 * What a build may cost in requests and bytes is a budget: scripts/budget.ts.
 */
import { loadavg } from 'node:os';
import process from 'node:process';
import { chromium } from 'playwright';
import type { Browser, BrowserContext, CDPSession } from 'playwright';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '../../shared/document/schema.ts';
import { DraftSocketClient } from '../../tests/integration/draftSocket.ts';
import { fillRoom } from '../../tests/support/fillRoom.ts';
import { administrator, invited, until } from '../../tests/support/people.ts';
import type { Visitor } from '../../tests/support/people.ts';
import { ServerProcess } from '../../tests/support/serverProcess.ts';
import { chromiumArgs, chromiumPath } from '../chromium.ts';

const slower = Number(process.argv[2] ?? 4);

/** A line as the developer tools make one: milliseconds there and back, bits a second. */
interface Line {
  readonly latencyMs: number;
  readonly down: number;
  readonly up: number;
}
const slow4G: Line = { latencyMs: 562.5, down: 1_440_000, up: 675_000 };
const secondGeneration: Line = { latencyMs: 800, down: 280_000, up: 256_000 };

interface Measured {
  readonly readableS: number | null;
  readonly writableS: number | null;
  readonly requests: number;
  readonly kB: number;
  readonly socketS: number | null;
}

const firstWords = '第一段的开头：本办法适用于本市行政区域内的公共空间。';
const clause = '有关单位应当在收到意见之日起十个工作日内作出答复，并向社会公布采纳情况和理由，接受公众监督。';
const waitMs = 180_000;

/** Runs in the page from its first moment on: notes when the text is painted, and when it can be written in. */
function watch(marker: string): void {
  const seen: { readable?: number; writable?: number } = {};
  Object.assign(window, { seen });
  const look = (): void => {
    const has = (selector: string): boolean => document.querySelector(selector)?.textContent?.includes(marker) === true;
    if (seen.readable === undefined && has('.paper > p')) setTimeout(() => (seen.readable ??= performance.now()));
    if (seen.writable === undefined && has('.ProseMirror[contenteditable="true"] > p'))
      setTimeout(() => (seen.writable ??= performance.now()));
    if (seen.writable === undefined) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function visit(context: BrowserContext, url: string, line: Line, until: 'readable' | 'writable'): Promise<Measured> {
  const page = await context.newPage();
  const tools = await context.newCDPSession(page);
  await page.addInitScript(watch, firstWords);
  const counted = await counting(tools);
  await tools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: line.latencyMs,
    downloadThroughput: line.down / 8,
    uploadThroughput: line.up / 8,
  });
  await tools.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.goto(url, { waitUntil: 'commit', timeout: waitMs });
  await page
    .waitForFunction((until) => (window as unknown as { seen: Record<string, number> }).seen[until], until, {
      timeout: waitMs,
      polling: 100,
    })
    .catch(() => undefined);
  const { requests, bytes, socketS } = counted();
  const seen = await page.evaluate(() => (window as unknown as { seen: { readable?: number; writable?: number } }).seen);
  const inS = (ms: number | undefined): number | null => (ms === undefined ? null : ms / 1000);
  await page.close();
  return { readableS: inS(seen.readable), writableS: inS(seen.writable), requests, kB: bytes / 1000, socketS };
}

/** Counts what crosses the line of a page, answers and frames of sockets. */
async function counting(tools: CDPSession): Promise<() => { requests: number; bytes: number; socketS: number | null }> {
  let [requests, bytes] = [0, 0];
  let begunAt: number | null = null;
  let socketS: number | null = null;
  const fromCache = new Set<string>();
  tools.on('Network.requestWillBeSent', ({ requestId, request, timestamp }) => {
    begunAt ??= timestamp;
    if (request.url.startsWith('data:')) return;
    if (process.env.PAGE_REQUESTS !== undefined)
      console.log(`${(timestamp - begunAt).toFixed(1)} ${request.url.replace(/^.*?\/\/[^/]*/, '')} ${requestId}`);
    requests += 1;
  });
  tools.on('Network.requestServedFromCache', ({ requestId }) => void fromCache.add(requestId));
  tools.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.fromDiskCache === true) fromCache.add(requestId);
  });
  tools.on('Network.loadingFinished', ({ encodedDataLength, requestId, timestamp }) => {
    if (fromCache.has(requestId)) requests -= 1;
    else bytes += encodedDataLength;
    if (process.env.PAGE_REQUESTS !== undefined)
      console.log(`${(timestamp - (begunAt ?? 0)).toFixed(1)} . ${encodedDataLength} ${requestId}`);
  });
  tools.on('Network.webSocketCreated', ({ url }) => {
    requests += 1;
    if (process.env.PAGE_REQUESTS !== undefined) console.log(url);
  });
  tools.on('Network.webSocketHandshakeResponseReceived', ({ timestamp }) => (socketS ??= timestamp - (begunAt ?? timestamp)));
  for (const event of ['Network.webSocketFrameReceived', 'Network.webSocketFrameSent'] as const) {
    tools.on(event, ({ response: { payloadData, opcode } }) => (bytes += opcode === 2 ? (payloadData.length * 3) / 4 : payloadData.length));
  }
  await tools.send('Network.enable');
  return () => ({ requests, bytes, socketS });
}

/** Writes so many paragraphs into the first draft of a room. */
async function write(ana: Visitor, roomId: string, paragraphs: number): Promise<void> {
  const chair = await ana.join(roomId);
  const draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
  chair.socket.disconnect();
  const typist = await new DraftSocketClient(ana.base, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled();
  await typist.synced();
  const updates: Uint8Array[] = [];
  typist.doc.on('update', (update: Uint8Array) => updates.push(update));
  typist.doc.transact(() => {
    for (let index = 0; index < paragraphs; index += 1) {
      const paragraph = new Y.XmlElement('paragraph');
      typist.doc.getXmlFragment(DRAFT_FIELD).push([paragraph]);
      paragraph.push([new Y.XmlText(index === 0 ? firstWords + clause : `${index}. ${clause}${clause}`)]);
    }
  });
  for (const update of updates) typist.sendUpdate(update);
  await until(() => typist.saved > 0, 'the text to be saved');
  typist.close();
}

interface Room {
  readonly name: string;
  readonly paragraphs: number;
  readonly comments: number;
  readonly people: number;
}
const rooms: readonly Room[] = [
  { name: 'small room', paragraphs: 12, comments: 20, people: 5 },
  { name: 'large room', paragraphs: 1_000, comments: 3_000, people: 100 },
];

interface Row {
  readonly name: string;
  readonly line: Line;
  readonly until: 'readable' | 'writable';
  readonly isCached: boolean;
  readonly goal: string;
}
const rows: readonly Row[] = [
  { name: 'first visit, Slow 4G', line: slow4G, until: 'writable', isCached: false, goal: '25, 400 kB, 4 s, 8 s' },
  { name: 'from the cache, Slow 4G', line: slow4G, until: 'writable', isCached: true, goal: 'writable 4 s' },
  { name: 'first sight, 2G', line: secondGeneration, until: 'readable', isCached: false, goal: 'readable 25 s' },
];

const figure = (value: number | null, digits = 1): string => (value === null ? 'never' : value.toFixed(digits)).padStart(9);

async function measure(browser: Browser, room: Room): Promise<void> {
  const many = { commandsPerSecond: 1e6, commandBurst: 1e6, connectsPerMinutePerAddress: 1e6 };
  const server = await ServerProcess.start({ pages: true, env: { LIMITS: JSON.stringify(many) } });
  try {
    const ana = await administrator(server.url, server.setupSecret);
    const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: '公共空间管理办法', visibility: 'public' });
    const member = await invited(ana, roomId, 'member', 'ben');
    await write(ana, roomId, room.paragraphs);
    await server.stop();
    const said = Array.from({ length: room.comments }, (_, index) => ({
      key: String(index),
      author: `委员${index % room.people}`,
      parent: index % 3 === 2 ? String(index - 1) : null,
      body: `${index}：${clause}`,
    }));
    await fillRoom(server.dataDir, roomId, said);
    await server.start();
    const url = `${server.url}/rooms/${roomId}`;
    const contextOf = async (): Promise<BrowserContext> => {
      const context = await browser.newContext({
        locale: 'zh-CN',
        viewport: { width: 390, height: 844 },
        deviceScaleFactor: 2,
        hasTouch: true,
      });
      const [name, value] = member.cookie?.split('=') ?? [];
      await context.addCookies([{ name: name ?? '', value: value ?? '', url: server.url }]);
      return context;
    };
    // The server has compiled itself and read the room before anybody is measured.
    await (await fetch(url)).text();
    let context = await contextOf();
    for (const { name, line, until, isCached, goal } of rows) {
      if (!isCached) context = await contextOf();
      const { requests, kB, readableS, writableS, socketS } = await visit(context, url, line, until);
      const load = loadavg()[0] ?? 0;
      console.log(
        `${`${room.name}, ${name}`.padEnd(38)} ${figure(requests, 0)} ${figure(kB, 0)} ${figure(readableS)} ${figure(socketS)} ${until === 'writable' ? figure(writableS) : ''.padStart(9)}   ${goal.padEnd(22)} ${load.toFixed(1)}`,
      );
    }
    await Promise.all(browser.contexts().map((context) => context.close()));
  } finally {
    await server.dispose();
  }
}

const executablePath = chromiumPath();
const browser = await chromium.launch({ args: [...chromiumArgs], ...(executablePath ? { executablePath } : {}) });
try {
  console.log(`processor ${slower} times slower; Slow 4G is 1.44 Mbit/s with 562 ms there and back, 2G 280 kbit/s with 800 ms`);
  console.log(
    `${''.padEnd(38)} ${['requests', 'kB', 'readable', 'socket', 'writable'].map((name) => name.padStart(9)).join(' ')}   ${'goal'.padEnd(22)} load`,
  );
  for (const room of rooms) await measure(browser, room);
} finally {
  await browser.close();
}
