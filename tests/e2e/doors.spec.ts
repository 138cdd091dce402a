import { expect, test } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { chromiumArgs, chromiumPath } from '../../scripts/chromium.ts';
import { violationsOn } from './support/axe.ts';
import { complaintsOf, contextOf, ServerProcess, Visitor } from './support/room.ts';

/*
 * The pages around the room, in English, on plain HTTP under a name of the local network, where a browser sees no secure
 * context. The tests tell one story and run in their order.
 */
const hall = 'hall.test';
const executablePath = chromiumPath();
test.use({
  launchOptions: {
    args: [...chromiumArgs, `--host-resolver-rules=MAP ${hall} 127.0.0.1`],
    ...(executablePath ? { executablePath } : {}),
  },
});
test.describe.configure({ mode: 'serial' });

const password = 'correct horse battery';
let server: ServerProcess;
let base: string;
let page: Page;

test.beforeAll(async ({ browser }) => {
  server = await ServerProcess.start({ pages: true, env: { ALLOWED_HOSTS: hall } });
  base = `http://${hall}:${server.port}`;
  page = await newPage(browser);
});

test.afterAll(() => server.dispose());

async function newPage(browser: Browser): Promise<Page> {
  return (await contextOf(browser, null, { locale: 'en-GB' })).newPage();
}

const focusedName = () => page.evaluate(() => document.activeElement?.getAttribute('name'));

test('[UI13] the page is no secure context, and nothing on it complains', async () => {
  const complaints = complaintsOf(page);
  await page.goto(base);
  await expect(page.getByRole('heading', { name: 'What shall we talk over today?' })).toBeVisible();
  expect(await page.evaluate(() => window.isSecureContext)).toBe(false);
  expect(complaints.filter((line) => !line.includes('Cross-Origin-Opener-Policy'))).toEqual([]);
});

test('[UI8] an installation without an administrator says how to get one and shows the sample room', async () => {
  // The warning comes when the page does what it is told; before that Enter begins a new line.
  await expect(page.getByRole('button', { name: 'I understand' })).toBeVisible();
  await page.getByRole('textbox', { name: 'What shall we talk over today?' }).fill('How do we share the garden?');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Your question stays in this window until then.')).toBeVisible();
  await expect(page.getByRole('link', { name: /Sample: where should open parks/ })).toBeVisible();
  expect(await violationsOn(page)).toEqual([]);
});

test('[UI11] bad input is told beside its field, the focus goes there, nothing typed is lost', async () => {
  await page.goto(`${base}/setup#${server.setupSecret}`);
  await page.getByLabel('Name shown to others').fill('Ana');
  await page.getByLabel('User name').fill('ana');
  await page.getByLabel('Password', { exact: true }).fill('short');
  const button = page.getByRole('button', { name: 'Create administrator' });
  const before = await button.boundingBox();
  await page.keyboard.press('Enter');
  await expect(page.getByText('The password needs at least 10 characters.')).toBeVisible();
  expect(await focusedName()).toBe('password');
  expect(await page.getByLabel('User name').inputValue()).toBe('ana');
  expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('short');
  expect(await button.boundingBox()).toEqual(before);
  expect(await violationsOn(page)).toEqual([]);
});

test('[UI10] the question asked before there was an administrator opens its room', async () => {
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/rooms/*');
  await expect(page.getByText('How do we share the garden?').first()).toBeVisible();
});

test('[UI12] the account menu by keyboard: in, out by Esc, and the focus is back', async () => {
  await page.goto(base);
  const menuButton = page.getByRole('button', { name: 'Account of Ana' });
  await menuButton.focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Account' })).toBeFocused();
  expect(await violationsOn(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(menuButton).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Account' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/account');
});

test('[UI13] a token is made, shown once, and copied without a clipboard API', async () => {
  expect(await page.evaluate(() => (navigator.clipboard as Clipboard | undefined) === undefined)).toBe(true);
  await page.getByRole('button', { name: 'Create token' }).click();
  await page.getByLabel('What is it for?').fill('Export of minutes');
  await page.getByRole('button', { name: 'Create token' }).click();
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByText('Copied.')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Export of minutes')).toBeVisible();
  await expect(page.getByText('It is shown only this once', { exact: false })).toHaveCount(0);
});

test('[UI12] a dialog keeps the focus, and gives it back when it is left', async () => {
  const withdraw = page.getByRole('button', { name: 'Withdraw the token “Export of minutes”' });
  await withdraw.click();
  const dialog = page.getByRole('dialog', { name: 'Withdraw the token “Export of minutes”?' });
  await expect(dialog).toBeVisible();
  for (let i = 0; i < 6; i += 1) {
    await page.keyboard.press('Tab');
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }
  expect(await violationsOn(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(withdraw).toBeFocused();
  await withdraw.click();
  await dialog.getByRole('button', { name: 'Withdraw' }).click();
  await expect(page.getByText('No program has access.')).toBeVisible();
});

test('[UI2] language and theme are switched, and remembered where the server reads them', async ({ browser }) => {
  const other = await newPage(browser);
  await other.goto(base);
  await expect(other.getByRole('button', { name: 'I understand' })).toBeVisible();
  await other.getByRole('button', { name: '切换为中文' }).click();
  await expect(other.getByRole('heading', { name: '今天要商量什么？' })).toBeVisible();
  await other.getByRole('button', { name: '切换浅色与深色' }).click();
  const html = (await (await other.reload())?.text()) ?? '';
  expect(html).toContain('<html lang="zh-CN" data-theme="dark"');
  expect(html).toContain('今天要商量什么？');
  await other.context().close();
});

test('[UI9] a withdrawn link says so; a good one leads a guest into the room', async ({ browser }) => {
  const ana = new Visitor(server.url);
  await ana.ok('POST', '/api/session', { handle: 'ana', password });
  const { rooms } = await ana.ok<{ rooms: { id: string; sample: boolean }[] }>('GET', '/api/rooms');
  const id = rooms.find(({ sample }) => !sample)?.id ?? '';
  const invite = () =>
    ana.ok<{ path: string; invitation: { id: string } }>('POST', `/api/rooms/${id}/invitations`, { role: 'observer', days: 1 });
  const [withdrawn, good] = [await invite(), await invite()];
  await ana.ok('DELETE', `/api/rooms/${id}/invitations/${withdrawn.invitation.id}`);

  const guest = await newPage(browser);
  await guest.goto(base + withdrawn.path);
  await expect(guest.getByRole('alert')).toHaveText('This link was withdrawn. Please ask the moderator for a new one.');
  await guest.getByLabel('Invitation link').fill(base + good.path);
  await guest.keyboard.press('Enter');
  await expect(guest.getByRole('heading', { name: 'How do we share the garden?' })).toBeVisible();
  await expect(guest.getByText('as observer')).toBeVisible();
  await guest.getByLabel('Name shown to others').fill('Cem');
  await guest.keyboard.press('Enter');
  await guest.waitForURL(`**/rooms/${id}`);
  await guest.context().close();
});

test('[UI7] signed out everywhere, one signs in and comes back to where one was', async () => {
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
  await page.goto(`${base}/account`);
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('User name').fill('ana');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.keyboard.press('Enter');
  await expect(page.getByText('User name and password do not match.')).toBeVisible();
  expect(await focusedName()).toBe('password');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/account');
  await expect(page.getByText('User name: ana')).toBeVisible();
});
