import { expect, test } from '@playwright/test';
import { looksRight } from './support/axe.ts';
import { guestOf } from '../support/furnished.ts';
import { contextOf, invited, serverWithRoom } from './support/room.ts';
import type { ServerProcess, Visitor } from './support/room.ts';

let server: ServerProcess;
let ana: Visitor;
let roomId: string;
test.beforeAll(async () => {
  ({ server, ana, roomId } = await serverWithRoom('Entrances'));
});
test.afterAll(() => server.dispose());

const en = { more: /More/, erase: 'Erase the words…', sure: /nobody can bring this back/, go: 'Erase for good', gone: /Text erased by/ };
const zh = { more: /更多/, erase: '彻底清除文字……', sure: /无法恢复/, go: '彻底清除', gone: /文字已由/ };

for (const [locale, scheme, width, words, own] of [
  ['en-GB', 'light', 1280, en, false],
  ['zh-CN', 'dark', 360, zh, true],
] as const) {
  test(`[ERA3] [ERA9] a text is erased by keyboard after what goes and stays was read (${locale}, ${width})`, async ({ browser }) => {
    const ben = await invited(ana, roomId, 'member', `ben-${String(width)}`);
    const client = await ben.join(roomId);
    const number = client.joined?.snapshot?.comments.length ?? 0;
    await client.act({ type: 'postComment', body: `zebra ${String(width)}: call me at 555 0199` });
    const context = await contextOf(browser, own ? ben : ana, { locale, colorScheme: scheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    await page.goto(`${server.url}/rooms/${roomId}#comment-${String(number + 1)}`);
    const comment = page.locator(`#comment-${String(number + 1)}`);
    await expect(comment).toContainText('zebra');
    await comment.getByRole('button', { name: words.more }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: words.erase }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('zebra');
    await expect(dialog.getByRole('group')).toHaveCount(own ? 0 : 1);
    await looksRight(page, `erase-dialog-${locale}`);
    // Not by one key too many.
    await dialog.getByRole('button', { name: words.go }).focus();
    await page.keyboard.press('Enter');
    await expect(dialog).toBeVisible();
    await dialog.getByRole('checkbox', { name: words.sure }).focus();
    await page.keyboard.press('Space');
    await dialog.getByRole('button', { name: words.go }).focus();
    await page.keyboard.press('Enter');
    await expect(comment).toContainText(words.gone);
    await expect(comment).not.toContainText('zebra');
    await looksRight(page, `erase-place-${locale}`);
    client.close();
    await context.close();
  });
}

test('[ERA6] [ERA9] a person erases the own account with his password, and is a former member everywhere', async ({ browser }) => {
  const cai = await invited(ana, roomId, 'member', 'cai');
  const client = await cai.join(roomId);
  await client.act({ type: 'postComment', body: 'words that stay' });
  client.close();
  const others = await contextOf(browser, ana, { locale: 'zh-CN', viewport: { width: 1280, height: 900 } });
  const room = await others.newPage();
  await room.goto(`${server.url}/rooms/${roomId}`);
  const article = room.locator('article', { hasText: 'words that stay' });
  await expect(article).toContainText('cai');
  const context = await contextOf(browser, cai, { locale: 'en-GB', viewport: { width: 360, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${server.url}/account`);
  // What is sent off by a form works once the page does.
  await expect(page.getByRole('button', { name: 'Change password' })).toBeEnabled();
  await page.getByRole('button', { name: 'Erase my account…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('figures do not change');
  await looksRight(page, 'erase-account');
  await dialog.getByLabel('Your password').fill('not the right one');
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('That is not your password.');
  await dialog.getByLabel('Your password').fill('correct horse battery');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${server.url}/`);
  await expect(article).toContainText('已注销的成员');
  await expect(article).not.toContainText('cai');
  await context.close();
  await others.close();
});

test('[ERA8] [ERA9] a guest erases his own data and words from the device he is signed in on', async ({ browser }) => {
  const eva = await guestOf(ana, roomId, 'member', 'Eva');
  const client = await eva.join(roomId);
  await client.act({ type: 'postComment', body: 'okapi words' });
  client.close();
  const context = await contextOf(browser, eva, { locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 360, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${server.url}/`);
  await page.getByRole('button', { name: 'Eva的账号' }).click();
  await page.getByRole('menuitem', { name: '我的资料' }).click();
  await expect(page.getByText('您以访客身份在此：Eva')).toBeVisible();
  await page.getByRole('button', { name: '清除我的资料…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox').check();
  await looksRight(page, 'erase-guest');
  await dialog.getByRole('button', { name: '彻底清除' }).click();
  await expect(dialog).toContainText('请准确输入“Eva”。');
  await dialog.getByLabel('请输入“Eva”以确认').fill('Eva');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${server.url}/`);
  await page.goto(`${server.url}/rooms/${roomId}`);
  await expect(page.locator('body')).not.toContainText('okapi');
  const { json } = await ana.request('GET', `/api/rooms/${roomId}/log?limit=500`);
  expect(JSON.stringify(json)).not.toContain('okapi');
  await context.close();
});

test('[ERA8] [ERA9] the administrator finds a person and erases him once his name was typed', async ({ browser }) => {
  await invited(ana, roomId, 'member', 'dora');
  const context = await contextOf(browser, ana, { locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${server.url}/account`);
  // What is sent off by a form works once the page does.
  await expect(page.getByRole('button', { name: '修改密码' })).toBeEnabled();
  await page.getByLabel('名字或用户名').fill('dor');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '清除dora的资料……' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '彻底清除' }).click();
  await expect(dialog).toContainText('请准确输入“dora”。');
  await dialog.getByLabel('请输入“dora”以确认').fill('dora');
  await dialog.getByRole('checkbox').check();
  await looksRight(page, 'erase-person');
  await dialog.getByRole('button', { name: '彻底清除' }).click();
  await expect(page.getByText('没有这个名字的人。')).toBeVisible();
  await context.close();
});
