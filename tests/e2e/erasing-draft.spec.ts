import { expect, test } from '@playwright/test';
import { looksRight } from './support/axe.ts';
import { closePages, expectSaved, openRoom, putCaret, textOf } from './support/editor.ts';
import { invited, serverWithRoom } from './support/room.ts';

test('[ERA9] [ERA13] [ERA14] words of a draft are erased: marked in the text, or typed by keyboard at 360 px after they were deleted', async ({
  browser,
}) => {
  const { server, ana, roomId } = await serverWithRoom('Entrances');
  try {
    const ben = await invited(ana, roomId, 'member', 'ben');
    const writer = await openRoom(browser, server, roomId, ben);
    await textOf(writer).click();
    await writer.keyboard.type('zebra lives at 5 Park Road.');
    await writer.keyboard.press('Enter');
    await writer.keyboard.type('Call okapi and zebra.');
    await putCaret(writer, 1, 5, 6);
    await writer.keyboard.press('Delete');
    await expectSaved(writer);
    // Who may not erase is not offered it.
    await putCaret(writer, 0, 0, 5);
    await expect(writer.getByRole('button', { name: '链接', exact: true }).last()).toBeVisible();
    await expect(writer.getByRole('button', { name: '清除……' })).toHaveCount(0);

    const chair = await openRoom(browser, server, roomId, ana, { locale: 'en-GB', viewport: { width: 1280, height: 900 } });
    await putCaret(chair, 0, 0, 5);
    await looksRight(chair, 'erase-draft-selection');
    await chair.getByRole('button', { name: 'Erase…' }).click();
    const dialog = chair.getByRole('dialog');
    await expect(dialog.locator('blockquote')).toHaveText('zebra');
    await expect(dialog.getByRole('checkbox', { name: /Also at one place more/ })).toBeChecked();
    await looksRight(chair, 'erase-draft-marked');
    // Not by one key too many.
    await dialog.getByRole('button', { name: 'Erase for good' }).focus();
    await chair.keyboard.press('Enter');
    await expect(dialog).toBeVisible();
    await dialog.getByRole('checkbox', { name: /nobody can bring this back/ }).check();
    await dialog.getByRole('button', { name: 'Erase for good' }).click();
    await expect(dialog).toBeHidden();
    await expect(textOf(writer)).toContainText('lives at 5 Park Road.');
    await expect(textOf(writer)).not.toContainText('zebra');
    await expect(textOf(chair)).not.toContainText('zebra');

    // What is in the text no more is erased by its words, on a telephone, by keys alone.
    const phone = await openRoom(browser, server, roomId, ana, { colorScheme: 'dark', viewport: { width: 360, height: 780 } });
    await phone.getByRole('button', { name: '更多' }).first().focus();
    await phone.keyboard.press('Enter');
    await phone.getByRole('menuitem', { name: '彻底清除文本中的文字……' }).focus();
    await phone.keyboard.press('Enter');
    const typed = phone.getByRole('dialog');
    await typed.getByRole('textbox', { name: '哪些文字？' }).focus();
    await phone.keyboard.type('giraffe');
    await phone.keyboard.press('Enter');
    await expect(typed.getByRole('status').first()).toHaveText('文本中从未有过这些文字，或已经清除。');
    await phone.keyboard.press('ControlOrMeta+A');
    await phone.keyboard.type('okapi');
    await phone.keyboard.press('Enter');
    await expect(typed.getByRole('status').first()).toContainText('找到 1 处');
    await looksRight(phone, 'erase-draft-typed');
    await typed.getByRole('checkbox', { name: /无法恢复/ }).focus();
    await phone.keyboard.press('Space');
    await typed.getByRole('button', { name: '彻底清除' }).focus();
    await looksRight(phone, 'erase-draft-typed-end');
    await phone.keyboard.press('Enter');
    await expect(typed).toBeHidden();

    // Looking back shows neither, and the steering log says that something was erased.
    await chair.goto(`${server.url}/rooms/${roomId}/history`);
    await expect(chair.getByRole('region', { name: 'The text at that moment' })).toContainText('lives at 5 Park Road.');
    // Its first moments are those in which the name was written, letter by letter.
    for (let step = 0; step < 8; step += 1)
      await chair
        .getByRole('slider')
        .first()
        .press(step === 0 ? 'Home' : 'ArrowRight');
    await expect(chair.getByRole('region', { name: 'The text at that moment' })).not.toContainText('z');
    await chair.goto(`${server.url}/rooms/${roomId}`);
    await expect(textOf(chair)).toContainText('Call and .');
  } finally {
    await closePages(browser);
    await server.dispose();
  }
});
