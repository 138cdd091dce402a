import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { violationsOn } from './support/axe.ts';
import { complaintsOf, contextOf, invited, serverWithRoom } from './support/room.ts';

const env = { LIMITS: JSON.stringify({ commandsPerSecond: 1_000, commandBurst: 1_000 }) };

async function flawless(page: Page): Promise<void> {
  // What is still fading in has no contrast yet.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  expect(await violationsOn(page)).toEqual([]);
}

/** Selects words within an element, as a drag would. */
async function select(page: Page, within: string, words: string): Promise<void> {
  await page.locator(within).evaluate((element, wanted) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const at = (node.textContent ?? '').indexOf(wanted);
      if (at < 0) continue;
      window.getSelection()?.setBaseAndExtent(node, at, node, at + wanted.length);
      return;
    }
    throw new Error(`there is no ${wanted}`);
  }, words);
}

test('[BRD2] [BRD3] [BRD4] [BRD6] words become a suggestion, its author is asked, and the numbers open their rows', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('开放公园的出入口怎么设', { env });
  try {
    const ben = await invited(ana, roomId, 'member', '委员本');
    const author = await ben.join(roomId);
    await author.act({ type: 'postComment', body: '目前出入口太少。建议间距改为二百米。因为老人走不远。' });
    author.close();
    const recorder = await (await contextOf(browser, await invited(ana, roomId, 'recorder', '记录员'))).newPage();
    const member = await (await contextOf(browser, ben)).newPage();
    const complaints = complaintsOf(recorder);
    for (const page of [recorder, member]) await page.goto(`${server.url}/rooms/${roomId}`);

    // Of the whole comment: what asks, what is wrong and why are told apart.
    await recorder.getByRole('button', { name: '将委员本的留言列为意见建议' }).click();
    const form = recorder.getByRole('dialog', { name: '列为意见建议' });
    await expect(form.getByLabel('所提的要求')).toHaveValue('建议间距改为二百米。');
    await expect(form.getByLabel('存在的问题')).toHaveValue('目前出入口太少。');
    await expect(form.getByLabel('理由')).toHaveValue('因为老人走不远。');
    // Half-written, left, found again.
    await form.getByLabel('所提的要求').fill('出入口间距改为');
    await recorder.keyboard.press('Escape');
    await recorder.getByRole('button', { name: '将委员本的留言列为意见建议' }).click();
    await expect(form.getByLabel('所提的要求')).toHaveValue('出入口间距改为');
    await form.getByLabel('所提的要求').fill('');
    await form.getByRole('button', { name: '列入' }).click();
    await expect(form).toContainText('请写明所提的要求。');
    await form.getByRole('button', { name: '取消' }).click();

    // Of selected words alone.
    await select(recorder, '#comment-1', '间距改为二百米');
    await recorder.getByRole('button', { name: '将所选文字列为意见建议' }).click();
    await expect(form.getByLabel('所提的要求')).toHaveValue('间距改为二百米');
    await flawless(recorder);
    await form.getByRole('button', { name: '列入' }).click();

    // The author is asked, where he is, without anything being moved; one touch answers.
    const asked = member.getByRole('region', { name: '是这个意思吗？' }).first();
    await expect(asked).toContainText('记录员把您的话列为意见建议 1：');
    await flawless(member);
    await asked.getByRole('button', { name: '是这个意思' }).click();
    await expect(asked).toHaveCount(0);
    await recorder.getByRole('tab', { name: /意见建议/ }).click();
    const card = recorder.getByRole('article', { name: '意见建议 1', exact: true });
    await expect(card).toContainText('本人已确认');
    await flawless(recorder);

    // A reworded one is asked anew; this time he meant something else.
    await card.getByRole('button', { name: '意见建议 1：更多操作' }).click();
    await recorder.getByRole('menuitem', { name: /改写/ }).click();
    const rewording = recorder.getByRole('dialog', { name: '改写意见建议 1' });
    await rewording.getByLabel('所提的要求').fill('间距一律三百米');
    await rewording.getByRole('button', { name: '保存' }).click();
    await asked.getByRole('button', { name: /不是/ }).click();
    await asked.getByRole('textbox').fill('我说的是二百米');
    await member.keyboard.press('Enter');
    await expect(card).toContainText('本人有异议');
    await expect(card).toContainText('委员本：我说的是二百米');

    // The source leads back to the comment.
    await card.getByRole('button', { name: /委员本 第 1 条留言/ }).click();
    await expect(recorder.locator('#comment-1')).toBeVisible();
    await recorder.getByRole('tab', { name: /意见建议/ }).click();

    // Each number opens what it counts.
    const counts = recorder.getByRole('group', { name: '本会商室的数字' });
    for (const [name, row] of [
      ['人数', '委员本'],
      ['参与人次', '建议间距改为二百米'],
      ['留言', '建议间距改为二百米'],
      ['意见建议', '间距一律三百米'],
    ] as const) {
      await counts.getByRole('button', { name }).click();
      const dialog = recorder.getByRole('dialog');
      await expect(dialog).toContainText('· 1');
      await expect(dialog.getByRole('list')).toContainText(row);
      await expect(dialog.getByRole('listitem')).toHaveCount(1);
      await flawless(recorder);
      await recorder.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
    }
    expect(complaints).toEqual([]);
  } finally {
    await server.dispose();
  }
});

test('[BRD1] [BRD5] [STE2] suggestions are merged by drag and without a mouse, split, dropped and brought back', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('Entrances', { env });
  try {
    const ben = await (await invited(ana, roomId, 'member', 'ben')).join(roomId);
    const rec = await invited(ana, roomId, 'recorder', 'rec');
    const gatherer = await rec.join(roomId);
    await ben.act({ type: 'postComment', body: 'Two hundred metres. Ramps.' });
    for (const ask of ['Two hundred metres', 'Ramps at every entrance', 'At most two hundred metres'])
      await gatherer.act({ type: 'gatherSuggestion', ask, sources: [{ kind: 'comment', comment: 1 }] });
    const page = await (await contextOf(browser, rec, { locale: 'en-GB' })).newPage();
    await page.goto(`${server.url}/rooms/${roomId}`);
    await page.getByRole('tab', { name: /Suggestions 3/ }).click();
    const card = (number: number) => page.getByRole('article', { name: `Suggestion ${number}`, exact: true });
    const filter = (name: string) => page.getByRole('group', { name: 'Which suggestions' }).getByRole('button', { name });
    const undo = page.getByRole('status', { name: 'Messages' }).getByRole('button', { name: 'Undo' });

    await card(3).dragTo(card(1));
    await expect(page.getByRole('tab', { name: /Suggestions 2/ })).toBeVisible();
    await expect(card(1)).toContainText('Together with 3');
    await filter('Merged').click();
    await expect(card(3)).toContainText('merged into 1');
    await undo.click();
    await expect(page.getByRole('tab', { name: /Suggestions 3/ })).toBeVisible();
    await filter('All').click();

    // By keys alone: the menu, the list, Enter.
    await card(3).getByRole('button', { name: 'More for suggestion 3' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Merge' }).focus();
    await page.keyboard.press('Enter');
    const merging = page.getByRole('dialog', { name: 'Merge suggestion 3' });
    await merging.getByRole('searchbox').fill('two hundred');
    await expect(merging.getByRole('radio')).toHaveCount(1);
    await merging.getByRole('radio').focus();
    await page.keyboard.press('Space');
    await merging.getByRole('button', { name: 'Merge' }).focus();
    await page.keyboard.press('Enter');
    await expect(card(1)).toContainText('Together with 3');

    await card(2).getByRole('button', { name: 'More for suggestion 2' }).click();
    await page.getByRole('menuitem', { name: 'Split' }).click();
    const splitting = page.getByRole('dialog', { name: 'Split suggestion 2' });
    await splitting.getByLabel('What is asked for').nth(0).fill('Ramps in the north');
    await splitting.getByLabel('What is asked for').nth(1).fill('Ramps in the south');
    await splitting.getByRole('button', { name: 'Save' }).click();
    await expect(card(5)).toContainText('Ramps in the south');
    await expect(card(2)).toHaveCount(0);

    await card(5).getByRole('button', { name: 'More for suggestion 5' }).click();
    await page.getByRole('menuitem', { name: 'Remove from the board' }).click();
    await expect(card(5)).toHaveCount(0);
    await filter('Merged').click();
    await card(5).getByRole('button', { name: 'More for suggestion 5' }).click();
    await page.getByRole('menuitem', { name: 'Put back on the board' }).click();
    await filter('All').click();
    await expect(card(5)).toBeVisible();

    const search = page.getByRole('searchbox', { name: 'Search the suggestions' });
    await search.fill('north');
    await expect(page.getByRole('article', { name: /Suggestion \d/ })).toHaveCount(1);
    await search.fill('nobody said this');
    await expect(page.getByText('No suggestion like that.')).toBeVisible();
    for (const client of [ben, gatherer]) client.close();
  } finally {
    await server.dispose();
  }
});

test('[BRD3] [BRD4] a passage of the draft becomes a suggestion, leads back, and what is refused stays with its writer', async ({
  browser,
}) => {
  const { server, ana, roomId } = await serverWithRoom('开放公园的出入口怎么设', { env });
  try {
    const chair = await ana.join(roomId);
    const page = await (await contextOf(browser, await invited(ana, roomId, 'member', '委员本'))).newPage();
    await page.goto(`${server.url}/rooms/${roomId}`);
    await page.getByRole('region', { name: '文本' }).getByRole('textbox').click();
    await page.keyboard.type('出入口间距一般不超过三百米。');
    await expect(page.getByText(/已保存 \d\d:\d\d/)).toBeVisible();
    await select(page, '.ProseMirror', '三百米');
    await page.getByRole('button', { name: '列为意见建议' }).click();
    const form = page.getByRole('dialog', { name: '列为意见建议' });
    await expect(form).toContainText('三百米');
    await form.getByLabel('所提的要求').fill('改为二百米');

    // Paused while he writes: the form says so and keeps his words; nothing is sent.
    await chair.act({ type: 'pauseRoom' });
    await expect(form).toContainText('主持人已暂停会商');
    // The key says that it cannot, and is pressed all the same.
    await form.getByRole('button', { name: '列入' }).click({ force: true });
    await expect(form.getByLabel('所提的要求')).toHaveValue('改为二百米');
    await chair.act({ type: 'resumeRoom' });
    await form.getByRole('button', { name: '列入' }).click();
    await page.getByRole('tab', { name: /意见建议 1/ }).click();
    const card = page.getByRole('article', { name: '意见建议 1', exact: true });
    await expect(card).toContainText('改为二百米');
    await card.getByRole('button', { name: /文本中的一段/ }).click();
    await expect.poll(() => page.evaluate(() => window.getSelection()?.toString())).toBe('三百米');
    chair.close();
  } finally {
    await server.dispose();
  }
});

for (const width of [1280, 360]) {
  test(`[BRD7] [SUG10] a member gives a suggestion of their own beside a comment, with what they had begun to write (${width})`, async ({
    browser,
  }) => {
    const { server, ana, roomId } = await serverWithRoom('开放公园的出入口怎么设', { env });
    try {
      const member = await invited(ana, roomId, 'member', '委员本');
      const page = await (await contextOf(browser, member, { viewport: { width, height: 740 } })).newPage();
      const complaints = complaintsOf(page);
      await page.goto(`${server.url}/rooms/${roomId}`);
      if (width === 360) await page.getByRole('navigation', { name: '会商室各处' }).getByRole('button', { name: /讨论/ }).click();
      await page.getByRole('textbox', { name: '写留言……' }).fill('建议间距改为二百米。因为老人走不远。');
      await page.getByRole('button', { name: '提意见建议' }).click();
      const form = page.getByRole('dialog', { name: '提意见建议' });
      await expect(form.getByLabel('所提的要求')).toHaveValue('建议间距改为二百米。');
      await form.getByRole('button', { name: '提交' }).click();
      // It stands in the discussion as a comment that leads to the suggestion; what had been begun is not written twice.
      await expect(page.getByRole('textbox', { name: '写留言……' })).toHaveValue('');
      await flawless(page);
      await page.locator('#comment-1').getByRole('button', { name: '→ 建议 1' }).click();
      await expect(page.getByRole('article', { name: '意见建议 1', exact: true })).toContainText('本人已确认');
      expect(complaints).toEqual([]);
    } finally {
      await server.dispose();
    }
  });
}
