/*
 * What a key costs in a page that is at work: 20 others type in a draft of 100,000 characters, alone and beside thousands of comments,
 * on a desktop whose processor is made slower:
 *   npm run bench -- typing
 *   npm run bench -- typing --slower 1 --keys 100 --comments 500     on another processor, with fewer keys and comments
 * Needs Chromium and a built client. Figures are printed and compared with no other run.
 */
import { chromium } from '@playwright/test';
import type { CDPSession, Page } from '@playwright/test';
import { loadavg } from 'node:os';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Anchor } from '../../shared/document/anchors.ts';
import { fillRoom } from '../../tests/support/fillRoom.ts';
import { slipsFor } from '../../tests/support/hall.ts';
import { administrator, Visitor } from '../../tests/support/people.ts';
import { ServerProcess } from '../../tests/support/serverProcess.ts';
import { chromiumArgs, chromiumPath } from '../chromium.ts';
import { askChild, quantile, startChild } from './children.ts';
import type { EditorPlace } from './editor.ts';
import type { TypistsOrder } from './typists.ts';

const { values } = parseArgs({
  options: {
    slower: { type: 'string', default: '4' },
    keys: { type: 'string', default: '150' },
    comments: { type: 'string', default: '3200' },
    profile: { type: 'string' },
  },
});
const slower = Number(values.slower);
const keys = Number(values.keys);
const TYPISTS = 20;
const PER_SECOND = 4;
const PARAGRAPHS = 1_000;
const LENGTH = 100;
const ANCHORED = 200;
const KEY_MS = 160;
/** One comment in so many milliseconds comes in while somebody types beside a discussion. */
const COMMENT_MS = 1_000;

interface Costs {
  readonly what: string;
  readonly waited: readonly number[];
  readonly painted: readonly number[];
  readonly busy: number;
  /** Of that, shares of the time: scripts, styles, layout. */
  readonly parts: readonly number[];
  readonly nodes: number;
  readonly heapMB: number;
}

/** Notes of every key when its handler began and when its frame was painted, in ms since the browser got it. */
function watchKeys(): void {
  const noted: [number, number][] = [];
  Object.assign(window, { keysNoted: noted });
  addEventListener(
    'keydown',
    ({ timeStamp }) => {
      const waited = performance.now() - timeStamp;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => noted.push([waited, performance.now() - timeStamp]);
        port2.postMessage(0);
      });
    },
    { capture: true },
  );
}

async function metricsOf(cdp: CDPSession): Promise<ReadonlyMap<string, number>> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return new Map(metrics.map(({ name, value }) => [name, value]));
}

async function typeInto(page: Page, cdp: CDPSession, what: string): Promise<Costs> {
  await page.evaluate(() => ((window as unknown as { keysNoted: unknown[] }).keysNoted.length = 0));
  const before = await metricsOf(cdp);
  const begun = performance.now();
  const pressed: Promise<unknown>[] = [];
  if (values.profile !== undefined) await cdp.send('Profiler.start');
  for (let n = 0; n < keys; n += 1) {
    await pause(Math.max(0, begun + n * KEY_MS - performance.now()));
    const key = { key: 'a', code: 'KeyA', windowsVirtualKeyCode: 65 };
    pressed.push(cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', text: 'a', ...key }));
    pressed.push(cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key }));
  }
  await Promise.all(pressed);
  const tookMs = performance.now() - begun;
  const after = await metricsOf(cdp);
  const share = (name: string): number => (((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 1_000) / tookMs;
  if (values.profile !== undefined) {
    const { profile } = await cdp.send('Profiler.stop');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${values.profile}-${what.replaceAll(/\W+/g, '-')}.cpuprofile`, JSON.stringify(profile));
  }
  await page.waitForFunction((all) => (window as unknown as { keysNoted: unknown[] }).keysNoted.length >= all, keys, { timeout: 60_000 });
  const noted = await page.evaluate(() => (window as unknown as { keysNoted: [number, number][] }).keysNoted);
  await cdp.send('HeapProfiler.collectGarbage');
  const still = await metricsOf(cdp);
  return {
    what,
    waited: noted.map(([waited]) => waited),
    painted: noted.map(([, painted]) => painted),
    busy: share('TaskDuration'),
    parts: ['ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration'].map(share),
    nodes: still.get('Nodes') ?? 0,
    heapMB: (still.get('JSHeapUsedSize') ?? 0) / 1e6,
  };
}

function print(all: readonly Costs[]): void {
  const cells = (list: readonly number[]) => [0.5, 0.95, 1].map((share) => quantile(list, share).toFixed(0).padStart(6)).join('');
  const percent = (part: number): string => `${(100 * part).toFixed(0)} %`;
  console.log(
    `\nprocessor ${slower} × slower, ${TYPISTS} others ${PER_SECOND} edits/s each, ${PARAGRAPHS * LENGTH} characters, ${keys} keys`,
  );
  console.log(`load of the machine ${loadavg()[0]?.toFixed(1) ?? ''}; ms, p50 p95 most\n`);
  console.log(`${''.padEnd(44)}   until handled       until painted    main thread (script style layout)   DOM nodes   heap MB`);
  for (const { what, waited, painted, busy, parts, nodes, heapMB } of all)
    console.log(
      `${what.padEnd(44)}${cells(waited)}  ${cells(painted)}${percent(busy).padStart(12)} ${`(${parts.map(percent).join(' ')})`.padStart(22)}${String(nodes).padStart(12)}${heapMB.toFixed(0).padStart(10)}`,
    );
}

async function measure(): Promise<readonly Costs[]> {
  const many = {
    commandsPerSecond: 1e6,
    commandBurst: 1e6,
    commandsPerSecondPerAddress: 1e6,
    commandBurstPerAddress: 1e6,
    framesPerSecond: 1e6,
    frameBurst: 1e6,
    frameBytesPerSecond: 1e9,
    connectsPerMinutePerAddress: 1e6,
  };
  const server = await ServerProcess.start({ pages: true, env: { LIMITS: JSON.stringify(many) } });
  const typists = startChild('typists.ts');
  const tell = <T>(order: TypistsOrder): Promise<T> => askChild<T>(typists, order);
  const executablePath = chromiumPath();
  const browser = await chromium.launch({ args: [...chromiumArgs], ...(executablePath === undefined ? {} : { executablePath }) });
  try {
    const ana = await administrator(server.url, server.setupSecret);
    const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Measured', visibility: 'public' });
    const secrets = await slipsFor(
      ana,
      roomId,
      Array.from({ length: TYPISTS }, (_, index) => `委员${index + 1}`),
    );
    const chair = await ana.join(roomId);
    const draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
    const places: EditorPlace[] = [];
    for (const secret of secrets) {
      const visitor = new Visitor(server.url);
      await visitor.ok('POST', '/api/personal-links/follow', { secret });
      (await visitor.join(roomId)).close();
      places.push({ base: server.url, cookie: visitor.cookie ?? '', roomId, draftId });
    }
    await tell({ is: 'join', places: places.slice(0, 1) });
    await tell({ is: 'fill', paragraphs: PARAGRAPHS, length: LENGTH });
    const { anchors } = await tell<{ anchors: readonly Anchor[] }>({ is: 'anchors', count: ANCHORED });

    const costs: Costs[] = [];
    const open = async (): Promise<{ page: Page; cdp: CDPSession }> => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN' });
      const [name, value] = ana.cookie?.split('=') ?? [];
      await context.addCookies([{ name: name ?? '', value: value ?? '', url: server.url }]);
      const page = await context.newPage();
      await page.addInitScript(watchKeys);
      await page.goto(`${server.url}/rooms/${roomId}`);
      const text = page.locator('.ProseMirror[contenteditable=true]');
      await page.waitForFunction((all) => (document.querySelector('.ProseMirror')?.childElementCount ?? 0) >= all, PARAGRAPHS, {
        timeout: 120_000,
      });
      await text.evaluate((element) => {
        (element as HTMLElement).focus();
        getSelection()?.setPosition(element.children[2]?.firstChild ?? element, 10);
      });
      const cdp = await context.newCDPSession(page);
      // Times of the processor: those of the clock depend on what else runs here.
      await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
      if (values.profile !== undefined) await cdp.send('Profiler.enable');
      await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
      return { page, cdp };
    };

    await tell({ is: 'join', places });
    {
      const { page, cdp } = await open();
      costs.push(await typeInto(page, cdp, 'alone'));
      await tell({ is: 'type', perSecond: PER_SECOND });
      costs.push(await typeInto(page, cdp, '20 others typing'));
      await tell({ is: 'stop' });
      await page.context().close();
    }
    chair.close();

    await server.stop();
    const people = Array.from({ length: 40 }, (_, n) => `author ${n}`);
    const said = Array.from({ length: Number(values.comments) }, (_, n) => ({
      key: String(n),
      author: people[n % people.length] ?? '',
      parent: n % 3 === 0 ? null : String(n - (n % 3)),
      body: `${n}：出入口是居民每天经过的路，${'间距一般不超过三百米，'.repeat(1 + (n % 5))}按居民到访的方向设置。`,
    }));
    await fillRoom(server.dataDir, roomId, said);
    await server.start();
    const again = await ana.join(roomId);
    for (const anchor of anchors)
      await again.act({ type: 'postComment', body: '这一句改一改。', parent: null, stance: null, anchor: { draftId, ...anchor } });
    await tell({ is: 'join', places });
    {
      const { page, cdp } = await open();
      // What fills itself up in idle moments has done so.
      let drawn = -1;
      for (let now = 0; now !== drawn; await pause(3_000)) {
        drawn = now;
        now = await page.evaluate(() => document.getElementsByTagName('*').length);
      }
      await tell({ is: 'type', perSecond: PER_SECOND });
      let n = 0;
      const coming = setInterval(() => {
        n += 1;
        void again.act({ type: 'postComment', body: `又来一条，第 ${n} 条。`, parent: null, stance: null, anchor: null });
      }, COMMENT_MS);
      costs.push(await typeInto(page, cdp, `20 others typing, ${Number(values.comments) + ANCHORED} comments`));
      clearInterval(coming);
      await tell({ is: 'stop' });
    }
    again.close();
    return costs;
  } finally {
    await browser.close();
    typists.disconnect();
    await server.dispose();
  }
}

print(await measure());
process.exit(0);
