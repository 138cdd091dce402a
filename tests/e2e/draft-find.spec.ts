import { expect, test } from '@playwright/test';
import { violationsOn } from './support/axe.ts';
import { closePages, expectSaved, openRoom, putCaret, textOf } from './support/editor.ts';
import { invited, serverWithRoom } from './support/room.ts';

test.afterEach(({ browser }) => closePages(browser));

test('[ED18] words are found, Chinese and English, by who writes and by who only reads, while others type', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('查找');
  try {
    const page = await openRoom(browser, server, roomId, ana);
    await putCaret(page, 0, 0);
    for (const line of ['公园入口宽三米。', 'The Entrance stays open.', '东侧增设入口，西侧入口关闭。']) {
      await page.keyboard.type(line);
      await page.keyboard.press('Enter');
    }
    await expectSaved(page);
    const watcher = await openRoom(browser, server, roomId, await invited(ana, roomId, 'observer', 'wei'));
    for (const each of [page, watcher]) {
      await textOf(each).focus();
      await each.keyboard.press('Control+f');
      const field = each.getByRole('search').getByRole('textbox', { name: '查找', exact: true });
      await expect(field).toBeFocused();
      await field.fill('入口');
      const count = each.getByRole('search').getByRole('status');
      await expect(count).toContainText('共 3 处');
      await expect(each.locator('.ProseMirror .found')).toHaveCount(3);
      await expect(each.locator('.ProseMirror .found.is-now')).toHaveCount(1);
      const first = await count.textContent();
      await field.press('Enter');
      await expect(count).not.toHaveText(first ?? '');
      await field.press('Shift+Enter');
      await expect(count).toHaveText(first ?? '');
      await field.fill('eNTRANCE');
      await expect(count).toHaveText('第 1 处，共 1 处');
      await field.fill('不存在');
      await expect(count).toHaveText('没有找到');
      await field.fill('入口');
    }
    // What others write is found as it comes, and the place that is shown stays.
    await putCaret(page, 0, 0);
    await page.keyboard.type('入口：');
    await expect(watcher.getByRole('search').getByRole('status')).toContainText('共 4 处');
    expect(await violationsOn(watcher)).toEqual([]);
    await watcher.getByRole('search').getByRole('textbox', { name: '查找', exact: true }).press('Escape');
    await expect(watcher.locator('.ProseMirror .found')).toHaveCount(0);
    await expect(textOf(watcher)).toBeFocused();
    expect(await watcher.evaluate(() => getSelection()?.toString())).toBe('入口');
  } finally {
    await server.dispose();
  }
});

test('[ED19] the outline leads to headings and clauses, also on a phone', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('目录');
  try {
    const page = await openRoom(browser, server, roomId, ana);
    await putCaret(page, 0, 0);
    await page.keyboard.type('## 总则');
    for (let clause = 1; clause <= 40; clause += 1) {
      await page.keyboard.press('Enter');
      await page.keyboard.insertText(`公园入口的规定之${clause}。`);
    }
    await expectSaved(page);
    const phone = await openRoom(browser, server, roomId, ana, { viewport: { width: 360, height: 740 }, hasTouch: true });
    for (const each of [page, phone]) {
      await each.getByRole('button', { name: '目录' }).click();
      const outline = each.getByRole('navigation', { name: '目录' });
      await expect(outline.getByRole('button', { name: '总则' })).toBeVisible();
      const entry = outline.getByRole('button', { name: /第三十八条/ });
      await entry.click();
      const clause = each.locator('.ProseMirror > .clause').nth(37);
      await expect(clause).toBeInViewport();
      await expect(textOf(each)).toBeFocused();
    }
    await expect(phone.getByRole('navigation', { name: '目录' })).toBeHidden();
    const outline = page.getByRole('navigation', { name: '目录' });
    await expect(outline).toBeVisible();
    expect(await violationsOn(page)).toEqual([]);
    await outline.getByRole('button', { name: '总则' }).press('Escape');
    await expect(outline).toBeHidden();
    await expect(page.getByRole('button', { name: '目录' })).toBeFocused();
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  } finally {
    await server.dispose();
  }
});
