import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { violationsOn } from './support/axe.ts';
import { complaintsOf, contextOf, invited, serverWithRoom } from './support/room.ts';

const env = { LIMITS: JSON.stringify({ commandsPerSecond: 1_000, commandBurst: 1_000 }) };
const phone = { viewport: { width: 360, height: 760 }, hasTouch: true, isMobile: true };

async function flawless(page: Page): Promise<void> {
  expect(await violationsOn(page)).toEqual([]);
}

test('[STE1] [STE2] the button that stands out leads from the first guest to the outcome, and what was hasty is taken back', async ({
  browser,
}) => {
  const { server, ana, roomId } = await serverWithRoom('开放公园的出入口怎么设', { env });
  try {
    const page = await (await contextOf(browser, ana)).newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${server.url}/rooms/${roomId}`);
    const header = page.getByRole('banner');
    const toasts = page.getByRole('status', { name: '提示' });

    await header.getByRole('button', { name: '邀请参与者' }).click();
    await expect(page.getByRole('dialog', { name: '邀请' })).toBeVisible();
    await page.keyboard.press('Escape');

    const ben = await (await invited(ana, roomId, 'member', 'ben')).join(roomId);
    await ben.act({ type: 'postComment', body: '建议二百米。' });
    // The step after the first words is to gather them; what stops people from writing is under More.
    await header.getByRole('button', { name: '归集留言 1' }).click();
    await expect(page.getByRole('button', { name: '未归集 1' })).toHaveAttribute('aria-pressed', 'true');
    await page.getByRole('button', { name: '全部', exact: true }).click();
    const fromMenu = async (name: string) => {
      await header.getByRole('button', { name: '更多' }).click();
      await page.getByRole('menuitem', { name }).click();
    };
    await fromMenu('停止留言');

    // Ten seconds, in words; they stand still while somebody is about to press it.
    await expect(toasts).toContainText('已停止留言。');
    await expect(toasts).toContainText(/还有 \d+ 秒/);
    const undo = toasts.getByRole('button', { name: '撤销' });
    await undo.focus();
    await page.keyboard.press('Enter');
    await expect(toasts).not.toContainText('已停止留言。');
    await ben.act({ type: 'postComment', body: '还能写。' });
    await expect(header.getByRole('button', { name: '归集留言 2' })).toBeVisible();

    // Both acts are in the record.
    await page.getByRole('tab', { name: '记录' }).click();
    await expect(page.getByText('开放了留言')).toBeVisible();
    await expect(page.getByText('停止了留言', { exact: false }).first()).toBeVisible();

    await fromMenu('锁定文本');
    await expect(toasts).toContainText('文本已锁定。');
    for (const comment of [1, 2]) {
      const ask = `建议 ${comment}`;
      await ben.act({ type: 'gatherSuggestion', ask, sources: [{ kind: 'comment', comment }] });
    }
    await ben.act({ type: 'confirmSuggestion', suggestion: 1 });
    // Closing asks first; nothing waits any more, and the next step says so.
    await header.getByRole('button', { name: /结束会商/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '结束会商' }).click();
    await header.getByRole('link', { name: '查看成果' }).click();
    await expect(page).toHaveURL(new RegExp(`/rooms/${roomId}/outcome$`));
    expect(complaints).toEqual([]);
    ben.close();
  } finally {
    await server.dispose();
  }
});

test('[STE2] the offer of an undo goes by itself after ten seconds', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('Undo', { env });
  try {
    const ben = await (await invited(ana, roomId, 'member', 'ben')).join(roomId);
    await ben.act({ type: 'postComment', body: 'Two hundred metres.' });
    ben.close();
    const page = await (await contextOf(browser, ana, { locale: 'en-GB' })).newPage();
    await page.goto(`${server.url}/rooms/${roomId}`);
    await page.getByRole('banner').getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Close commenting' }).click();
    const undo = page.getByRole('button', { name: 'Undo', exact: true }).last();
    await expect(page.getByText('Commenting is closed.')).toBeVisible();
    const since = performance.now();
    await expect(page.getByText('seconds left')).toBeVisible();
    await page.mouse.move(10, 10);
    await expect(page.getByText('Commenting is closed.')).toHaveCount(0, { timeout: 20_000 });
    expect(performance.now() - since).toBeGreaterThan(8_000);
    expect(undo).toBeDefined();
  } finally {
    await server.dispose();
  }
});

test('[STE3] [ROOM18] a pause is on every screen with its reason, and half-written words outlive it', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('开放公园的出入口怎么设', { env });
  try {
    const moderator = await (await contextOf(browser, ana)).newPage();
    const member = await (await contextOf(browser, await invited(ana, roomId, 'member', '委员本'))).newPage();
    const chair = await ana.join(roomId);
    await chair.act({ type: 'postComment', body: '先看第一条。' });
    chair.close();
    for (const page of [moderator, member]) await page.goto(`${server.url}/rooms/${roomId}`);
    const comment = member.getByRole('article');
    const reply = comment.getByRole('button', { name: '回复Ana' });
    await expect(reply).toBeVisible();
    const heightOf = () => comment.evaluate((element) => element.getBoundingClientRect().height);
    const height = await heightOf();
    const paper = member.getByRole('region', { name: '文本' }).getByRole('textbox');
    await paper.click();
    await member.keyboard.type('出入口间距二百米。');
    for (let line = 0; line < 30; line += 1) await member.keyboard.press('Enter');
    await member.keyboard.type('末段。');
    const lastLine = () => paper.getByText('末段。').evaluate((element) => Math.round(element.getBoundingClientRect().top));
    const before = await lastLine();
    await expect(member.getByText(/已保存 \d\d:\d\d/)).toBeVisible();
    const composer = member.getByRole('textbox', { name: '写留言' });
    await composer.fill('写到一半');

    await moderator.getByRole('button', { name: '暂停', exact: true }).click();
    const notice = member.getByRole('region', { name: '已暂停' });
    await expect(notice).toContainText('Ana已暂停会商，恢复之前任何人都不能写。');
    await expect(notice).toContainText('您写下的内容留在本设备上。');
    await expect(reply).toHaveCount(0);
    expect(await heightOf()).toBe(height);
    // It lies over nothing, and moves no line that one looks at.
    await expect.poll(lastLine).toBe(before);
    const bottom = await notice.evaluate((element) => element.getBoundingClientRect().bottom);
    expect(await member.locator('.panes').evaluate((element) => element.getBoundingClientRect().top)).toBeGreaterThanOrEqual(bottom);
    await expect(member.getByRole('toolbar')).toHaveCount(0);
    await expect(paper).toHaveAttribute('aria-readonly', 'true');
    await flawless(member);
    await flawless(moderator);

    await moderator.getByRole('region', { name: '已暂停' }).getByRole('button', { name: '休息十分钟' }).click();
    await expect(notice).toContainText('Ana已暂停会商：休息十分钟。');
    await expect(composer).toHaveValue('写到一半');
    await expect(member.getByRole('button', { name: '发送' })).toHaveAttribute('aria-disabled', 'true');
    await expect(member.locator('.composer')).toContainText('Ana已暂停会商：休息十分钟。');

    // Who comes later reads it too, and so does who loads the page again; the words are still there.
    await member.reload();
    await expect(member.getByRole('region', { name: '已暂停' })).toContainText('休息十分钟');
    await expect(composer).toHaveValue('写到一半');
    const late = await (await contextOf(browser, await invited(ana, roomId, 'observer', 'olga'))).newPage();
    await late.goto(`${server.url}/rooms/${roomId}`);
    await expect(late.getByRole('region', { name: '已暂停' })).toContainText('休息十分钟');

    await moderator.getByRole('banner').getByRole('button', { name: '继续会商' }).click();
    await expect(member.getByRole('region', { name: '已暂停' })).toHaveCount(0);
    await expect(reply).toBeVisible();
    await member.getByRole('button', { name: '发送' }).click();
    await expect(moderator.getByText('写到一半')).toBeVisible();
    await paper.click();
    await member.keyboard.press('Control+End');
    await member.keyboard.type('继续写。');
    await expect(moderator.locator('.ProseMirror')).toContainText('继续写。');
  } finally {
    await server.dispose();
  }
});

test('[STE5] [STE6] a phone steers the room, with keys a thumb can hit', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('开放公园的出入口怎么设', { env });
  try {
    const chair = await ana.join(roomId);
    await chair.act({
      type: 'changeSettings',
      settings: { visibility: 'public', whoComments: 'participants', guests: false, review: 'observers' },
    });
    const olga = await (await invited(ana, roomId, 'observer', 'olga')).join(roomId);
    await olga.act({ type: 'postComment', body: '旁听者的意见' });
    const page = await (await contextOf(browser, ana, phone)).newPage();
    await page.goto(`${server.url}/rooms/${roomId}`);
    const bar = page.getByRole('navigation', { name: '会商室各处' });
    await expect(bar.getByRole('button')).toHaveCount(5);
    await bar.getByRole('button', { name: '遥控' }).click();
    const remote = page.locator('.remote');
    await flawless(page);
    for (const button of await remote.getByRole('button').all()) {
      expect((await button.boundingBox())?.height, await button.innerText()).toBeGreaterThanOrEqual(44);
    }

    // What is the next step and a key of its own is offered once.
    for (const name of ['停止留言', '锁定文本']) await expect(remote.getByRole('button', { name })).toHaveCount(1);
    await remote.getByRole('button', { name: '暂停' }).click();
    await expect(remote.getByText('Ana已暂停会商，恢复之前任何人都不能写。')).toBeVisible();
    // The offer to undo lies on none of the keys.
    await remote.getByRole('button', { name: '请先听发言' }).click();
    await expect(remote.getByText('Ana已暂停会商：请先听发言。')).toBeVisible();
    await remote.getByRole('button', { name: '继续' }).click();
    await expect(remote.getByRole('button', { name: '暂停' })).toBeVisible();
    await remote.getByRole('button', { name: '锁定文本' }).click();
    await expect(remote.getByRole('button', { name: '解锁文本' })).toBeVisible();

    await remote.getByRole('button', { name: '1 条留言待审' }).click();
    const held = page.getByRole('dialog', { name: '待审的留言' });
    await expect(held).toContainText('旁听者的意见');
    await held.getByRole('button', { name: '公开' }).click();
    await expect(held).toContainText('目前没有待审的留言。');
    await page.keyboard.press('Escape');
    await expect(remote.getByRole('button', { name: '没有待审的留言' })).toBeVisible();

    await remote.getByRole('button', { name: '记录' }).click();
    await expect(page.getByText('暂停了会商').first()).toBeVisible();
    for (const client of [chair, olga]) client.close();
  } finally {
    await server.dispose();
  }
});
