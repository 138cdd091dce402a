import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { violationsOn } from './support/axe.ts';
import { closePages, expectLines, expectSaved, openIn, openRoom, putCaret, textOf } from './support/editor.ts';
import { contextOf, invited, serverWithRoom } from './support/room.ts';

test.afterEach(({ browser }) => closePages(browser));

const tabs = (page: Page) => page.getByRole('navigation', { name: '草案' });
const tab = (page: Page, name: string) => tabs(page).getByRole('button', { name: new RegExp(`^${name}`) });

async function choose(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: '更多' }).first().click();
  await page.getByRole('menuitem', { name: item }).click();
}

test('[CLA3] [ED21] several drafts in a room: each with its text, its lock and its comments, on a phone from a list', async ({
  browser,
}) => {
  const { server, ana, roomId } = await serverWithRoom('两份草案');
  try {
    const page = await openRoom(browser, server, roomId, ana);
    const ben = await openRoom(browser, server, roomId, await invited(ana, roomId, 'member', 'ben'));
    const phone = await openRoom(browser, server, roomId, null, { viewport: { width: 360, height: 740 }, hasTouch: true });
    await putCaret(page, 0, 0);
    await page.keyboard.type('第一份的正文。');
    await expectSaved(page);
    await expect(tabs(page)).toHaveCount(0);

    await choose(page, '新建草案');
    const dialog = page.getByRole('dialog', { name: '新建草案' });
    await dialog.getByRole('button', { name: '新建' }).click();
    await expect(dialog.getByText('请写上草案标题')).toBeVisible();
    await dialog.getByRole('textbox').fill('附则');
    await dialog.getByRole('button', { name: '新建' }).click();
    // Who made it sees it; nobody else is taken there.
    await expect(tab(page, '附则')).toHaveAttribute('aria-current', 'true');
    await expect(tab(ben, '草案')).toHaveAttribute('aria-current', 'true');
    await expectLines([ben], ['第一份的正文。']);
    await expect(page.getByRole('heading', { name: '附则' })).toBeVisible();
    await putCaret(page, 0, 0);
    await page.keyboard.type('附则自公布之日起施行。');
    await expectSaved(page);

    // [ED23] What is read aloud comes in the order of what is seen.
    const order = await page.evaluate(() => {
      const inOrder = ['nav[aria-label="草案"]', '[role="toolbar"]', '.sheet h2', '.ProseMirror', '[data-place="discussion"]'];
      const found = inOrder.map((selector) => document.querySelector(selector));
      return found.slice(1).every((element, at) => {
        const before = found[at];
        return element !== null && before != null && (before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
      });
    });
    expect(order).toBe(true);
    const clause = textOf(page).locator('.clause').first();
    expect(await clause.evaluate((element) => getComputedStyle(element, '::before').content)).toContain('第一条');

    // A comment on a passage of one leads there from the other.
    await putCaret(page, 0, 3, 4);
    await page.keyboard.press('Control+Alt+m');
    const composer = page.locator('[data-place="discussion"] footer textarea');
    await composer.fill('改为次月？');
    await composer.press('Control+Enter');
    const there = ben.getByRole('button', { name: /在草案《附则》中/ });
    await expect(there).toBeVisible();
    await there.click();
    await expect(tab(ben, '附则')).toHaveAttribute('aria-current', 'true');
    await expect(ben.locator('.ProseMirror .comment-mark')).toBeInViewport();

    // The lock is of the one that is shown.
    await choose(page, '锁定文本');
    await expect(tab(ben, '附则')).toContainText('已锁定');
    await expect(textOf(ben)).toHaveAttribute('aria-readonly', 'true');
    await tab(ben, '草案').click();
    await expectLines([ben], ['第一份的正文。']);
    await expect(textOf(ben)).toHaveAttribute('contenteditable', 'true');
    await expect(ben.getByText('封存').first()).toBeHidden();

    const choice = phone.getByRole('combobox', { name: '显示的草案' });
    await choice.selectOption({ label: '附则 (已锁定)' });
    await expectLines([phone], ['附则自公布之日起施行。']);
    await phone.reload();
    await expectLines([phone], ['附则自公布之日起施行。']);
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);

    await choose(page, '给这份草案改名');
    const rename = page.getByRole('dialog', { name: '给草案改名' });
    await rename.getByRole('textbox').fill('施行日期');
    await rename.getByRole('button', { name: '改名' }).click();
    await expect(tab(ben, '施行日期')).toBeVisible();
    for (const each of [ben, phone]) {
      expect(await violationsOn(each)).toEqual([]);
    }
  } finally {
    await server.dispose();
  }
});

test('[ED21] what was not saved when another draft was opened is saved when the line is back', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('断线');
  try {
    const chair = await ana.join(roomId);
    await chair.act({ type: 'createDraft', title: '附则' });
    chair.close();
    const page = await openRoom(browser, server, roomId, ana);
    await tab(page, '附则').click();
    await tab(page, '草案').click();
    await putCaret(page, 0, 0);
    await page.keyboard.type('先');
    await expectSaved(page);
    await page.context().setOffline(true);
    await page.keyboard.type('写后断');
    await tab(page, '附则').focus();
    await page.keyboard.press('Enter');
    await expect(tab(page, '草案')).toContainText('未保存');
    await page.context().setOffline(false);
    await expect(tab(page, '草案')).not.toContainText('未保存');
    const other = await openIn(await contextOf(browser, ana), server, roomId);
    await expectLines([other], ['先写后断']);
  } finally {
    await server.dispose();
  }
});
