import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { docxDocument } from '#server/exports/docx.ts';
import type { Json } from '#shared/lib/canonical.ts';
import { violationsOn } from './support/axe.ts';
import { closePages, expectLines, linesOf, openRoom, textOf } from './support/editor.ts';
import { invited, serverWithRoom, type ServerProcess, type Visitor } from './support/room.ts';

let server: ServerProcess;
let ana: Visitor;
let roomId: string;
test.beforeAll(async () => {
  ({ server, ana, roomId } = await serverWithRoom('Entrances'));
});
test.afterEach(async ({ browser }) => closePages(browser));
test.afterAll(() => server.dispose());

const text = (words: string): Json => ({ type: 'text', text: words });
const block = (type: string, words: string, attrs: Json = {}): Json => ({ type, attrs, content: [text(words)] });

async function expectAccessible(page: Page): Promise<void> {
  expect(await violationsOn(page)).toEqual([]);
}

async function fromMenu(page: Page, item: RegExp): Promise<void> {
  await page.getByRole('button', { name: /^(?:更多|More)$/ }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** The lines with something in them: a draft emptied by undo keeps an empty paragraph for the caret. */
async function expectWords(page: Page, lines: readonly string[]): Promise<void> {
  await expect.poll(async () => (await linesOf(page)).filter((line) => line !== '')).toEqual(lines);
}

test('[IMP5] a Word file is looked at, taken into the draft, and taken out again by undo', async ({ browser }) => {
  const page = await openRoom(browser, server, roomId, ana);
  const word = await docxDocument(
    {
      type: 'doc',
      content: [block('heading', '第一章', { level: 2 }), block('paragraph', '第一条 甲。'), block('paragraph', '第二条 乙。')],
    },
    'Entrances',
  );
  await page.getByRole('button', { name: '导入文本……' }).first().click();
  const dialog = page.getByRole('dialog');
  await expectAccessible(page);
  await dialog.locator('input[type=file]').setInputFiles({ name: 'law.docx', mimeType: '', buffer: word });
  await expect(dialog.getByRole('heading', { name: '预览：law.docx' })).toBeVisible();
  await expect(dialog.getByRole('region', { name: /^预览/ })).toContainText('第一条 甲。');
  await expect(dialog.getByText('全部内容均已带入。')).toBeVisible();
  await expectAccessible(page);
  // The first heading only repeats the title of the room.
  await expect(dialog.getByText('不再重复')).toBeVisible();
  await dialog.getByRole('button', { name: '放入草案' }).click();
  await expectLines([page], ['第一章', '第一条 甲。', '第二条 乙。']);
  await expect(page.locator('[data-state="saved"]:visible').first()).toBeVisible();

  await textOf(page).click();
  await page.keyboard.press('Control+z');
  await expectLines([page], ['']);
  await page.keyboard.press('Control+Shift+z');
  await expectWords(page, ['第一章', '第一条 甲。', '第二条 乙。']);

  // Behind what is there, from pasted Markdown, with a list of what could not be taken.
  await fromMenu(page, /导入文本/);
  await dialog.getByRole('textbox', { name: '或在此粘贴文字' }).fill('- 丙\n- 丁\n\n![x](y.png)');
  await dialog.getByRole('button', { name: '预览' }).click();
  await expect(dialog.getByText('1 张图片')).toBeVisible();
  await dialog.getByRole('button', { name: '放入草案' }).click();
  await expectWords(page, ['第一章', '第一条 甲。', '第二条 乙。', '丙丁']);

  // What cannot be read is said in a sentence, and nothing happens.
  await fromMenu(page, /导入文本/);
  await dialog.locator('input[type=file]').setInputFiles({ name: 'x.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') });
  await expect(dialog.getByRole('alert')).toContainText('PDF 只有页面');
  await page.keyboard.press('Escape');

  await fromMenu(page, /导出文本/);
  // The text in three forms, and for who keeps the room the room itself.
  await expect(dialog.getByRole('link')).toHaveCount(4);
  await expectAccessible(page);
  for (const [name, begins] of [
    ['Markdown', '# Entrances'],
    ['Word 文档', 'PK'],
    ['网页', '<!doctype html>'],
  ] as const) {
    const download = page.waitForEvent('download');
    await dialog.getByRole('link', { name }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^Entrances\.(?:md|docx|html)$/);
    expect(
      readFileSync(await file.path())
        .toString('latin1')
        .startsWith(begins),
    ).toBe(true);
  }
});

test('[IMP3] what is pasted from Word is clean in the draft', async ({ browser }) => {
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Pasting' });
  const page = await openRoom(browser, server, id, ana);
  await textOf(page).click();
  await textOf(page).evaluate((element) => {
    const data = new DataTransfer();
    const item = (level: number, mark: string, words: string) =>
      `<p class=MsoListParagraph style='mso-list:l0 level${level} lfo1'><![if !supportLists]><span style='mso-list:Ignore'>${mark}<span>&nbsp;&nbsp; </span></span><![endif]>${words}<o:p></o:p></p>`;
    data.setData(
      'text/html',
      `<html xmlns:o="urn:x"><head><style>p{}</style></head><body><!--StartFragment--><p class=MsoNormal><b><span style='font-family:宋体'>甲</span></b><o:p></o:p></p>${item(1, '1.', '乙')}${item(2, 'o', '丙')}<!--EndFragment--></body></html>`,
    );
    data.setData('text/plain', '甲 乙 丙');
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect.poll(() => linesOf(page)).toEqual(['甲', '乙丙']);
  await expect(textOf(page).locator('strong')).toHaveText('甲');
  await expect(textOf(page).locator('ol > li > ul > li')).toHaveText('丙');
});

test('[IMP5] who may not write is not offered it', async ({ browser }) => {
  const watcher = await invited(ana, roomId, 'observer', 'watcher');
  const page = await openRoom(browser, server, roomId, watcher);
  await page.getByRole('button', { name: '更多' }).click();
  await expect(page.getByRole('menuitem', { name: /导出文本/ })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: /导入文本/ })).toHaveCount(0);
});
