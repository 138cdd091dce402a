import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { violationsOn } from './support/axe.ts';
import { closePages, expectLines, expectSaved, openRoom, textOf } from './support/editor.ts';
import { contextOf, invited, serverWithRoom, type ServerProcess, type Visitor } from './support/room.ts';

let server: ServerProcess;
let ana: Visitor;
let roomId: string;
test.beforeEach(async () => {
  ({ server, ana, roomId } = await serverWithRoom('Entrances'));
});
test.afterEach(async ({ browser }) => {
  await closePages(browser);
  await server.dispose();
});

async function fromMenu(page: Page, item: RegExp): Promise<void> {
  await page.getByRole('button', { name: /^(?:更多|More)$/ }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

async function expectAccessible(page: Page): Promise<void> {
  expect(await violationsOn(page)).toEqual([]);
}

test('[START1] [START2] a start is set in local time, told to everybody without a tick, and taken into a calendar', async ({ browser }) => {
  const ben = await invited(ana, roomId, 'member', 'ben');
  // Half past two in Shanghai, whatever the machine's own zone is.
  const page = await openRoom(browser, server, roomId, ana, { timezoneId: 'Asia/Shanghai' });
  const other = await openRoom(browser, server, roomId, ben, {
    timezoneId: 'Asia/Shanghai',
    locale: 'en-GB',
    viewport: { width: 360, height: 740 },
  });
  await fromMenu(page, /会商室设置/);
  const dialog = page.getByRole('dialog');
  const inThreeDays = new Date(Date.now() + 3 * 24 * 60 * 60 * 1000);
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(inThreeDays);
  await dialog.getByLabel('开始时间').fill(`${day}T14:30`);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: '保存' }).click();

  await expect(page.getByText(/^周. 14:30 开始 · 还有 \d 天( \d+ 小时)?$/)).toBeVisible();
  await expect(other.getByText(/^Begins \w{3} 14:30 · in \d days( \d+ hours?)?$/)).toBeVisible();
  // Nothing that changes by itself is read out by itself.
  expect(
    await page.locator('aside:has(time)').evaluate((strip) => strip.closest('[aria-live], [role=status], [role=alert], [role=timer]')),
  ).toBeNull();
  await expectAccessible(other);

  const download = other.waitForEvent('download');
  await other.getByRole('link', { name: 'Add to my calendar' }).click();
  expect((await download).suggestedFilename()).toBe('Entrances.ics');
  const starts = await ana.request('GET', `/api/rooms/${roomId}/invite.ics`);
  expect(starts.json).toContain(`DTSTART:${day.replaceAll('-', '')}T063000Z`);

  const first = await (await contextOf(browser, ben, { timezoneId: 'Asia/Shanghai' })).newPage();
  await first.goto(server.url);
  await expect(first.getByText(/周. 14:30 开始/)).toBeVisible();

  await fromMenu(page, /会商室设置/);
  await dialog.getByRole('button', { name: '不设开始时间' }).click();
  await dialog.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText(/开始 · 还有/)).toHaveCount(0);
  await expect(other.getByText(/^Begins/)).toHaveCount(0);
});

test('[LIFE1] [LIFE2] archived and taken out, deleted and brought back', async ({ browser }) => {
  const ben = await invited(ana, roomId, 'member', 'ben');
  const page = await openRoom(browser, server, roomId, ana);
  const other = await openRoom(browser, server, roomId, ben);
  await fromMenu(page, /归档会商室/);
  await expect(other.getByRole('complementary').getByText('本会商室已归档：可以查看，不能修改。')).toBeVisible();
  await expect(textOf(other)).toHaveAttribute('contenteditable', 'false');
  await expect(other.getByRole('button', { name: '移出归档' })).toHaveCount(0);

  const first = await (await contextOf(browser, ana)).newPage();
  await first.goto(server.url);
  await first.getByText(/^归档/).click();
  await expect(first.getByRole('link', { name: /Entrances/ })).toBeVisible();
  await page.getByRole('button', { name: '移出归档' }).click();
  await expect(textOf(other)).toHaveAttribute('contenteditable', 'true');

  await fromMenu(page, /删除会商室/);
  await page.getByRole('dialog').getByRole('button', { name: '删除', exact: true }).click();
  await expect(page.getByText(/本会商室已删除，仅主持人可见/)).toBeVisible();
  await expect(other.getByText('本会商室已删除。')).toBeVisible();
  await expectAccessible(page);
  await first.reload();
  await first.getByText(/^已删除，可恢复/).click();
  await expect(first.getByText(/已删除，.+前可恢复/)).toBeVisible();
  await first.getByRole('link', { name: /Entrances/ }).click();
  await first.getByRole('button', { name: '恢复' }).click();
  await expect(first.getByText(/本会商室已删除/)).toHaveCount(0);
  await other.reload();
  await expect(textOf(other)).toHaveAttribute('contenteditable', 'true');
});

test('[TPL1] a new room after this one has its text', async ({ browser }) => {
  const page = await openRoom(browser, server, roomId, ana);
  await textOf(page).click();
  await page.keyboard.type('第一条');
  await expectSaved(page);
  await fromMenu(page, /以此为模板新建/);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('新会商室的标题')).toHaveValue('Entrances（副本）');
  await dialog.getByLabel('新会商室的标题').fill('Next year');
  await dialog.getByRole('button', { name: '开启新会商室' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Next year' })).toBeVisible();
  expect(page.url()).not.toContain(roomId);
  await expectLines([page], ['第一条']);
  await textOf(page).click();
  await page.keyboard.press('End');
  await page.keyboard.type('甲');
  await expectLines([page], ['第一条甲']);
  await expectSaved(page);
});
