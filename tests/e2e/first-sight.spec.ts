import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { DraftSocketClient } from '../integration/draftSocket.ts';
import { until } from '../support/people.ts';
import { textOf } from './support/editor.ts';
import { complaintsOf, contextOf, serverWithRoom, type ServerProcess, type Visitor } from './support/room.ts';

const clause = '有关单位应当在收到意见之日起十个工作日内作出答复，并向社会公布采纳情况和理由。';
const secret = '只给与会者看的一条';
let server: ServerProcess;
let ana: Visitor;
let roomId = '';

test.beforeAll(async () => {
  ({ server, ana, roomId } = await serverWithRoom('公共空间管理办法'));
  const chair = await ana.join(roomId);
  const draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
  chair.close();
  const typist = await new DraftSocketClient(ana.base, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled();
  await typist.synced();
  for (const words of [secret, clause, clause, clause]) typist.sendUpdate(typist.typed(words));
  await until(() => typist.saved >= 4, 'the text to be saved');
  typist.close();
});
test.afterAll(() => server.dispose());

/** Where title and paragraphs stand. */
function places(page: Page): Promise<number[][]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('h1, .sheet h2, .paper:not([style]) > p')]
      .map((element) => element.getBoundingClientRect())
      .map(({ x, y, width, height }) => [x, y, width, height].map(Math.round)),
  );
}

for (const width of [1280, 900, 390]) {
  test(`[PAINT1] [PAINT2] at ${width} px the server draws the text, and nothing moves when the page lives`, async ({ browser }) => {
    const viewport = { width, height: 800 };
    const still = await (await contextOf(browser, ana, { viewport, javaScriptEnabled: false })).newPage();
    await still.goto(`${server.url}/rooms/${roomId}`);
    await expect(still.locator('.paper > p')).toHaveText([secret, clause, clause, clause]);
    const live = await (await contextOf(browser, ana, { viewport })).newPage();
    const complaints = complaintsOf(live);
    await live.goto(`${server.url}/rooms/${roomId}`);
    await expect(textOf(live).locator('> p')).toHaveText([secret, clause, clause, clause]);
    await expect(textOf(live)).toHaveAttribute('contenteditable', 'true');
    await expect(live.locator('[data-first]')).toHaveCount(0);
    await expect.poll(() => places(live)).toEqual(await places(still));
    expect(complaints).toEqual([]);
  });
}

test('[PAINT1] of a room that only those see who were invited a stranger gets nothing', async ({ browser }) => {
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: secret, visibility: 'private' });
  const stranger = await (await contextOf(browser, null, { javaScriptEnabled: false })).newPage();
  const answer = await stranger.goto(`${server.url}/rooms/${id}`);
  expect(await answer?.text()).not.toContain(secret);
  const member = await (await contextOf(browser, ana, { javaScriptEnabled: false })).newPage();
  expect(await (await member.goto(`${server.url}/rooms/${id}`))?.text()).toContain(secret);
});
