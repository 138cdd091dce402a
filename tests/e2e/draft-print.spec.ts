import { expect, test } from '@playwright/test';
import { closePages, expectSaved, openRoom, putCaret, textOf } from './support/editor.ts';
import { serverWithRoom } from './support/room.ts';

test.afterEach(({ browser }) => closePages(browser));

test('[ED22] a draft is printed whole, with its title and numbers, and nothing to press', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('印出来的草案');
  try {
    const page = await openRoom(browser, server, roomId, ana, { colorScheme: 'dark' });
    await putCaret(page, 0, 0);
    for (let clause = 1; clause <= 60; clause += 1) {
      await page.keyboard.insertText(`公园入口的规定之${clause}：${'宽度不小于三米，'.repeat(6)}`);
      await page.keyboard.press('Enter');
    }
    await expectSaved(page);
    await page.evaluate(() => Object.assign(window, { print: () => Object.assign(window, { printed: true }) }));
    await page.getByRole('button', { name: '更多' }).first().click();
    await page.getByRole('menuitem', { name: '打印这份草案' }).click();
    await expect.poll(() => page.evaluate(() => 'printed' in window)).toBe(true);
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('heading', { name: '印出来的草案', level: 2 })).toBeVisible();
    await expect(textOf(page).locator('.clause')).toHaveCount(60);
    for (const hidden of ['.room > .top', '[role="toolbar"]', '.room .right', '.room .left'])
      await expect(page.locator(hidden).first()).toBeHidden();
    expect(await textOf(page).evaluate((element) => getComputedStyle(element).color)).toBe('rgb(0, 0, 0)');
    await page.emulateMedia({ media: null });
    const pages = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(2);
    // Afterwards the page is as it was, and the browser's own command prints the discussion too.
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('.room .right')).toBeVisible();
  } finally {
    await server.dispose();
  }
});
