import { chromium, expect, test } from '@playwright/test';
import type { Page, WebSocketRoute } from '@playwright/test';
import { chromiumArgs, chromiumPath } from '../../scripts/chromium.ts';
import { closePages, expectLines, expectSaved, linesOf, openIn, openRoom, putCaret, saveStateOf, textOf } from './support/editor.ts';
import { contextOf, invited, serverWithRoom } from './support/room.ts';

test.afterEach(({ browser }) => closePages(browser));

test('[ED2] [ED3] [ED4] what was typed without a server is counted, guarded, and there again after the page crashed', async ({
  browser,
}) => {
  const { server, ana, roomId } = await serverWithRoom('断网也不丢');
  try {
    const context = await contextOf(browser, ana);
    const page = await openIn(context, server, roomId);
    const watcher = await openRoom(browser, server, roomId, null);
    await putCaret(page, 0, 0);
    await page.keyboard.type('已经保存的。');
    await expectSaved(page);
    await expectLines([watcher], ['已经保存的。']);

    await server.kill();
    await page.keyboard.type('还没保存');
    await expect(saveStateOf(page).first()).toHaveText(/未保存，本机有 4 处改动/);
    // Going to another page of this site is asked about too.
    page.once('dialog', (dialog) => {
      expect(dialog.type()).toBe('confirm');
      expect(dialog.message()).toContain('有 4 处改动只在本机');
      void dialog.dismiss();
    });
    await page.getByRole('link', { name: '商量' }).first().click();
    expect(new URL(page.url()).pathname).toBe(`/rooms/${roomId}`);
    await expect(textOf(page)).toContainText('还没保存');

    let asked = '';
    page.once('dialog', (dialog) => {
      asked = dialog.type();
      void dialog.dismiss();
    });
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => asked).toBe('beforeunload');
    expect(page.isClosed()).toBe(false);

    // Gone without being asked, as in a crash.
    await page.close();
    await server.start();
    const again = await openIn(context, server, roomId);
    await expectLines([again, watcher], ['已经保存的。还没保存']);
    await expectSaved(again);
    let wasAsked = false;
    again.on('dialog', () => (wasAsked = true));
    await again.close({ runBeforeUnload: true });
    expect(wasAsked).toBe(false);
  } finally {
    await server.dispose();
  }
});

test('[ED4] two pages of one person, both without a server: nothing of either is lost, nothing comes twice', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('两个标签页');
  try {
    const context = await contextOf(browser, ana);
    const [left, right] = [await openIn(context, server, roomId), await openIn(context, server, roomId)];
    await putCaret(left, 0, 0);
    await left.keyboard.type('开头。');
    await expectLines([left, right], ['开头。']);
    await server.kill();
    await putCaret(left, 0, 3);
    await left.keyboard.type('左页');
    await putCaret(right, 0, 3);
    await right.keyboard.type('右页');
    for (const page of [left, right]) await expect(saveStateOf(page).first()).toHaveText(/本机有 2 处改动/);
    await right.close();
    await server.start();
    await expectSaved(left);
    // The next page brings what the closed one left behind.
    const next = await openIn(context, server, roomId);
    const together = (): Promise<string> => linesOf(next).then((lines) => lines.join('|'));
    await expect.poll(together).toMatch(/^开头。(左页右页|右页左页)$/);
    await expectLines([left], await linesOf(next));
    await expectSaved(next);
  } finally {
    await server.dispose();
  }
});

/** Holds back what a page sends on its draft's socket from `hold` to `release`; everything else passes. */
async function holdDraftFrames(page: Page): Promise<{ hold: () => void; release: () => void }> {
  let isHeld = false;
  const held: (() => void)[] = [];
  await page.routeWebSocket(/\/yjs\//, (route: WebSocketRoute) => {
    const server = route.connectToServer();
    route.onMessage((message) => {
      if (isHeld) held.push(() => server.send(message));
      else server.send(message);
    });
    server.onMessage((message) => route.send(message));
  });
  return {
    hold: () => (isHeld = true),
    release: () => {
      isHeld = false;
      for (const send of held.splice(0)) send();
    },
  };
}

test('[ED6] [ED7] words that were on their way when the draft was locked are set aside, to be copied, until discarded', async ({
  browser,
}) => {
  const { server, ana, roomId } = await serverWithRoom('锁定的一刻');
  try {
    const ben = await invited(ana, roomId, 'member', 'ben');
    const context = await contextOf(browser, ben, { permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    const frames = await holdDraftFrames(page);
    await page.goto(`${server.url}/rooms/${roomId}`);
    await putCaret(page, 0, 0);
    await page.keyboard.type('先写的一句。');
    await expectSaved(page);

    frames.hold();
    await page.keyboard.press('Enter');
    await page.keyboard.type('路上的话');
    const room = await ana.join(roomId);
    await room.act({ type: 'lockDraft', draftId: room.joined?.snapshot?.drafts[0]?.id ?? '' });
    frames.release();

    const card = page.getByRole('region', { name: '这些文字没能写进草案' });
    await expect(card.getByRole('textbox')).toHaveValue('路上的话');
    await expectLines([page], ['先写的一句。']);
    await expect(textOf(page)).toHaveAttribute('contenteditable', 'false');

    // Still there after a reload, and only for the one who wrote it.
    await page.reload();
    await expect(card.getByRole('textbox')).toHaveValue('路上的话');
    await card.getByRole('button', { name: '复制' }).click();
    await expect(card.getByText('已复制。')).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('路上的话');
    const watcher = await openRoom(browser, server, roomId, ana);
    await expectLines([watcher], ['先写的一句。']);
    await expect(watcher.getByText('路上的话')).toHaveCount(0);

    // Not by one slip of a finger.
    await card.getByRole('button', { name: '丢弃' }).click();
    await expect(card).toBeVisible();
    await card.getByRole('button', { name: '确定丢弃' }).click();
    await expect(card).toHaveCount(0);
    await page.reload();
    await expectLines([page], ['先写的一句。']);
    await expect(card).toHaveCount(0);

    // Unlocked, the same page writes again.
    await room.act({ type: 'unlockDraft', draftId: room.joined?.snapshot?.drafts[0]?.id ?? '' });
    await expect(textOf(page)).toHaveAttribute('contenteditable', 'true');
    await putCaret(page, 0, 6);
    await page.keyboard.type('又能写了');
    await expectLines([page, watcher], ['先写的一句。又能写了']);
    await expectSaved(page);
    room.close();
  } finally {
    await server.dispose();
  }
});

test('[ED3] the page never says saved before the server has answered', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('不说早话');
  try {
    const page = await (await contextOf(browser, ana)).newPage();
    const frames = await holdDraftFrames(page);
    await page.goto(`${server.url}/rooms/${roomId}`);
    await putCaret(page, 0, 0);
    await page.keyboard.type('一');
    await expectSaved(page);
    frames.hold();
    await page.keyboard.type('二');
    await expect(saveStateOf(page).first()).toHaveText('正在保存');
    await expect(saveStateOf(page).first()).toHaveText(/未保存，本机有 1 处改动/);
    frames.release();
    await expectSaved(page);
  } finally {
    await server.dispose();
  }
});

test('[ED4] [ED7] on plain HTTP in a hall, where a page is no secure context, nothing is lost either', async () => {
  const executablePath = chromiumPath();
  const browser = await chromium.launch({
    args: [...chromiumArgs, '--host-resolver-rules=MAP hall.test 127.0.0.1'],
    ...(executablePath ? { executablePath } : {}),
  });
  const { server, ana, roomId } = await serverWithRoom('会场里', { env: { ALLOWED_HOSTS: 'hall.test' } });
  try {
    const context = await browser.newContext({ locale: 'zh-CN' });
    const [name = '', value = ''] = ana.cookie?.split('=') ?? [];
    const origin = `http://hall.test:${String(server.port)}`;
    await context.addCookies([{ name, value, url: origin }]);
    const page = await context.newPage();
    await page.goto(`${origin}/rooms/${roomId}`);
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    await putCaret(page, 0, 0);
    await page.keyboard.type('会场');
    await expectSaved(page);
    await server.kill();
    await page.keyboard.type('里写');
    await expect(saveStateOf(page).first()).toHaveText(/本机有 2 处改动/);
    await page.close();
    await server.start();
    const again = await context.newPage();
    await again.goto(`${origin}/rooms/${roomId}`);
    await expectLines([again], ['会场里写']);
    await expectSaved(again);
  } finally {
    await browser.close();
    await server.dispose();
  }
});
