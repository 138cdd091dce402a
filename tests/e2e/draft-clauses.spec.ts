import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { closePages, expectSaved, openRoom, putCaret, textOf } from './support/editor.ts';
import { invited, serverWithRoom } from './support/room.ts';

test.afterEach(({ browser }) => closePages(browser));

/** The numbers beside the clauses, as they are drawn. */
function numbersOf(page: Page): Promise<string[]> {
  return textOf(page)
    .locator('.clause')
    .evaluateAll((clauses) => clauses.map((clause) => (clause.getAttribute('data-clause') ?? '').replace('\u200b', '')));
}

async function expectNumbers(pages: readonly Page[], numbers: readonly string[]): Promise<void> {
  for (const page of pages) await expect.poll(() => numbersOf(page)).toEqual(numbers);
}

test('[CLA1] [ED10] a clause keeps the number it was sealed with; what is put in between reads 5-1 until the clauses are renumbered', async ({
  browser,
}) => {
  const { server, ana, roomId } = await serverWithRoom('条款');
  try {
    const page = await openRoom(browser, server, roomId, ana);
    const ben = await openRoom(browser, server, roomId, await invited(ana, roomId, 'member', 'ben'), { locale: 'en-GB' });
    await putCaret(page, 0, 0);
    await page.keyboard.type('甲');
    for (const words of ['乙', '丙', '丁', '戊', '己']) {
      await page.keyboard.press('Enter');
      await page.keyboard.type(words);
    }
    await expectNumbers([page], ['第一条', '第二条', '第三条', '第四条', '第五条', '第六条']);
    await expectNumbers([ben], ['1', '2', '3', '4', '5', '6']);
    await expectSaved(page);
    const chair = await ana.join(roomId);
    const draftId = [...(chair.joined?.snapshot?.drafts ?? [])][0]?.id ?? '';
    await chair.act({ type: 'lockDraft', draftId });
    await expect(page.getByText(/第 1 稿封存/)).toBeVisible();
    await chair.act({ type: 'unlockDraft', draftId });

    // Behind the fifth, by splitting it at its end; typing in a clause changes nothing.
    await expect(page.getByRole('toolbar')).toBeVisible();
    await putCaret(page, 4, 1);
    await page.keyboard.type('之末');
    await page.keyboard.press('Enter');
    await page.keyboard.type('新增');
    await expectNumbers([page], ['第一条', '第二条', '第三条', '第四条', '第五条', '第五条之一', '第六条']);
    await expectNumbers([ben], ['1', '2', '3', '4', '5', '5-1', '6']);
    // A clause that goes takes its number along; what is put in at the end is counted on.
    await putCaret(page, 1, 0, 1);
    await page.keyboard.press('Backspace');
    await putCaret(page, 6, 1);
    await page.keyboard.press('Enter');
    await page.keyboard.type('末条');
    await expectNumbers([ben], ['1', '3', '4', '5', '5-1', '6', '7']);
    // Also by Enter before the first word of a clause: the words keep their number.
    await putCaret(page, 2, 0);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.type('插入');
    await expectNumbers([ben], ['1', '1-1', '3', '4', '5', '5-1', '6', '7']);
    await expectSaved(page);
    await page.reload();
    await expectNumbers([page], ['第一条', '第一条之一', '第三条', '第四条', '第五条', '第五条之一', '第六条', '第七条']);

    await page.getByRole('button', { name: '更多' }).first().click();
    await page.getByRole('menuitem', { name: '重新编号' }).click();
    await expectNumbers([page], ['第一条', '第二条', '第三条', '第四条', '第五条', '第六条', '第七条', '第八条']);
    await expectNumbers([ben], ['1', '2', '3', '4', '5', '6', '7', '8']);
    await ben.getByRole('button', { name: 'More' }).first().click();
    await expect(ben.getByRole('menuitem', { name: 'Renumber clauses' })).toHaveCount(0);
    chair.close();
  } finally {
    await server.dispose();
  }
});
