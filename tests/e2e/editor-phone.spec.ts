import { expect, test } from '@playwright/test';
import { closePages, expectSaved, openRoom, putCaret, saveStateOf, textOf } from './support/editor.ts';
import { serverWithRoom } from './support/room.ts';

test.afterEach(({ browser }) => closePages(browser));

test('[ED32] [ED33] the caret stays above the keyboard of a phone before the first letter, and a network that went is told at once', async ({
  browser,
}) => {
  const { server, ana, roomId } = await serverWithRoom('在手机上');
  try {
    const phone = await openRoom(browser, server, roomId, ana, { viewport: { width: 360, height: 740 }, hasTouch: true });
    await expect(textOf(phone)).toHaveAttribute('contenteditable', 'true');
    await putCaret(phone, 0, 0);
    for (let n = 0; n < 12; n += 1) {
      await phone.keyboard.type(`第${n}行`);
      await phone.keyboard.press('Enter');
    }
    await expectSaved(phone);

    // A line in the lower half, where the keyboard will be.
    const line = await textOf(phone).evaluate((element) => {
      const blocks = [...element.children].map((block) => block.getBoundingClientRect());
      return blocks.findLastIndex(({ top, bottom }) => top > 400 && bottom < 660);
    });
    expect(line).toBeGreaterThan(0);
    await putCaret(phone, line, 1);
    const caretBottom = (): Promise<number> =>
      phone.evaluate(() => getSelection()?.getRangeAt(0).getBoundingClientRect().bottom ?? Number.POSITIVE_INFINITY);
    expect(await caretBottom()).toBeGreaterThan(400);
    await phone.evaluate(() => {
      Object.defineProperty(visualViewport, 'height', { configurable: true, get: () => 380 });
      visualViewport?.dispatchEvent(new Event('resize'));
    });
    await expect.poll(caretBottom).toBeLessThan(380);

    // Nothing was typed: the page says by itself that the line is gone.
    await phone.context().setOffline(true);
    await expect(saveStateOf(phone).first()).toHaveAttribute('data-state', 'offline', { timeout: 10_000 });
    await phone.context().setOffline(false);
    await expectSaved(phone);
  } finally {
    await server.dispose();
  }
});
