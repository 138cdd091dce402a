import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { violationsOn } from './support/axe.ts';
import { closePages, expectSaved, openRoom, putCaret, textOf } from './support/editor.ts';
import { invited, serverWithRoom } from './support/room.ts';

test.afterEach(({ browser }) => closePages(browser));

/** The words in each cell, row by row. */
function cellsOf(page: Page): Promise<string[][]> {
  return textOf(page)
    .locator('tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
}

const tool = (page: Page, name: string) => page.getByRole('toolbar').getByRole('button', { name });

test('[ED16] a table is made, filled with Tab, changed and read by everybody', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('表格');
  try {
    const page = await openRoom(browser, server, roomId, ana);
    const watcher = await openRoom(browser, server, roomId, await invited(ana, roomId, 'observer', 'wei'));
    await putCaret(page, 0, 0);
    await page.keyboard.type('开放时间如下。');
    await tool(page, '表格').click();
    for (const words of ['时段', '夏季', '冬季', '早间']) {
      await page.keyboard.type(words);
      await page.keyboard.press('Tab');
    }
    const filled = [
      ['时段', '夏季', '冬季'],
      ['早间', '', ''],
      ['', '', ''],
    ];
    await expect.poll(() => cellsOf(watcher)).toEqual(filled);
    await expect(watcher.locator('.ProseMirror th')).toHaveCount(3);
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ArrowRight');

    await tool(page, '修改表格').click();
    const tools = page.getByRole('group', { name: '修改表格' });
    await tools.getByRole('button', { name: '下方加行' }).click();
    await tools.getByRole('button', { name: '后面加列' }).click();
    await expect.poll(async () => (await cellsOf(watcher)).map(({ length }) => length)).toEqual([4, 4, 4, 4]);
    await tools.getByRole('button', { name: '删除本列' }).click();
    await tools.getByRole('button', { name: '删除本行' }).click();
    await expect.poll(async () => (await cellsOf(watcher)).map(({ length }) => length)).toEqual([3, 3, 3]);
    await tools.getByRole('button', { name: '删除本行' }).press('Escape');
    await expect(tools).toBeHidden();
    await expect(textOf(page)).toBeFocused();

    await tool(page, '修改表格').click();
    await tools.getByRole('button', { name: '删除表格' }).click();
    await expect(watcher.locator('.ProseMirror table')).toHaveCount(0);
    await expectSaved(page);
  } finally {
    await server.dispose();
  }
});

test('[ED17] a row and a column that two people add at once meet in one table, and nobody adds more', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('Table');
  try {
    const ben = await openRoom(browser, server, roomId, await invited(ana, roomId, 'member', 'ben'));
    const page = await openRoom(browser, server, roomId, ana);
    await putCaret(page, 0, 0);
    await tool(page, '表格').click();
    await page.keyboard.type('甲');
    await expect(ben.locator('.ProseMirror td, .ProseMirror th')).toHaveCount(9);
    await expect(ben.locator('.ProseMirror th').first()).toContainText('甲');
    // As a person does it: a draft that begins with a table may put a caret that is only set before the table.
    await ben.locator('.ProseMirror th').first().click();
    for (const each of [page, ben]) {
      await tool(each, '修改表格').click();
      await expect(each.getByRole('button', { name: '下方加行' })).toBeVisible();
    }
    // Both without the other's change: what is on its way to them waits. By key, since the news of it covers the buttons.
    for (const each of [page, ben]) await each.context().setOffline(true);
    await page.getByRole('button', { name: '下方加行' }).press('Enter');
    await ben.getByRole('button', { name: '后面加列' }).press('Enter');
    for (const each of [page, ben]) await each.context().setOffline(false);
    const shape = async (each: Page): Promise<number[]> => (await cellsOf(each)).map(({ length }) => length);
    for (const each of [page, ben]) {
      await expectSaved(each);
      await expect.poll(() => shape(each)).toEqual([4, 3, 4, 4]);
    }
    // Typing leaves it as it is; who changes its shape next fills it up.
    await page.keyboard.type('乙');
    await expect.poll(async () => (await cellsOf(ben))[0]?.[0]).toContain('乙');
    expect(await shape(ben)).toEqual([4, 3, 4, 4]);
    await page.getByRole('button', { name: '上方加行' }).click();
    await expect.poll(async () => new Set(await shape(ben)).size).toBe(1);
  } finally {
    await server.dispose();
  }
});

test('[ED16] tasks are listed and ticked, by mouse and by keys, and not by who only reads', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('任务');
  try {
    const page = await openRoom(browser, server, roomId, ana);
    const watcher = await openRoom(browser, server, roomId, await invited(ana, roomId, 'observer', 'wei'));
    await putCaret(page, 0, 0);
    await tool(page, '任务列表').click();
    await page.keyboard.type('测量宽度');
    await page.keyboard.press('Enter');
    await page.keyboard.type('征求意见');
    const box = (each: Page, words: string) => each.getByRole('checkbox', { name: `任务：${words}` });
    await page.keyboard.press('Control+Enter');
    await expect(box(watcher, '征求意见')).toBeChecked();
    await box(page, '测量宽度').check();
    await expect(box(watcher, '测量宽度')).toBeChecked();
    await box(watcher, '测量宽度').evaluate((element) => (element as HTMLElement).click());
    await expect(box(watcher, '测量宽度')).toBeChecked();
    await expectSaved(page);
    await page.reload();
    await expect(box(page, '测量宽度')).toBeChecked();
  } finally {
    await server.dispose();
  }
});
