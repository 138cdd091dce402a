import { expect, test } from '@playwright/test';
import type { Browser } from '@playwright/test';
import { violationsOn } from './support/axe.ts';
import { complaintsOf, contextOf, invited, serverWithRoom } from './support/room.ts';
import type { ServerProcess, Visitor } from './support/room.ts';

let server: ServerProcess;
let ana: Visitor;
let ben: Visitor;
let roomId: string;

test.beforeAll(async () => {
  ({ server, ana, roomId } = await serverWithRoom('老旧小区加装电梯的邻里协商'));
  ben = await invited(ana, roomId, 'member', 'ben');
  const talk = await ben.join(roomId);
  await talk.act({ type: 'postComment', body: '一楼的采光怎么办？\nhttps://example.org/plan', stance: 'reservation' });
  await talk.act({ type: 'postComment', body: 'And who pays for the upkeep?', parent: 1 });
  talk.close();
});

test.afterAll(() => server.dispose());

const looks = [
  { name: 'zh light 1280', locale: 'zh-CN', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'en dark 360', locale: 'en-GB', colorScheme: 'dark', viewport: { width: 360, height: 740 } },
] as const;

async function look(browser: Browser, who: Visitor | null, path: string, options: (typeof looks)[number]): Promise<void> {
  const context = await contextOf(browser, who, options);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(server.url + path);
  await page.waitForLoadState('networkidle');
  if (/^\/rooms\/(?!none)/.test(path)) await expect(page.locator('.ProseMirror')).toBeAttached();
  expect(await violationsOn(page)).toEqual([]);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(sideways, 'nothing sticks out sideways').toBeLessThanOrEqual(0);
  expect(await page.locator('html').getAttribute('lang')).toMatch(options.locale.startsWith('zh') ? /^zh/ : /^en/);
  // That something is not there is an answer, which Chromium notes as an error of its own.
  expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
  await context.close();
}

for (const options of looks) {
  for (const [name, who, path] of [
    ['first screen of a stranger', null, '/'],
    ['first screen of a moderator', 'ana', '/'],
    ['sign-in', null, '/sign-in'],
    ['set-up without a key', null, '/setup'],
    ['a link that is unknown', null, '/join#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
    ['account', 'ana', '/account'],
    ['room of a moderator', 'ana', '/rooms/:room'],
    ['room of a member', 'ben', '/rooms/:room'],
    ['room of an observer', null, '/rooms/:room'],
    ['sample room', null, '/rooms/sample-zh'],
    ['a room that is not there', 'ana', '/rooms/none'],
    ['a page that is not there', null, '/nowhere'],
  ] as const) {
    test(`${name}, ${options.name}: no findings of axe, nothing sideways, no complaints`, async ({ browser }) => {
      await look(browser, who === 'ana' ? ana : who === 'ben' ? ben : null, path.replace(':room', roomId), options);
    });
  }
}
