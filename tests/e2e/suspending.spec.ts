import { expect, test } from '@playwright/test';
import { looksRight } from './support/axe.ts';
import { contextOf, invited, serverWithRoom } from './support/room.ts';
import type { ServerProcess, Visitor } from './support/room.ts';

let server: ServerProcess;
let ana: Visitor;
let roomId: string;
test.beforeAll(async () => {
  ({ server, ana, roomId } = await serverWithRoom('Entrances'));
});
test.afterAll(() => server.dispose());

test('[SUS2] [SUS7] suspended by keyboard, told at the sign-in whom to ask, shown in the room, undone', async ({ browser }) => {
  const ben = await invited(ana, roomId, 'member', 'ben-suspended');
  const administration = await contextOf(browser, ana, { locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 360, height: 900 } });
  const page = await administration.newPage();
  await page.goto(`${server.url}/account`);
  // What is sent off by a form works once the page does.
  await expect(page.getByRole('button', { name: '修改密码' })).toBeEnabled();
  await page.getByLabel('名字或用户名').fill('ben-susp');
  await page.keyboard.press('Enter');
  const suspend = page.getByRole('button', { name: '停用ben-suspended的账号……' });
  const listed = page.getByRole('heading', { name: '已停用的账号（1）' });
  await suspend.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('所有设备立即退出登录');
  await dialog.getByLabel('说明').fill('多次打断发言');
  await looksRight(page, 'suspend-dialog-360-zh-dark', { fullPage: true });
  await page.keyboard.press('Enter');
  await expect(page.getByText('ben-suspended的账号已停用。').first()).toBeVisible();
  await page.getByRole('button', { name: '撤销' }).click();
  await expect(page.getByText('ben-suspended可以重新登录了。').first()).toBeVisible();
  await expect(listed).toHaveCount(0);
  await suspend.click();
  await dialog.getByLabel('说明').fill('多次打断发言');
  await dialog.getByRole('button', { name: '停用' }).click();
  await expect(listed).toBeVisible();
  await expect(page.getByText('扰乱讨论 · 多次打断发言').first()).toBeVisible();
  await looksRight(page, 'suspend-list-360-zh-dark', { fullPage: true });

  const his = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
  const signIn = await his.newPage();
  await signIn.goto(`${server.url}/sign-in`);
  const button = signIn.getByRole('main').getByRole('button', { name: 'Sign in' });
  await expect(button).toBeEnabled();
  await signIn.getByLabel('User name').fill('ben-suspended');
  await signIn.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
  await button.click();
  await expect(signIn.getByText('This account is suspended: nobody can sign in with it. Ask Ana, the administrator')).toBeVisible();
  await looksRight(signIn, 'suspend-sign-in-1280-en', { fullPage: true });
  await his.close();

  const chair = await contextOf(browser, ana, { locale: 'en-GB', viewport: { width: 1280, height: 900 } });
  const room = await chair.newPage();
  await room.goto(`${server.url}/rooms/${roomId}`);
  await room.getByText('Not here now (1)').click();
  const row = room.getByRole('listitem').filter({ hasText: 'ben-suspended' }).first();
  await expect(row).toContainText('account suspended');
  await looksRight(room, 'suspend-room-1280-en', { fullPage: true });

  await page.getByRole('button', { name: '恢复使用ben-suspended的账号' }).first().focus();
  await page.keyboard.press('Enter');
  await expect(listed).toHaveCount(0);
  await expect(row).not.toContainText('account suspended');
  await ben.ok('POST', '/api/session', { handle: 'ben-suspended', password: 'correct horse battery' });
  await chair.close();
  await administration.close();
});
