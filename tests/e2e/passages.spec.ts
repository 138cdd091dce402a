import { expect, test } from '@playwright/test';
import type { Page, WebSocketRoute } from '@playwright/test';
import { fillRoom } from '../../scripts/demo/fillRoom.ts';
import { Person } from '../../scripts/demo/person.ts';
import { plansZh } from '../../scripts/demo/plansZh.ts';
import { violationsOn } from './support/axe.ts';
import { closePages, expectSaved, openRoom, putCaret, textOf } from './support/editor.ts';
import { complaintsOf, invited, ServerProcess, serverWithRoom } from './support/room.ts';

const sentence = '出入口间距一般不超过三百米。';

/** Makes a link to the first `length` characters of a block, as a person does, and gives it. */
async function linkTo(page: Page, block: number, length: number): Promise<string> {
  await putCaret(page, block, 0, length);
  await page.getByRole('button', { name: '链接', exact: true }).last().click();
  const dialog = page.getByRole('dialog', { name: '这段话的链接' });
  await expect(dialog.getByRole('img', { name: '链接的二维码' })).toBeVisible();
  const address = await dialog.getByRole('textbox', { name: '这段话的链接' }).inputValue();
  expect(await violationsOn(page, { within: 'dialog' })).toEqual([]);
  await dialog.press('Escape');
  await expect(dialog).toBeHidden();
  return address;
}

const selected = (page: Page) => page.evaluate(() => getSelection()?.toString() ?? '');

test('[DIS6] a link to a sentence finds it after later edits, and says when it was changed or is gone', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('出入口');
  try {
    const ben = await invited(ana, roomId, 'member', 'ben');
    const writer = await openRoom(browser, server, roomId, ben);
    const complaints = complaintsOf(writer);
    await textOf(writer).click();
    await writer.keyboard.type(sentence);
    await writer.keyboard.press('Enter');
    await writer.keyboard.type('临近小学的，应当在五十米以内设置出入口。');
    await expectSaved(writer);
    const link = await linkTo(writer, 0, 14);
    expect(new URL(link).hash).toMatch(/^#at=[\w-]+$/);

    // Words come before and around it: it is still found.
    await putCaret(writer, 0, 0);
    await writer.keyboard.type('第一款写在前面。');
    await expectSaved(writer);
    const reader = await openRoom(browser, server, roomId, ana);
    await reader.goto('about:blank');
    await reader.goto(link);
    await expect.poll(() => selected(reader)).toBe(sentence);
    await expect(reader.getByText('原文已改动', { exact: false })).toHaveCount(0);

    // A part of it goes: what is left is shown, with the old words.
    await putCaret(writer, 0, 8 + 4, 6);
    await writer.keyboard.press('Delete');
    await expectSaved(writer);
    await reader.reload();
    await expect(reader.getByText('原文已改动。链接所指的原文是：')).toBeVisible();
    await expect(reader.locator('.card q')).toHaveText(sentence);
    await expect.poll(() => selected(reader)).toBe('出入口间三百米。');

    // All of it goes.
    await putCaret(writer, 0, 8, 8);
    await writer.keyboard.press('Delete');
    await expectSaved(writer);
    await reader.reload();
    await expect(reader.getByText('原文已不在。链接所指的原文是：')).toBeVisible();
    await expect(reader.locator('.card q')).toHaveText(sentence);
    await reader.getByRole('button', { name: '知道了' }).click();
    await expect(reader.getByText('原文已不在。链接所指的原文是：')).toHaveCount(0);

    // A broken link is a link to the room.
    await reader.goto(`${server.url}/rooms/${roomId}#at=AQID`);
    await expect(textOf(reader)).toBeVisible();
    expect(complaints).toEqual([]);
  } finally {
    await closePages(browser);
    await server.dispose();
  }
});

test('[ROOM13] before the text has come no passage is called gone', async ({ browser }) => {
  const server = await ServerProcess.start({ pages: true });
  try {
    const host = new Person(server.url);
    await host.ask('POST', '/api/setup', {
      token: server.setupSecret,
      handle: 'ana',
      displayName: '安',
      password: 'correct horse battery',
    });
    const plan = plansZh.find(({ ending }) => ending === 'open');
    if (plan === undefined) throw new Error('no open room is planned');
    const { id } = await fillRoom(host, plan, Date.now());
    const page = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
    const held: (() => void)[] = [];
    let holds = true;
    await page.routeWebSocket(/\/yjs\//, (route: WebSocketRoute) => {
      const line = route.connectToServer();
      line.onMessage((message) => {
        if (holds) held.push(() => route.send(message));
        else route.send(message);
      });
    });
    await page.goto(`${server.url}/rooms/${id}`);
    const discussion = page.getByRole('region', { name: '讨论' });
    await expect(discussion.locator('q').first()).toBeVisible();
    await expect(textOf(page)).toBeAttached();
    await expect.poll(() => held.length).toBeGreaterThan(0);
    await expect(discussion.getByText('原文已不在')).toHaveCount(0);
    holds = false;
    for (const send of held.splice(0)) send();
    await expect(discussion.getByRole('button', { name: /^在文本中查看/ }).first()).toBeVisible();
    await expect(discussion.getByText('原文已不在')).toHaveCount(0);
  } finally {
    await server.dispose();
  }
});
