import { chromium, expect, test } from '@playwright/test';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { chromiumArgs, chromiumPath } from '../../scripts/chromium.ts';
import type { RosterPerson, Slip } from '#shared/protocol/messages.ts';
import { violationsOn } from './support/axe.ts';
import { expectSaved, textOf } from './support/editor.ts';
import type { Visitor } from './support/room.ts';
import { administrator, complaintsOf, ServerProcess } from './support/room.ts';

/*
 * A hall: plain HTTP under a name that is no secure context. The browser is one of its own, which finds that name on this
 * machine.
 */
let browser: Browser;
let server: ServerProcess;
let ana: Visitor;
let host: string;

test.beforeAll(async () => {
  const executablePath = chromiumPath();
  browser = await chromium.launch({
    args: [...chromiumArgs, '--host-resolver-rules=MAP hall.test 127.0.0.1'],
    ...(executablePath ? { executablePath } : {}),
  });
  server = await ServerProcess.start({ pages: true, env: { ALLOWED_HOSTS: 'hall.test' } });
  ana = await administrator(server.url, server.setupSecret);
  host = `http://hall.test:${server.port}`;
});

test.afterAll(async () => {
  await browser.close();
  await server.dispose();
});

async function deviceOf(options: Parameters<Browser['newContext']>[0] = {}, visitor: Visitor | null = null): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'zh-CN', ...options });
  const [name = '', value = ''] = visitor?.cookie?.split('=') ?? [];
  if (visitor !== null) await context.addCookies([{ name, value, url: host }]);
  return context;
}

const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

async function roomOf(title: string): Promise<string> {
  return (await ana.ok<{ id: string }>('POST', '/api/rooms', { title })).id;
}

/** The path of the link of somebody who is put on the list. */
async function slipOf(roomId: string, displayName: string, role = 'member'): Promise<{ person: RosterPerson; path: string }> {
  await ana.ok('POST', `/api/rooms/${roomId}/roster`, { people: [{ displayName, role, sector: '教育界', organisation: '市一中' }] });
  const { slips } = await ana.ok<{ slips: Slip[] }>('POST', `/api/rooms/${roomId}/slips`, { participantIds: 'all' });
  const slip = slips.find(({ person }) => person.displayName === displayName);
  if (slip?.path == null) throw new Error('no slip');
  return { person: slip.person, path: slip.path };
}

function placesOf(page: Page) {
  return page.getByRole('navigation', { name: '会商室各处' });
}

async function expectNoViolations(page: Page): Promise<void> {
  expect(await violationsOn(page)).toEqual([]);
}

test('[LAN5] from the scan of a slip to reading, writing and a copied link, on a phone over plain HTTP by name', async () => {
  const roomId = await roomOf('开放公园的出入口怎么设');
  const { path } = await slipOf(roomId, '王芳');
  const context = await deviceOf(phone);
  const page = await context.newPage();
  const complaints = complaintsOf(page);

  const began = performance.now();
  await page.goto(host + path);
  await expect(textOf(page)).toBeVisible();
  const readingMs = performance.now() - began;
  // A time depends on the machine: it is told, and the wait above has a watchdog.
  console.log(`from the scan to the draft: ${(readingMs / 1000).toFixed(1)} s (target: below 10 s)`);

  expect(await page.evaluate(() => [isSecureContext, 'subtle' in crypto, 'clipboard' in navigator])).toEqual([false, false, false]);
  // The secret is not left in the address, where the next one to borrow the phone would find it.
  expect(page.url()).toBe(`${host}/rooms/${roomId}`);

  // Said once: the next page on this device keeps quiet.
  await expect(page.getByText('当前连接未加密')).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole('button', { name: '知道了' }).click();
  await expect(page.getByText('当前连接未加密')).toHaveCount(0);

  await textOf(page).tap();
  await page.keyboard.type('出入口间距一般不超过三百米。');
  await expectSaved(page);

  await placesOf(page).getByRole('button', { name: /讨论/ }).tap();
  await page.getByRole('textbox', { name: '写留言……' }).fill('二百米更合适。');
  await page.getByRole('button', { name: '发送' }).tap();
  await expect(page.getByText('二百米更合适。')).toBeVisible();
  await expect(page.getByRole('article').getByText('教育界 · 市一中')).toBeVisible();

  await page.getByRole('button', { name: '更多', exact: true }).tap();
  await page.getByRole('menuitem', { name: '复制会商室链接' }).tap();
  await expect(page.getByText('会商室链接已复制。')).toBeVisible();
  // It is in the clipboard indeed, and not only said to be.
  await page.getByRole('textbox', { name: '写留言……' }).focus();
  await page.keyboard.press('Control+V');
  await expect(page.getByRole('textbox', { name: '写留言……' })).toHaveValue(`${host}/rooms/${roomId}`);

  const reader = await ana.join(roomId);
  const draftId = reader.joined?.snapshot?.drafts[0]?.id ?? '';
  reader.close();
  const { text } = await ana.ok<{ text: string }>('GET', `/api/rooms/${roomId}/drafts/${draftId}`);
  expect(text).toContain('出入口间距一般不超过三百米。');

  // The same slip on a second device is the same person.
  const laptop = await (await deviceOf()).newPage();
  await laptop.goto(host + path);
  await expect(textOf(laptop)).toContainText('出入口间距一般不超过三百米。');
  await expect(laptop.getByRole('heading', { name: '在场（1）' })).toBeVisible();

  await page.reload();
  await expect(textOf(page)).toBeVisible();
  await expect(page.getByText('当前连接未加密')).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test('[PLK8] somebody else is signed in on the device: he is asked before he is signed out', async () => {
  const roomId = await roomOf('借用的手机');
  const li = await slipOf(roomId, '李建国');
  const zhao = await slipOf(roomId, '赵敏');
  const page = await (await deviceOf(phone)).newPage();
  await page.goto(host + li.path);
  await expect(textOf(page)).toBeVisible();

  await page.goto('about:blank');
  await page.goto(host + zhao.path);
  await expect(page.getByRole('heading', { name: '这是赵敏的设备吗？' })).toBeVisible();
  await expect(page.getByText('目前在此登录的是李建国。')).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole('button', { name: '以赵敏的身份继续' }).tap();
  await expect(textOf(page)).toBeVisible();
  await placesOf(page).getByRole('button', { name: '参与者' }).tap();
  await expect(page.getByText('赵敏 (您)')).toBeVisible();

  // His own slip once more leads straight in, without a question.
  await page.goto('about:blank');
  await page.goto(host + zhao.path);
  await expect(textOf(page)).toBeVisible();
});

test('[PLK3] a link that was withdrawn, and one that was cut short, say so and what to do', async () => {
  const roomId = await roomOf('收回的链接');
  const { person, path } = await slipOf(roomId, '王芳');
  await ana.ok('DELETE', `/api/rooms/${roomId}/roster/${person.participantId}/link`);
  const page = await (await deviceOf(phone)).newPage();
  await page.goto(host + path);
  await expect(page.getByRole('alert')).toHaveText('这个链接已被收回，请向主持人索取新的链接。');
  await page.goto(`${host}/me#abc`);
  await expect(page.getByRole('alert')).toContainText('链接不完整');
  await page.goto(`${host}/me#${'x'.repeat(43)}`);
  await expect(page.getByRole('alert')).toContainText('无法识别这个链接');
  await expectNoViolations(page);
});

test('[LAN3] the moderator puts the address and its code on the screen of the hall; who opens it takes part', async () => {
  const roomId = await roomOf('投屏');
  const page = await (await deviceOf({}, ana)).newPage();
  await page.goto(`${host}/rooms/${roomId}`);
  await expect(textOf(page)).toBeVisible();
  await page.getByRole('button', { name: '更多', exact: true }).click();
  await page.getByRole('menuitem', { name: '显示二维码……' }).click();
  const screen = page.getByRole('dialog', { name: '会场投屏' });
  await expect(screen.getByText(`hall.test:${server.port}`)).toBeVisible();
  await expect(screen.getByRole('img', { name: '网址二维码' })).toBeVisible();
  await expect(screen.getByText('连接未加密，请仅在可信任的网络中使用。')).toBeVisible();
  await expectNoViolations(page);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/invitations') && response.request().method() === 'POST'),
    screen.getByRole('radio', { name: '参加' }).check(),
  ]);
  const { path } = (await answer.json()) as { path: string };
  await expect(screen.getByText('打开后填写姓名', { exact: false })).toBeVisible();
  await expect(screen.getByRole('img', { name: '网址二维码' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(screen).toHaveCount(0);

  const guest = await (await deviceOf(phone)).newPage();
  await guest.goto(host + path);
  await guest.getByLabel('显示给他人的名字').fill('访客甲');
  await guest.getByRole('button', { name: /进入/ }).first().tap();
  await expect(textOf(guest)).toBeVisible();
});
