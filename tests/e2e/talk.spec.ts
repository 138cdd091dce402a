import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { violationsOn } from './support/axe.ts';
import { closePages, openRoom } from './support/editor.ts';
import { complaintsOf, invited, serverWithRoom } from './support/room.ts';

const composerOf = (page: Page): Locator => page.locator('[data-place="discussion"] footer');
const areaOf = (page: Page): Locator => composerOf(page).getByRole('textbox');
const send = (page: Page) => composerOf(page).getByRole('button', { name: '发送' }).click();
const filters = (page: Page) => page.getByRole('group', { name: '显示哪些留言' });

async function expectAxeClean(page: Page): Promise<void> {
  expect(await violationsOn(page)).toEqual([]);
}

test('[DIS1] [DIS3] names are completed by keys and by touch, not while one composes, and the one who is meant finds it under Mine', async ({
  browser,
}) => {
  const { server, ana, roomId } = await serverWithRoom('提到谁');
  try {
    const people = await Promise.all(['赵委员', '钱委员', '孙委员'].map((name) => invited(ana, roomId, 'member', name)));
    const [zhao, qian] = people;
    if (zhao === undefined || qian === undefined) throw new Error('nobody came');
    const writer = await openRoom(browser, server, roomId, zhao);
    const complaints = complaintsOf(writer);
    const reader = await openRoom(browser, server, roomId, qian);
    await expect(writer.getByText('2 人在场')).toBeVisible();

    // Who is here comes first.
    await areaOf(writer).pressSequentially('请@');
    const list = composerOf(writer).getByRole('listbox', { name: '可以提到的人' });
    await expect(list.getByRole('option').first()).toContainText('钱委员');
    await expectAxeClean(writer);
    await writer.keyboard.press('ArrowDown');
    await expect(list.getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');
    await writer.keyboard.press('Escape');
    await expect(list).toBeHidden();

    // While a word is composed, nothing is completed and Enter belongs to the input method.
    await areaOf(writer).fill('');
    const ime = await writer.context().newCDPSession(writer);
    await areaOf(writer).focus();
    await writer.keyboard.type('请@');
    await ime.send('Input.imeSetComposition', { text: 'qian', selectionStart: 4, selectionEnd: 4 });
    await expect(areaOf(writer)).toHaveValue('请@qian');
    await ime.send('Input.insertText', { text: '钱' });
    await expect(list.getByRole('option')).toHaveText([/钱委员/]);
    await writer.keyboard.press('Enter');
    await expect(areaOf(writer)).toHaveValue('请@钱委员 ');
    await writer.keyboard.type('看看坡道。');
    await writer.keyboard.press('Control+Enter');

    const arrived = reader.locator('article.comment').filter({ hasText: '看看坡道。' });
    await expect(arrived.getByText('提到您')).toBeVisible();
    // Who speaks, and as what, is one line.
    const lines = await arrived
      .locator('.name')
      .evaluate((name) => name.getBoundingClientRect().height / parseFloat(getComputedStyle(name).fontSize));
    expect(lines).toBeLessThan(2);
    await expect(arrived.locator('.mention')).toHaveText('@钱委员');
    await areaOf(reader).fill('没有提到谁');
    await send(reader);
    await filters(reader).getByRole('button', { name: '我的' }).click();
    await expect(arrived).toBeVisible();
    await filters(writer).getByRole('button', { name: '我的' }).click();
    await expect(writer.locator('article.comment')).toHaveCount(1);

    // A finger takes a name too.
    const phone = await openRoom(browser, server, roomId, people[2] ?? null, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    await phone.getByRole('navigation', { name: '会商室各处' }).getByRole('button', { name: /讨论/ }).tap();
    await areaOf(phone).tap();
    await phone.keyboard.type('@赵');
    await phone.getByRole('option', { name: /赵委员/ }).tap();
    await expect(areaOf(phone)).toHaveValue('@赵委员 ');
    await expect(areaOf(phone)).toBeFocused();
    expect(complaints).toEqual([]);
  } finally {
    await closePages(browser);
    await server.dispose();
  }
});

test('[DIS4] [DIS5] [DIS7] the discussion is searched, narrowed and read on by keyboard', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('找一找');
  try {
    const ben = await invited(ana, roomId, 'member', 'ben');
    const reader = await openRoom(browser, server, roomId, ana);
    const complaints = complaintsOf(reader);
    const writing = await ben.join(roomId);
    for (const [body, stance] of [
      ['坡道要缓一点', 'for'],
      ['Ｒａｍｐ should be gentle', 'against'],
      ['坡道太贵', 'against'],
    ] as const) {
      await writing.act({ type: 'postComment', body, stance });
    }
    const articles = reader.locator('article.comment');
    await expect(articles).toHaveCount(3);

    await reader.keyboard.press('Control+Shift+F');
    const field = reader.getByRole('searchbox', { name: '搜索留言' });
    await expect(field).toBeFocused();
    await field.fill('坡道');
    await expect(reader.getByRole('search').getByRole('status')).toHaveText('2 条');
    await expect(articles.locator('mark')).toHaveText(['坡道', '坡道']);
    await reader.keyboard.press('Enter');
    await expect(reader.getByRole('search').getByRole('status')).toHaveText('第 1 / 2 条');
    await expectAxeClean(reader);
    await field.fill('RAMP ben');
    await expect(articles).toHaveCount(1);
    await expect(articles.locator('mark')).toHaveText(['ben', 'Ｒａｍｐ']);
    await field.fill('没有这样的字');
    await expect(reader.getByText('没有留言包含这些字。')).toBeVisible();
    await reader.keyboard.press('Escape');
    await expect(articles).toHaveCount(3);
    await expect(reader.getByRole('button', { name: '搜索留言' })).toBeFocused();

    // Position and person together, kept through a reload.
    await reader.getByRole('button', { name: '排序、筛选与已读' }).click();
    await reader
      .getByRole('menuitem', { name: '按表态或人筛选……' })
      .or(reader.getByRole('menuitemcheckbox', { name: '按表态或人筛选……' }))
      .or(reader.getByRole('menuitemradio', { name: '按表态或人筛选……' }))
      .click();
    const panel = reader.getByRole('region', { name: '筛选留言' });
    await panel.getByLabel('表态').selectOption({ label: '反对' });
    await panel.getByRole('combobox', { name: '发言人' }).fill('ben');
    await reader.keyboard.press('Enter');
    await expect(articles).toHaveCount(2);
    await expectAxeClean(reader);
    await reader.reload();
    await expect(articles).toHaveCount(2);
    await filters(reader).getByRole('button', { name: '已筛选' }).click();
    await panel.getByRole('button', { name: '显示全部' }).click();
    await expect(articles).toHaveCount(3);

    // What comes while one is away from the list is unread; J goes there.
    for (let n = 1; n <= 6; n += 1) await writing.act({ type: 'postComment', body: `${'很长的一段话。'.repeat(60)} ${n}` });
    await expect(filters(reader).getByRole('button', { name: /未读 \d+/ })).toBeVisible();
    await reader.getByRole('region', { name: '讨论' }).first().focus();
    await reader.keyboard.press('j');
    await expect(reader.locator('article.comment:focus')).toHaveCount(1);
    const first = await reader.locator('article.comment:focus').getAttribute('id');
    await reader.keyboard.press('j');
    await expect.poll(() => reader.locator('article.comment:focus').getAttribute('id')).not.toBe(first);
    await reader.getByRole('button', { name: '排序、筛选与已读' }).click();
    await reader.getByRole('menuitem', { name: '全部标为已读' }).click();
    await expect(filters(reader).getByRole('button', { name: '未读', exact: true })).toBeVisible();
    expect(complaints).toEqual([]);
    writing.close();
  } finally {
    await closePages(browser);
    await server.dispose();
  }
});

test('[DIS8] a recorder writes down what somebody says, and edits it; it is that person’s', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('场内发言');
  try {
    await invited(ana, roomId, 'member', '老李');
    const cai = await invited(ana, roomId, 'recorder', '小蔡');
    const recorder = await openRoom(browser, server, roomId, cai);
    const other = await openRoom(browser, server, roomId, ana);
    await composerOf(recorder).getByRole('button', { name: '代场内的人记录发言' }).click();
    await recorder.getByRole('combobox', { name: '谁在发言？' }).fill('老');
    await recorder.keyboard.press('Enter');
    await expect(composerOf(recorder).getByText('老李 的发言，由您记录')).toBeVisible();
    await areaOf(recorder).fill('我家门口没有坡道。');
    await expectAxeClean(recorder);
    await composerOf(recorder).getByRole('button', { name: '记录', exact: true }).click();
    for (const page of [recorder, other]) {
      const article = page.locator('article.comment').filter({ hasText: '我家门口没有坡道。' });
      await expect(article.locator('.name')).toHaveText('老李');
      await expect(article.getByText('由 小蔡 记录')).toBeVisible();
    }
    await recorder.getByRole('button', { name: '老李的留言：更多操作' }).click();
    await recorder.getByRole('menuitem', { name: '修改' }).click();
    await recorder.locator('article.comment').getByRole('textbox').fill('我家门口没有缓坡。');
    await recorder.locator('article.comment').getByRole('button', { name: '保存' }).click();
    await expect(other.getByText('我家门口没有缓坡。')).toBeVisible();
    // A member has no such button.
    await expect(composerOf(other).getByRole('button', { name: '代场内的人记录发言' })).toHaveCount(1);
  } finally {
    await closePages(browser);
    await server.dispose();
  }
});

test('[DIS9] [DIS10] slow mode, a limit and review: told beside the field, counted by the room, nothing of it for others', async ({
  browser,
}) => {
  const { server, ana, roomId } = await serverWithRoom('慢慢来');
  try {
    const ben = await invited(ana, roomId, 'member', 'ben');
    const olga = await invited(ana, roomId, 'observer', 'olga');
    const moderator = await openRoom(browser, server, roomId, ana);
    await moderator.getByRole('banner').getByRole('button', { name: '更多' }).click();
    await moderator.getByRole('menuitem', { name: '会商室设置……' }).click();
    const dialog = moderator.getByRole('dialog', { name: '会商室设置' });
    await dialog.getByText('受邀旁听的人也可以').click();
    await dialog.getByLabel('发言间隔').selectOption({ label: '每 1 分钟一条' });
    await dialog.getByLabel('每人最多可写几条留言').fill('2');
    await dialog.getByText('旁听者的留言先由主持人查看').click();
    await dialog.getByRole('button', { name: '保存' }).click();
    await expect(dialog).toBeHidden();

    const member = await openRoom(browser, server, roomId, ben);
    await areaOf(member).fill('第一条');
    await expect(composerOf(member).getByText('已写 0 / 2 条')).toBeVisible();
    await send(member);
    await expect(composerOf(member).getByText(/还需等待 \d+ 秒/)).toBeVisible();
    await expect(composerOf(member).getByText('已写 1 / 2 条')).toBeVisible();
    await areaOf(member).fill('太快了');
    await member.keyboard.press('Control+Enter');
    await expect(member.locator('article.comment').filter({ hasText: '太快了' })).toHaveCount(0);
    await expect(areaOf(member)).toHaveValue('太快了');

    // An observer's comment waits; its author and the moderator see it, nobody else does.
    const observer = await openRoom(browser, server, roomId, olga);
    await expect(composerOf(observer).getByText('主持人查看后，其他人才能看到。')).toBeVisible();
    await areaOf(observer).fill('旁听者的话');
    await send(observer);
    await expect(observer.locator('article.comment').filter({ hasText: '旁听者的话' }).getByText('等待主持人查看')).toBeVisible();
    await filters(moderator)
      .getByRole('button', { name: /待审 1/ })
      .click();
    const held = moderator.locator('article.comment').filter({ hasText: '旁听者的话' });
    await expect(held).toBeVisible();
    await expectAxeClean(moderator);
    await expect(member.locator('article.comment')).toHaveCount(1);
    await expect(filters(member).getByRole('button', { name: '未读', exact: true })).toBeVisible();
    expect(await member.content()).not.toContain('旁听者的话');

    await held.getByRole('button', { name: '公开' }).click();
    const published = member.locator('article.comment').filter({ hasText: '旁听者的话' });
    await expect(published).toBeVisible();
    await expect(published.locator('.role')).toHaveText('旁听');
    await expect(observer.getByText('等待主持人查看')).toHaveCount(0);
  } finally {
    await closePages(browser);
    await server.dispose();
  }
});
