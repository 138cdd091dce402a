import { expect, test } from '@playwright/test';
import type { Page, WebSocketRoute } from '@playwright/test';
import { DraftSocketClient } from '../integration/draftSocket.ts';
import { closePages, linesOf, putCaret, saveStateOf, textOf } from './support/editor.ts';
import { contextOf, invited, serverWithRoom } from './support/room.ts';

test.afterEach(({ browser }) => closePages(browser));

const unlimited = { env: { LIMITS: JSON.stringify({ framesPerSecond: 100_000, frameBurst: 100_000 }) } };

/** Lets a page's draft socket lose, from `lose` on, the next update of others that it receives. */
async function losingOneUpdate(page: Page): Promise<{ lose: () => void }> {
  let loses = false;
  await page.routeWebSocket(/\/yjs\//, (route: WebSocketRoute) => {
    const server = route.connectToServer();
    route.onMessage((message) => server.send(message));
    server.onMessage((message) => {
      const isUpdate = typeof message !== 'string' && message[0] === 0 && message[1] === 2;
      if (isUpdate && loses) loses = false;
      else route.send(message);
    });
  });
  return { lose: () => (loses = true) };
}

for (const [locale, title, copyName, width] of [
  ['zh-CN', '本页显示的文字曾与草案不同', '复制', 1280],
  ['en', 'This page showed another text than the draft', 'Copy', 360],
] as const) {
  test(`[DR23] [DR24] [ED24] a page that came to hold another text keeps it aside and shows the draft again, ${locale} at ${width} px`, async ({
    browser,
  }) => {
    const { server, ana, roomId } = await serverWithRoom('文字不一', unlimited);
    try {
      const ben = await invited(ana, roomId, 'member', 'ben');
      const context = await contextOf(browser, ben, {
        locale,
        viewport: { width, height: 800 },
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const page = await context.newPage();
      const line = await losingOneUpdate(page);
      await page.goto(`${server.url}/rooms/${roomId}`);
      await expect(textOf(page)).toBeVisible();
      await putCaret(page, 0, 0);
      await page.keyboard.type('本人写的。');
      await expect(saveStateOf(page).first()).toHaveAttribute('data-state', 'saved');

      const room = await ana.join(roomId);
      const draftId = room.joined?.snapshot?.drafts[0]?.id ?? '';
      room.close();
      const other = await (
        await new DraftSocketClient(server.url, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled()
      ).synced();
      line.lose();
      // The page never gets the first of these; the rest it cannot put anywhere, since each builds on the one before.
      for (let n = 0; n < 210; n += 1) other.sendUpdate(other.typed(`第${n}段`));

      const card = page.getByRole('region', { name: title });
      await expect(card.getByRole('textbox')).toHaveValue('本人写的。');
      await expect.poll(async () => (await linesOf(page)).length).toBe(211);
      expect((await linesOf(page)).slice(0, 3)).toEqual(['本人写的。', '第0段', '第1段']);
      // The caret is where it was: whoever was writing can write on.
      await expect(textOf(page)).toBeFocused();
      await page.screenshot({ path: test.info().outputPath(`divergence-${locale}.png`) });
      await card.getByRole('button', { name: copyName }).click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('本人写的。');
      expect(server.output).toContain('a client holds another text than the log');

      // The page goes on writing, and is not told again.
      await putCaret(page, 0, 5);
      await page.keyboard.type('再写');
      await expect(saveStateOf(page).first()).toHaveAttribute('data-state', 'saved');
      await expect.poll(() => other.text.split('\n')[0]).toBe('本人写的。再写');
      await page.reload();
      await expect(card.getByRole('textbox')).toHaveValue('本人写的。');
      await expect(card).toHaveCount(1);
      other.close();
    } finally {
      await server.dispose();
    }
  });
}
