import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { closePages, expectLines, linesOf, openRoom, putCaret } from './support/editor.ts';
import { complaintsOf, invited, serverWithRoom } from './support/room.ts';

test.afterEach(({ browser }) => closePages(browser));

const LINE = '小区的门怎么开';
const PINYIN = ['x', 'xi', 'xiao', "xiao'q", "xiao'qu"];
/** Where the word is composed, and where the other one writes in the same line, trial by trial. */
const AT = 2;
const OTHER_AT = [0, 1, 4, 6, AT];

/** An input method that composes into the focused text of a page. */
async function inputMethod(page: Page): Promise<{ compose(text: string): Promise<unknown>; write(text: string): Promise<unknown> }> {
  const cdp = await page.context().newCDPSession(page);
  return {
    compose: (text) => cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length }),
    write: (text) => cdp.send('Input.insertText', { text }),
  };
}

for (const what of ['caret', 'letters'] as const) {
  test(`[ED8] a word that is being composed stays whole while another’s ${what} come into the same run of text, in both directions`, async ({
    browser,
  }) => {
    test.slow();
    const { server, ana, roomId } = await serverWithRoom('输入法与别人');
    try {
      const [ben, cai] = [await invited(ana, roomId, 'member', 'ben'), await invited(ana, roomId, 'member', 'cai')];
      const pages = [
        await openRoom(browser, server, roomId, ana),
        await openRoom(browser, server, roomId, ben),
        await openRoom(browser, server, roomId, cai),
      ] as const;
      const complaints = pages.map(complaintsOf);
      const [one, other, third] = pages;
      const lines = Array.from({ length: 2 * OTHER_AT.length }, () => LINE);
      await putCaret(one, 0, 0);
      for (const line of lines) {
        await one.keyboard.type(line);
        await one.keyboard.press('Enter');
      }
      await one.keyboard.type('别处');
      lines.push('别处');
      await expectLines(pages, lines);
      await putCaret(third, lines.length - 1, 2);

      let trial = 0;
      for (const [composer, writer] of [
        [one, other],
        [other, one],
      ] as const) {
        const input = await inputMethod(composer);
        for (const at of OTHER_AT) {
          await putCaret(writer, trial, at);
          await putCaret(composer, trial, AT);
          // The other two are in sight.
          await expect(composer.locator('.caret')).toHaveCount(2);
          let written = '';
          for (const [step, text] of PINYIN.entries()) {
            await input.compose(text);
            if (what === 'letters') {
              await writer.keyboard.type('新');
              written += '新';
            } else await writer.keyboard.press(step % 2 === 0 ? 'ArrowRight' : 'ArrowLeft');
            // What is written elsewhere is seen meanwhile; the line itself has the pinyin and nothing else.
            if (step === 2) {
              await third.keyboard.type('又');
              lines[lines.length - 1] += '又';
            }
            await expect.poll(async () => (await linesOf(composer)).at(-1)).toBe(lines.at(-1));
            expect((await linesOf(composer))[trial]).toBe(`${LINE.slice(0, AT)}${text}${LINE.slice(AT)}`);
          }
          await input.write('校区');
          const word = `${LINE.slice(0, AT)}校区${LINE.slice(AT)}`;
          const cut = at <= AT ? at : at + 2;
          lines[trial] = `${word.slice(0, cut)}${written}${word.slice(cut)}`;
          if (at === AT) {
            // Two at one place: which comes first is the same for everybody.
            await expect.poll(async () => (await linesOf(composer))[trial]).toMatch(/^小区(?:校区(?:新{5})?|新{5}校区)的门怎么开$/);
            await expect.poll(async () => (await linesOf(composer))[trial]?.length).toBe(lines[trial]?.length);
            lines[trial] = (await linesOf(composer))[trial] ?? '';
          }
          await expectLines(pages, lines);
          trial += 1;
        }
      }
      expect(complaints.flat()).toEqual([]);
    } finally {
      await server.dispose();
    }
  });
}
