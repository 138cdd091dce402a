import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { hasDiscussions, madridDiscussions, wikiDiscussions } from '../support/discussions.ts';
import type { RealDiscussion } from '../support/discussions.ts';
import { fillRoom } from '../support/fillRoom.ts';
import { complaintsOf, contextOf, serverWithRoom } from './support/room.ts';

/** What the page itself measured; times in ms since the navigation began. */
interface Measured {
  readonly firstCommentAt: number;
  readonly longTasks: readonly number[];
  readonly frames: readonly number[];
}

/** Watches from the first script on: the first comment that is painted, and every task and frame. */
function watch(): void {
  const state = { firstCommentAt: 0, longTasks: [] as number[], frames: [] as number[] };
  Object.assign(window, { measured: state });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) state.longTasks.push(Math.round(duration));
  }).observe({ entryTypes: ['longtask'] });
  const seen = new MutationObserver(() => {
    if (document.querySelector('article.comment') === null) return;
    seen.disconnect();
    requestAnimationFrame(() => setTimeout(() => (state.firstCommentAt = Math.round(performance.now()))));
  });
  seen.observe(document, { childList: true, subtree: true });
  let before = performance.now();
  const frame = () => {
    const now = performance.now();
    state.frames.push(now - before);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

function measured(page: Page, anew = false): Promise<Measured> {
  return page.evaluate((anew) => {
    const state = (window as unknown as { measured: { longTasks: number[]; frames: number[]; firstCommentAt: number } }).measured;
    const { firstCommentAt, longTasks, frames } = state;
    if (anew) Object.assign(state, { longTasks: [], frames: [] });
    return { firstCommentAt, longTasks, frames };
  }, anew);
}

test.use({ trace: 'off' });

const most = (numbers: readonly number[]) => Math.round(Math.max(0, ...numbers));

interface Case {
  readonly name: string;
  readonly real: () => readonly RealDiscussion[];
  /** So many stand in the tree of a screen reader at once, at least. */
  readonly inTree: (count: number) => number;
}

const cases: readonly Case[] = [
  { name: 'two village pumps', real: () => [wikiDiscussions()], inTree: (count) => count },
  { name: 'all of Madrid and two village pumps', real: () => [madridDiscussions(), wikiDiscussions()], inTree: () => 20 },
];

/** Opens a room twice and tells when its comments were there. */
async function open(page: Page, url: string): Promise<void> {
  for (const visit of ['first', 'second'] as const) {
    await page.goto(url);
    await expect.poll(async () => (await measured(page)).firstCommentAt, { timeout: 60_000 }).toBeGreaterThan(0);
    const { firstCommentAt, longTasks } = await measured(page);
    console.log(`${visit} visit: first comments painted after ${firstCommentAt} ms, longest task ${most(longTasks)} ms`);
  }
}

/** Turns the wheel over the discussion and tells the longest frame. */
async function scroll(page: Page): Promise<void> {
  await page.getByRole('region', { name: '讨论' }).first().hover();
  await measured(page, true);
  for (let turn = 0; turn < 60; turn += 1) {
    await page.mouse.wheel(0, -700);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  const { longTasks, frames } = await measured(page, true);
  const late = frames.filter((ms) => ms > 50).length;
  console.log(
    `scrolling up 42,000 px: longest task ${most(longTasks)} ms, longest frame ${most(frames)} ms, ${late} of ${frames.length} over 50 ms`,
  );
}

/** What is wider or narrower than it may be, on the page as it is. */
function misfits(page: Page, width: number, least: number) {
  return page.evaluate(
    ([width, least]) => {
      const list = [...document.querySelectorAll<HTMLElement>('article.comment')];
      return {
        sideways: document.documentElement.scrollWidth > width,
        out: list.filter((element) => element.getBoundingClientRect().right > width + 1).length,
        narrow: list.filter((element) => element.getBoundingClientRect().width < least).length,
      };
    },
    [width, least] as const,
  );
}

for (const { name, real, inTree } of cases) {
  test(`[DIS12] ${name} in one room: it opens, scrolls, is found, printed and read out`, async ({ browser }) => {
    test.setTimeout(400_000);
    test.skip(!hasDiscussions, 'the real discussions are not on this machine');
    const discussions = real();
    const said = discussions.flatMap((discussion) => discussion.said);
    const { server, ana, roomId } = await serverWithRoom(name);
    try {
      await server.stop();
      const begun = performance.now();
      const count = await fillRoom(server.dataDir, roomId, said);
      const people = new Set(said.map(({ author }) => author)).size;
      console.log(`${name}: ${count} comments by ${people} people in ${Math.round(performance.now() - begun)} ms`);
      for (const { empty, placeholders, depth } of discussions) {
        console.log(`  ${depth} deep; skipped ${empty} empty texts; ${placeholders} placeholders for parents that are not in the data`);
      }
      expect(count).toBe(said.length);
      await server.start();

      const url = `${server.url}/rooms/${roomId}`;
      const context = await contextOf(browser, ana, { viewport: { width: 1280, height: 800 } });
      const page = await context.newPage();
      const complaints = complaintsOf(page);
      await page.addInitScript(watch);
      await open(page, url);
      const articles = page.locator('article.comment');
      const drawing = performance.now();
      await measured(page, true);
      await page.waitForFunction((all) => document.querySelectorAll('article.comment').length === all, count, {
        timeout: 200_000,
        polling: 500,
      });
      const idle = await measured(page, true);
      const tasks = `longest task meanwhile ${most(idle.longTasks)} ms, longest frame ${most(idle.frames)} ms`;
      console.log(`all ${count} drawn ${Math.round(performance.now() - drawing)} ms later, ${tasks}`);
      await scroll(page);

      // The browser's own search, over what was never in sight.
      const [first] = said.filter(({ body, lost }) => lost !== true && body.length > 60);
      const words = first?.body.slice(5, 45).split('\n')[0] ?? '';
      const isFound = (wanted: string) =>
        (window as unknown as { find(text: string, ...more: boolean[]): boolean }).find(wanted, false, false, true);
      expect(await page.evaluate(isFound, words)).toBe(true);

      // Our own.
      await page.keyboard.press('Control+Shift+F');
      const searching = performance.now();
      await page.getByRole('searchbox', { name: '搜索留言' }).fill('something');
      await expect(page.getByRole('search').getByRole('status')).toContainText(/\d+ 条/);
      const shown = await page.getByRole('search').getByRole('status').textContent();
      console.log(`search: ${shown ?? ''} in ${Math.round(performance.now() - searching)} ms`);
      await page.getByRole('searchbox', { name: '搜索留言' }).press('Escape');

      // A screen reader's tree.
      await page.waitForFunction((all) => document.querySelectorAll('article.comment').length === all, count, {
        timeout: 200_000,
        polling: 500,
      });
      const cdp = await context.newCDPSession(page);
      const { nodes } = await cdp.send('Accessibility.getFullAXTree');
      const read = nodes.filter(({ role, ignored }) => !ignored && role?.value === 'article').length;
      console.log(`in the tree of a screen reader at once: ${read} of ${count}`);
      expect(read).toBeGreaterThanOrEqual(inTree(count));

      // Paper.
      await page.emulateMedia({ media: 'print' });
      await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
      const heights = await articles.evaluateAll((list) => list.map((element) => element.getBoundingClientRect().height));
      expect(heights.filter((height) => height > 20).length).toBe(count);
      const isWhole = await page.evaluate(() => {
        const last = [...document.querySelectorAll('article.comment')].at(-1)?.getBoundingClientRect().bottom ?? 0;
        return document.documentElement.scrollHeight >= last + window.scrollY - 1;
      });
      expect(isWhole).toBe(true);
      expect(complaints).toEqual([]);
      await context.close();

      // A phone: twenty levels deep, nothing is wider than the screen or squeezed.
      const phone = await contextOf(browser, ana, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
      const small = await phone.newPage();
      await small.goto(url);
      await small.getByRole('navigation', { name: '会商室各处' }).getByRole('button', { name: /讨论/ }).click();
      await small.waitForFunction((all) => document.querySelectorAll('article.comment').length === all, count, {
        timeout: 200_000,
        polling: 500,
      });
      expect(await misfits(small, 360, 240)).toEqual({ sideways: false, out: 0, narrow: 0 });
      await phone.close();
    } finally {
      await server.dispose();
    }
  });
}
