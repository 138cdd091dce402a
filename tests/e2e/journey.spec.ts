import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { Visitor, ServerProcess, contextOf } from './support/room.ts';

const mongoUrl = process.env.SHANGLIANG_TEST_MONGO_URL;

/** Types into the draft as a person does, at its end. */
async function typeAtEnd(page: Page, words: string): Promise<void> {
  const editor = draftOf(page);
  await editor.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(words);
}

function draftOf(page: Page): Locator {
  return page.getByRole('region', { name: '文本' }).getByRole('textbox');
}

function textOf(page: Page): Locator {
  return page.locator('.ProseMirror');
}

/** The words of the draft on the screen, without carets and clause numbers. */
function wordsOf(page: Page): Promise<string> {
  return textOf(page).evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    for (const widget of copy.querySelectorAll('.ProseMirror-widget, [contenteditable="false"]')) widget.remove();
    return copy.textContent;
  });
}

/** Selects words in the draft with the mouse's double click on them not being enough: by DOM range, as a drag would. */
async function select(page: Page, words: string): Promise<void> {
  await draftOf(page).click();
  await textOf(page).evaluate((element, wanted) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const at = (node.textContent ?? '').indexOf(wanted);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      const selection = window.getSelection();
      selection?.removeAllRanges();
      selection?.addRange(range);
      return;
    }
    throw new Error(`the draft does not contain ${wanted}`);
  }, words);
}

for (const store of ['SQLite', 'MongoDB'] as const) {
  test(`a moderator, a member and an observer in one room, through a kill -9, on ${store}`, async ({ browser }) => {
    test.skip(store === 'MongoDB' && mongoUrl === undefined, 'no server that speaks MongoDB');
    const url = mongoUrl?.replace(/\/(\?|$)/, `/journey_${Date.now().toString(36)}$1`);
    const server = await ServerProcess.start({ pages: true, mongoUrl: store === 'MongoDB' ? url : undefined });
    try {
      // The moderator makes the installation hers and opens a room with one question.
      const moderator = await (await contextOf(browser, null)).newPage();
      await moderator.goto(`${server.url}/setup#${server.setupSecret}`);
      await moderator.getByLabel('用户名').fill('ana');
      await moderator.getByLabel('显示给他人的名字').fill('主持人安');
      await moderator.getByLabel('密码', { exact: true }).fill('correct horse battery');
      await moderator.getByRole('button', { name: '创建管理员' }).click();
      await moderator.getByRole('textbox', { name: '今天要商量什么？' }).fill('开放公园的出入口怎么设');
      await moderator.getByRole('button', { name: '开一间会商室' }).click();
      await expect(draftOf(moderator)).toBeVisible();
      const roomUrl = moderator.url();

      // She invites a member by a link.
      await moderator.getByRole('button', { name: '邀请参与者' }).first().click();
      const dialog = moderator.getByRole('dialog', { name: '邀请' });
      await dialog.getByRole('button', { name: '新建链接' }).click();
      const link = await dialog.getByRole('textbox', { name: '邀请链接' }).inputValue();
      await moderator.keyboard.press('Escape');

      // The member follows it and makes an account.
      const member = await (await contextOf(browser, null)).newPage();
      await member.goto(link);
      await member
        .getByRole('button', { name: /注册/ })
        .or(member.getByRole('tab', { name: /注册/ }))
        .or(member.getByRole('radio', { name: /注册/ }))
        .first()
        .click();
      await member.getByLabel('用户名').fill('ben');
      await member.getByLabel('显示给他人的名字').fill('委员本');
      await member.getByLabel('密码', { exact: true }).fill('correct horse battery');
      await member.keyboard.press('Enter');
      await expect(draftOf(member)).toBeVisible();

      // The observer has no account; the address is enough.
      const observer = await (await contextOf(browser, null)).newPage();
      await observer.goto(roomUrl);

      await typeAtEnd(member, '出入口间距一般不超过三百米。');
      for (const page of [moderator, member, observer]) await expect(textOf(page)).toContainText('出入口间距一般不超过三百米。');

      await select(member, '三百米');
      await member.keyboard.press('Control+Alt+m');
      await member.getByRole('textbox', { name: '写留言……' }).fill('二百米更合适。');
      await member.getByRole('button', { name: '发送' }).click();
      for (const page of [moderator, member, observer]) {
        await expect(page.getByText('二百米更合适。')).toBeVisible();
        await expect(page.locator('.ProseMirror').getByText('三百米', { exact: true })).toBeVisible();
      }

      // The server dies without a goodbye while the member goes on typing.
      await server.kill();
      await typeAtEnd(member, '临近小学的，应当在五十米以内。');
      await expect(member.getByText(/未保存，本机有 \d+ 处改动/).first()).toBeVisible();
      await server.start();
      for (const page of [moderator, observer]) await expect(textOf(page)).toContainText('临近小学的，应当在五十米以内。');
      await expect(member.getByText(/已保存 \d\d:\d\d/)).toBeVisible();
      await expect(observer.getByText('二百米更合适。')).toBeVisible();

      // She hides the comment: a placeholder stays for the observer, the author sees why and his own words.
      await moderator.getByRole('button', { name: '委员本的留言：更多操作' }).click();
      await moderator.getByRole('menuitem', { name: /隐藏/ }).click();
      const reasons = moderator.getByRole('dialog', { name: '隐藏这条留言' });
      await reasons.getByText('偏离议题').click();
      const confirm = reasons.getByRole('button', { name: /隐藏/ });
      if (await confirm.isVisible()) await confirm.click();
      await expect(observer.getByText('已由主持人安隐藏：偏离议题')).toBeVisible();
      await expect(observer.getByText('二百米更合适。')).toHaveCount(0);
      await expect(member.getByText('仅您和主持人可见。')).toBeVisible();
      await expect(member.getByText('二百米更合适。')).toBeVisible();

      // She locks the draft: the member's next keys change nothing, for anybody.
      await moderator.getByRole('banner').getByRole('button', { name: '更多' }).click();
      await moderator.getByRole('menuitem', { name: '锁定文本' }).click();
      await expect(member.getByText('主持人安已锁定文本', { exact: false }).first()).toBeVisible();
      const locked = await wordsOf(observer);
      await textOf(member).click();
      await member.keyboard.type('偷偷改一下');
      await expect(moderator.getByText(/第 1 稿封存于/)).toBeVisible();
      for (const page of [moderator, member, observer]) expect(await wordsOf(page)).toBe(locked);

      // What the server holds is what everybody saw, also after another kill.
      await server.kill();
      await server.start();
      const reader = new Visitor(server.url);
      const roomId = new URL(roomUrl).pathname.split('/').at(-1) ?? '';
      const seen = await reader.join(roomId);
      const draftId = seen.joined?.snapshot?.drafts[0]?.id ?? '';
      const { text } = await reader.ok<{ text: string }>('GET', `/api/rooms/${roomId}/drafts/${draftId}`);
      seen.close();
      expect(text).toBe('出入口间距一般不超过三百米。临近小学的，应当在五十米以内。');

      // The record says who did what, to everybody.
      await observer.getByRole('tab', { name: '记录' }).click();
      await expect(observer.getByText('隐藏了委员本的第 1 条留言')).toBeVisible();
      await expect(observer.getByText('锁定了文本')).toBeVisible();
    } finally {
      await server.dispose();
    }
  });
}
