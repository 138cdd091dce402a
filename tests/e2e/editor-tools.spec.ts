import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { closePages, expectLines, expectSaved, linesOf, moveCaret, openRoom, putCaret, textOf } from './support/editor.ts';
import { invited, serverWithRoom } from './support/room.ts';

test.afterEach(({ browser }) => closePages(browser));

function htmlOf(page: Page): Promise<string> {
  return textOf(page).evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    for (const widget of copy.querySelectorAll('.ProseMirror-trailingBreak, .ProseMirror-separator')) widget.remove();
    for (const each of copy.querySelectorAll('*')) for (const name of ['class', 'style', 'data-clause']) each.removeAttribute(name);
    return copy.innerHTML;
  });
}

/** Pastes as a person would who copied it elsewhere. */
async function paste(page: Page, data: { html?: string; text?: string; file?: string }): Promise<void> {
  await textOf(page).evaluate((element, { html, text, file }) => {
    const clipboardData = new DataTransfer();
    if (html !== undefined) clipboardData.setData('text/html', html);
    if (text !== undefined) clipboardData.setData('text/plain', text);
    if (file !== undefined) clipboardData.items.add(new File(['x'], file, { type: 'image/png' }));
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, data);
}

test('[ED13] the toolbar is one stop for Tab, arrows move in it, and buttons say what is on', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('格式');
  try {
    const page = await openRoom(browser, server, roomId, ana);
    const bar = page.getByRole('toolbar', { name: '格式' });
    await expect(bar.getByRole('button')).toHaveCount(13);
    await expect(bar.locator('button[tabindex="0"]')).toHaveCount(1);
    await putCaret(page, 0, 0);
    await page.keyboard.type('加粗的字');
    await putCaret(page, 0, 0, 2);
    await bar.getByRole('button', { name: '加粗' }).click();
    // The caret never left the text.
    await expect(textOf(page)).toBeFocused();
    await expect(bar.getByRole('button', { name: '加粗' })).toHaveAttribute('aria-pressed', 'true');
    expect(await htmlOf(page)).toBe('<p><strong>加粗</strong>的字</p>');

    await bar.locator('button[tabindex="0"]').focus();
    await page.keyboard.press('Home');
    await expect(bar.getByRole('button', { name: '撤销' })).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(bar.getByRole('button', { name: '标题' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect.poll(() => htmlOf(page)).toBe('<h2><strong>加粗</strong>的字</h2>');
    await bar.getByRole('button', { name: '标题' }).click();
    await bar.getByRole('button', { name: '编号列表' }).click();
    await expect.poll(() => htmlOf(page)).toBe('<ol><li><p><strong>加粗</strong>的字</p></li></ol>');
    await expectSaved(page);
  } finally {
    await server.dispose();
  }
});

test('[ED13] a link has an address one can follow, or none', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('链接');
  try {
    const page = await openRoom(browser, server, roomId, ana);
    await putCaret(page, 0, 0);
    await page.keyboard.type('见公告');
    await putCaret(page, 0, 1, 2);
    await page.getByRole('toolbar').getByRole('button', { name: '链接' }).click();
    const address = page.getByRole('textbox', { name: '链接地址' });
    await address.fill('javascript:alert(1)');
    await page.keyboard.press('Enter');
    await expect(page.getByText('这不是可以链接的地址')).toBeVisible();
    await address.fill('example.org/notice');
    await page.keyboard.press('Enter');
    await expect(textOf(page).locator('a')).toHaveAttribute('href', 'https://example.org/notice');
    await expect(textOf(page).locator('a')).toHaveAttribute('rel', 'noopener noreferrer nofollow');
    await expect(textOf(page)).toBeFocused();
    await page.getByRole('toolbar').getByRole('button', { name: '链接' }).click();
    await page.getByRole('button', { name: '去掉链接' }).click();
    await expect(textOf(page).locator('a')).toHaveCount(0);
    await expectSaved(page);
  } finally {
    await server.dispose();
  }
});

test('[ED14] of what is pasted only words and plain form remain, and the server takes it', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('粘贴');
  try {
    const page = await openRoom(browser, server, roomId, ana);
    const watcher = await openRoom(browser, server, roomId, null);
    let dialogs = 0;
    page.on('dialog', () => (dialogs += 1));
    await putCaret(page, 0, 0);
    await paste(page, {
      html: `<meta charset="utf-8"><style>p{position:fixed}</style><script>alert(1)</script>
        <h5 onclick="alert(1)" style="font-size:99px">大标题</h5><p class="MsoNormal" style="color:red" id="x">甲<b>乙</b><u>丙</u><font color="red">丁</font></p>
        <p><a href="javascript:alert(1)">坏链接</a> <a href="https://example.org/" onmouseover="alert(1)" target="_self" title="x">好链接</a></p>
        <iframe src="https://example.org"></iframe><img src="x" onerror="alert(1)"><svg onload="alert(1)"></svg><object data="x"></object>
        <ol start="-3" type="a"><li>一</li></ol><table><tr><td>格</td></tr></table><form><input value="表"></form><math><mi>x</mi></math>`,
    });
    await expect(textOf(page)).toContainText('好链接');
    const names = await textOf(page).evaluate((element) =>
      [...new Set([...element.querySelectorAll('*')].map((each) => each.localName))].sort(),
    );
    expect(
      names.filter(
        (name) =>
          !['p', 'h1', 'h2', 'h3', 'strong', 'em', 's', 'a', 'ol', 'ul', 'li', 'br', 'blockquote', 'hr', 'img'].includes(name) &&
          !['div', 'table', 'tbody', 'tr', 'td'].includes(name),
      ),
    ).toEqual([]);
    // The one image there may be is the editor's own, behind the caret.
    await expect(textOf(page).locator('img:not(.ProseMirror-separator)')).toHaveCount(0);
    const risky = await textOf(page).evaluate((element) =>
      [...element.querySelectorAll('*')].flatMap((each) =>
        [...each.attributes]
          .map(({ name }) => name)
          .filter((name) => name.startsWith('on') || ['id', 'src', 'title', 'start', 'type'].includes(name)),
      ),
    );
    expect(risky).toEqual([]);
    await expect(textOf(page).locator('a')).toHaveCount(1);
    await expect(page.getByText('草案里暂时不能放图片和文件，只能放文字。')).toBeVisible();
    await expectSaved(page);
    await expectLines([watcher], await linesOf(page));
    await expect(page.getByText('这些文字没能写进草案')).toHaveCount(0);
    expect(dialogs).toBe(0);
  } finally {
    await server.dispose();
  }
});

test('[ED14] a pasted picture is refused with a sentence, pasted lines become paragraphs', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('图片');
  try {
    const page = await openRoom(browser, server, roomId, ana);
    await putCaret(page, 0, 0);
    await paste(page, { file: 'photo.png' });
    await expect(page.getByText('草案里暂时不能放图片和文件，只能放文字。')).toBeVisible();
    expect(await linesOf(page)).toEqual(['']);
    await paste(page, { text: '第一段\n\n第二段' });
    await expectLines([page], ['第一段', '第二段']);
    await expectSaved(page);
  } finally {
    await server.dispose();
  }
});

test('[ED20] more than one frame holds is not pasted, and a sentence says so; what was there is saved', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('太多');
  try {
    const page = await openRoom(browser, server, roomId, ana);
    await putCaret(page, 0, 0);
    await page.keyboard.type('已有的文字');
    await paste(page, { text: '条'.repeat(400_000) });
    await expect(page.getByText('一次粘贴的内容太多')).toBeVisible();
    await expectLines([page], ['已有的文字']);
    await page.keyboard.type('还在');
    await expect(page.getByText('一次粘贴的内容太多')).toBeHidden();
    await expectSaved(page);
    await page.reload();
    await expectLines([page], ['已有的文字还在']);
  } finally {
    await server.dispose();
  }
});

test('[ED9] a comment’s mark keeps to its words, leads to it, and is there for who may not write', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('留言的位置');
  try {
    const ben = await invited(ana, roomId, 'member', 'ben');
    const [one, other] = [await openRoom(browser, server, roomId, ana), await openRoom(browser, server, roomId, ben)];
    const watcher = await openRoom(browser, server, roomId, null);
    await putCaret(one, 0, 0);
    await one.keyboard.type('出入口间距一般不超过三百米。');
    await expectSaved(one);
    await putCaret(one, 0, 10, 3);
    await one.locator('.comment-button').click();
    await one.getByRole('textbox', { name: '写留言……' }).fill('二百米更合适。');
    await one.getByRole('button', { name: '发送' }).click();
    const marks = (page: Page) => textOf(page).locator('mark.comment-mark');
    // A caret inside it draws one mark in two pieces.
    const expectMarked = async (words: string): Promise<void> => {
      for (const page of [one, other, watcher]) await expect.poll(async () => (await marks(page).allTextContents()).join('')).toBe(words);
    };
    await expectMarked('三百米');

    // Before it, and in it.
    await putCaret(other, 0, 0);
    await other.keyboard.type('各');
    await expectLines([one, other, watcher], ['各出入口间距一般不超过三百米。']);
    await expectMarked('三百米');
    await putCaret(other, 0, 12);
    await other.keyboard.type('点五');
    await expectMarked('三点五百米');

    await putCaret(other, 0, 12, 2);
    await other.keyboard.press('Backspace');
    await expectMarked('三百米');

    // Gone with its words, back with them; by her whose last change is long ago, so that undo takes back this one alone.
    await putCaret(one, 0, 11, 3);
    await one.keyboard.press('Backspace');
    await expectLines([one, other, watcher], ['各出入口间距一般不超过。']);
    await expectMarked('');
    await one.keyboard.press('Control+z');
    await expectMarked('三百米');

    await marks(watcher).first().click();
    await expect(marks(watcher).first()).toHaveClass(/is-active/);
  } finally {
    await server.dispose();
  }
});

test('[ED9] without words a comment on words asks for some, and by keyboard alone it works too', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('键盘');
  try {
    const page = await openRoom(browser, server, roomId, ana);
    await putCaret(page, 0, 0);
    await page.keyboard.type('键盘写的');
    await page.keyboard.press('Control+Alt+m');
    await expect(page.getByText('请先选中要留言的文字。')).toBeVisible();
    await moveCaret(page, 'Shift+Home');
    await page.keyboard.press('Control+Alt+m');
    await expect(page.getByText('请先选中要留言的文字。')).toHaveCount(0);
    await expect(page.getByRole('textbox', { name: '写留言……' })).toBeFocused();
  } finally {
    await server.dispose();
  }
});

test('[ED15] on a phone the text fills the width, what is touched is large enough, the page does not go sideways', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('手机上');
  try {
    const page = await openRoom(browser, server, roomId, ana, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await putCaret(page, 0, 0);
    await page.keyboard.type('公园拆除围墙之后，出入口不再只是大门，而是居民每天经过的第一段无障碍的路。');
    await expectSaved(page);
    const box = await textOf(page).boundingBox();
    expect(box?.width ?? 0).toBeGreaterThan(300);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    const buttons = await page
      .getByRole('toolbar', { name: '格式' })
      .getByRole('button')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().toJSON() as DOMRect));
    for (const { width, height } of buttons) expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
    await putCaret(page, 0, 2, 4);
    const button = page.locator('.comment-button');
    await expect(button).toBeVisible();
    const at = await button.boundingBox();
    expect(at?.height ?? 0).toBeGreaterThanOrEqual(44);
    expect(at?.x ?? -1).toBeGreaterThanOrEqual(0);
    expect((at?.x ?? 0) + (at?.width ?? 999)).toBeLessThanOrEqual(360);
  } finally {
    await server.dispose();
  }
});
