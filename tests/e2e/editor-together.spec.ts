import { expect, test } from '@playwright/test';
import { closePages, expectLines, expectSaved, linesOf, moveCaret, openRoom, putCaret, textOf, writeSteadily } from './support/editor.ts';
import { complaintsOf, invited, serverWithRoom } from './support/room.ts';

test.afterEach(({ browser }) => closePages(browser));

test('[ED1] [ED10] [ED11] two people write at once, an observer watches: one text, numbered, with who wrote it in the margin', async ({
  browser,
}) => {
  const { server, ana, roomId } = await serverWithRoom('开放公园的出入口怎么设');
  try {
    const ben = await invited(ana, roomId, 'member', 'ben');
    const [one, other] = [await openRoom(browser, server, roomId, ana), await openRoom(browser, server, roomId, ben)];
    const watcher = await openRoom(browser, server, roomId, null);
    const complaints = [one, other, watcher].map(complaintsOf);

    await expect(textOf(one)).toHaveAttribute('contenteditable', 'true');
    await putCaret(one, 0, 0);
    await one.keyboard.type('公园拆除围墙之后，出入口是每天经过的路。');
    await one.keyboard.press('Enter');
    await one.keyboard.type('间距');
    await expectLines([one, other, watcher], ['公园拆除围墙之后，出入口是每天经过的路。', '间距']);
    await putCaret(other, 1, 2);

    // Both at once, in the same line and in different ones.
    await putCaret(one, 0, 2);
    await Promise.all([one.keyboard.type('都应当'), other.keyboard.type('一般不超过三百米。')]);
    await expectLines([one, other, watcher], ['公园都应当拆除围墙之后，出入口是每天经过的路。', '间距一般不超过三百米。']);
    await Promise.all([expectSaved(one), expectSaved(other)]);

    await expect(textOf(watcher).locator('[data-clause]').first()).toHaveAttribute('data-clause', '第一条');
    await expect(textOf(watcher).locator('[data-clause]').nth(1)).toHaveAttribute('data-clause', '第二条');
    const colors = await textOf(watcher).evaluate((element) =>
      [...element.querySelectorAll<HTMLElement>('[data-clause]')].map((block) => block.style.getPropertyValue('--writer')),
    );
    expect(colors.every((color) => /^var\(--p[1-8]\)$/.test(color))).toBe(true);

    // Who is where: a caret with the name the server gave, not with what a client says of itself.
    await expect(watcher.locator('.caret')).toHaveCount(2);
    await expect(one.locator('.caret-name')).toHaveText('ben');

    // The watcher's keys change nothing, anywhere.
    await expect(textOf(watcher)).toHaveAttribute('contenteditable', 'false');
    await textOf(watcher).click();
    await watcher.keyboard.type('不该有的字');
    await watcher.keyboard.press('Control+v');
    await putCaret(one, 0, 0);
    await one.keyboard.type('先');
    await expect.poll(async () => (await linesOf(watcher))[0]).toBe('先公园都应当拆除围墙之后，出入口是每天经过的路。');
    expect(await linesOf(one)).toEqual(await linesOf(watcher));
    expect(complaints.flat()).toEqual([]);
  } finally {
    await server.dispose();
  }
});

test('[ED8] in a busy room every key moves the caret, and nothing moves the page', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('很多人同时写');
  try {
    const ben = await invited(ana, roomId, 'member', 'ben');
    const one = await openRoom(browser, server, roomId, ana, { viewport: { width: 1280, height: 640 } });
    await putCaret(one, 0, 0);
    await one.keyboard.type('别人写的');
    for (let n = 0; n < 14; n += 1) await one.keyboard.press('Enter');
    await one.keyboard.type('一二三四五六七八九十'.repeat(5));
    const other = await openRoom(browser, server, roomId, ben);
    await expect.poll(() => linesOf(other)).toHaveLength(15);
    const writing = await writeSteadily(other, '字', 15);

    await putCaret(one, 14, 0);
    const offset = (): Promise<number> => one.evaluate(() => getSelection()?.anchorOffset ?? -1);
    for (let n = 1; n <= 40; n += 1) {
      await one.keyboard.press('ArrowRight');
      await expect.poll(offset, { intervals: [5] }).toBe(n);
    }
    await one.keyboard.type('我');
    await expect.poll(async () => (await linesOf(one))[14]?.indexOf('我')).toBe(40);

    // Reading elsewhere, while the caret is out of sight.
    const scroller = one.locator('.scroller');
    await scroller.evaluate((element) => element.scrollTo(0, 0));
    const before = (await linesOf(one))[0]?.length ?? 0;
    await expect.poll(async () => (await linesOf(one))[0]?.length).toBeGreaterThan(before + 30);
    expect(await scroller.evaluate((element) => element.scrollTop)).toBe(0);

    expect(await writing.stop()).toBeGreaterThan(40);
    await expectLines([one], await linesOf(other));
  } finally {
    await server.dispose();
  }
});

test('[ED12] undo takes back one’s own words and nobody else’s', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('各改各的');
  try {
    const ben = await invited(ana, roomId, 'member', 'ben');
    const [one, other] = [await openRoom(browser, server, roomId, ana), await openRoom(browser, server, roomId, ben)];
    await putCaret(one, 0, 0);
    await one.keyboard.type('安');
    await expectLines([one, other], ['安']);
    await putCaret(other, 0, 1);
    await other.keyboard.type('本');
    await expectLines([one, other], ['安本']);
    await one.keyboard.press('Control+z');
    await expectLines([one, other], ['本']);
    await one.keyboard.press('Control+Shift+z');
    await expectLines([one, other], ['安本']);
    await other.getByRole('button', { name: '撤销' }).click();
    await expectLines([one, other], ['安']);
  } finally {
    await server.dispose();
  }
});

test('[ED8] what is being composed stays whole while others write around it', async ({ browser }) => {
  const { server, ana, roomId } = await serverWithRoom('输入法');
  try {
    const ben = await invited(ana, roomId, 'member', 'ben');
    const [one, other] = [await openRoom(browser, server, roomId, ana), await openRoom(browser, server, roomId, ben)];
    const input = await one.context().newCDPSession(one);
    const compose = (text: string): Promise<unknown> =>
      input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });

    // In an empty draft, whose invitation to write goes away meanwhile.
    await putCaret(one, 0, 0);
    for (const text of ['g', 'go', 'gong', 'gong y', 'gong yuan']) await compose(text);
    await input.send('Input.insertText', { text: '公园' });
    await expectLines([one, other], ['公园']);
    await one.keyboard.type('的出入口');
    await expectLines([one, other], ['公园的出入口']);

    // In the middle of a line that another one changes before and behind it: what the other writes there waits for the word.
    await putCaret(one, 0, 3);
    await putCaret(other, 0, 0);
    let lines = 0;
    for (const text of ['d', 'do', 'dong', 'dong c', 'dong ce']) {
      await compose(text);
      await other.keyboard.type('新');
      lines += 1;
      await expect.poll(async () => (await linesOf(other))[0]).toBe(`${'新'.repeat(lines)}公园的${text}出入口`);
      expect((await linesOf(one))[0]).toBe(`公园的${text}出入口`);
    }
    await moveCaret(other, 'End');
    await other.keyboard.type('。');
    await input.send('Input.insertText', { text: '东侧' });
    await expectLines([one, other], ['新新新新新公园的东侧出入口。']);
  } finally {
    await server.dispose();
  }
});
