import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { violationsOn } from './support/axe.ts';
import { closePages, openRoom } from './support/editor.ts';
import { invited, serverWithRoom, type ServerProcess, type Visitor } from './support/room.ts';

let server: ServerProcess;
let ana: Visitor;
let roomId: string;
test.beforeEach(async () => {
  const limits = { roomLogBytes: 60_000, roomReserveBytes: 20_000, commandsPerSecond: 1_000, commandBurst: 1_000 };
  ({ server, ana, roomId } = await serverWithRoom('Entrances', { env: { LIMITS: JSON.stringify(limits) } }));
});
test.afterEach(async ({ browser }) => {
  await closePages(browser);
  await server.dispose();
});

async function expectAccessible(page: Page): Promise<void> {
  expect(await violationsOn(page)).toEqual([]);
}

test('[SIZ2] [SIZ3] whoever runs a room sees how full it is, is warned in time, and nobody is left guessing when it is full', async ({
  browser,
}) => {
  const ben = await invited(ana, roomId, 'member', 'ben');
  const chair = await ana.join(roomId);
  const page = await openRoom(browser, server, roomId, ana, { locale: 'zh-CN' });
  const member = await openRoom(browser, server, roomId, ben, { locale: 'en-GB', viewport: { width: 360, height: 740 } });
  await page.getByRole('button', { name: /^(?:更多|More)$/ }).click();
  await page.getByRole('menuitem', { name: /会商室设置/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('meter', { name: '文本与讨论' })).toHaveAttribute('aria-valuenow', /^\d{1,2}$/);
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  for (let n = 0; n < 6; n += 1) await chair.act({ type: 'postComment', body: 'x'.repeat(8_000) });
  await expect(page.getByText('本会商室将满', { exact: true })).toBeVisible();
  await expectAccessible(page);
  // Whoever only takes part is not bothered with it.
  await expect(member.getByText('This room is almost full')).toHaveCount(0);
  await page.reload();
  await expect(page.getByText('本会商室将满', { exact: true })).toBeVisible();

  for (let n = 0; n < 2; n += 1) await chair.act({ type: 'postComment', body: 'y'.repeat(8_000) });
  await expect(page.getByText('本会商室已满', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: '查看大小' }).click();
  await expect(page.getByRole('dialog').getByRole('meter', { name: '文本与讨论' })).toHaveAttribute('aria-valuenow', '100');
  await expectAccessible(page);
  // Others read at the text why it cannot be changed.
  await expect(member.getByText(/^This room is full: its texts/)).toBeVisible();
  // What it would refuse says so before anybody tries.
  await page.keyboard.press('Escape');
  for (const [who, line] of [
    [page, /导入文本/],
    [member, /Import a text/],
  ] as const) {
    await who.getByRole('button', { name: /^(?:更多|More)$/ }).click();
    const item = who.getByRole('menuitem', { name: line });
    await expect(item).toHaveAttribute('aria-disabled', 'true');
    await expect(item).toContainText(/已满|is full/);
    await who.keyboard.press('Escape');
  }
  chair.close();
});
