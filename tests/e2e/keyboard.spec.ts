import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { closePages, expectSaved, textOf } from './support/editor.ts';
import { complaintsOf, contextOf, invited, serverWithRoom } from './support/room.ts';

/** More steps than any page has between two of its places. */
const MOST_STEPS = 120;

/** Goes there with Tab, as somebody without a mouse does; fails where it cannot be reached. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
}

async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

test('a member joins, edits, comments, replies, supports and reads on by keyboard alone', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('开放公园的出入口怎么设');
  try {
    const { path } = await ana.ok<{ path: string }>('POST', `/api/rooms/${roomId}/invitations`, { role: 'member', days: 1 });
    const other = await (await invited(ana, roomId, 'member', '委员本')).join(roomId);
    await other.act({ type: 'postComment', body: '坡道要缓一点。' });
    const page = await (await contextOf(browser, null)).newPage();
    const complaints = complaintsOf(page);
    await page.goto(server.url + path);
    await tabTo(page, page.getByLabel('显示给他人的名字'));
    await page.keyboard.type('访客甲');
    await page.keyboard.press('Enter');
    await expect(textOf(page)).toBeVisible();

    await tabTo(page, textOf(page));
    await page.keyboard.type('出入口间距二百米。');
    await expectSaved(page);
    // The words just written are selected with Shift, and a comment is hung on them.
    await page.keyboard.press('Shift+Home');
    await page.keyboard.press('Control+Alt+m');
    await page.keyboard.type('最好再近一点。');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('article').filter({ hasText: '最好再近一点。' })).toContainText('出入口间距二百米。');

    const first = page.locator('#comment-1');
    await press(page, first.getByRole('button', { name: /附议/ }));
    await expect(first.getByRole('button', { name: /附议 1/ })).toBeVisible();
    await press(page, first.getByRole('button', { name: /回复/ }));
    await page.keyboard.type('同意。');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('article').filter({ hasText: '同意。' })).toBeVisible();

    // What comes below the fold is unread until J leads there.
    for (let n = 1; n <= 6; n += 1) await other.act({ type: 'postComment', body: `${'很长的一段话。'.repeat(60)} ${n}` });
    await expect(page.getByRole('group', { name: '显示哪些留言' }).getByRole('button', { name: /未读 \d+/ })).toBeVisible();
    await tabTo(page, page.getByRole('region', { name: '讨论' }).first());
    await page.keyboard.press('j');
    await expect(page.locator('article.comment:focus')).toContainText('很长的一段话。');
    expect(complaints).toEqual([]);
    other.close();
  } finally {
    await closePages(browser);
    await server.dispose();
  }
});

test('[STE1] [STE2] [STE3] a moderator takes the next step, takes it back, pauses and goes on by keyboard alone', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('Entrances');
  try {
    const ben = await (await invited(ana, roomId, 'member', 'ben')).join(roomId);
    await ben.act({ type: 'postComment', body: 'Two hundred metres.' });
    const page = await (await contextOf(browser, ana, { locale: 'en-GB' })).newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${server.url}/rooms/${roomId}`);
    const header = page.getByRole('banner');
    const toasts = page.getByRole('status', { name: 'Messages' });
    await press(page, header.getByRole('button', { name: 'Gather 1 comment' }));
    await expect(page.getByRole('button', { name: 'Not gathered 1' })).toHaveAttribute('aria-pressed', 'true');
    await press(page, page.getByRole('button', { name: 'Pause', exact: true }));
    await expect(toasts).toContainText('The room is paused.');
    await press(page, toasts.getByRole('button', { name: 'Undo' }));
    await expect(page.getByRole('region', { name: 'Paused' })).toHaveCount(0);

    await press(page, page.getByRole('button', { name: 'Pause', exact: true }));
    await expect(page.getByRole('region', { name: 'Paused' })).toBeVisible();
    await press(page, header.getByRole('button', { name: /Resume|Go on|Continue/ }));
    await expect(page.getByRole('region', { name: 'Paused' })).toHaveCount(0);
    expect(complaints).toEqual([]);
    ben.close();
  } finally {
    await closePages(browser);
    await server.dispose();
  }
});
