import { expect, test } from '@playwright/test';
import { fillRoom } from '../../scripts/demo/fillRoom.ts';
import { Person } from '../../scripts/demo/person.ts';
import { plansEn } from '../../scripts/demo/plansEn.ts';
import { plansZh } from '../../scripts/demo/plansZh.ts';
import { violationsOn } from './support/axe.ts';
import { ServerProcess } from './support/room.ts';

let server: ServerProcess;
let host: Person;
const made = new Map<string, string>();

test.beforeAll(async () => {
  server = await ServerProcess.start({ pages: true });
  host = new Person(server.url);
  await host.ask('POST', '/api/setup', { token: server.setupSecret, handle: 'ana', displayName: 'Ana', password: 'correct horse battery' });
  for (const [lang, plans] of [
    ['zh', plansZh],
    ['en', plansEn],
  ] as const) {
    const plan = plans.find(({ ending }) => ending === 'closed');
    if (plan === undefined) throw new Error('no closed room is planned');
    made.set(lang, (await fillRoom(host, plan, Date.now())).id);
  }
});
test.afterAll(() => server.dispose());

const addressOf = (lang: string): string => `${server.url}/rooms/${made.get(lang) ?? ''}/outcome`;

for (const [lang, scheme, width, button, holds] of [
  ['zh', 'light', 1280, '核验这份记录', '这份记录前后一致。'],
  ['en', 'dark', 360, 'Check this record', 'This record holds together.'],
] as const) {
  test(`[TRU3] a stranger checks a record in his own browser (${lang}, ${scheme}, ${width})`, async ({ browser }) => {
    const locale = lang === 'zh' ? 'zh-CN' : 'en-GB';
    const context = await browser.newContext({ locale, colorScheme: scheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    // Addresses on a local network are no secure context: there is no crypto.subtle.
    await page.addInitScript(() => Object.defineProperty(crypto, 'subtle', { value: undefined }));
    await page.goto(addressOf(lang));
    await page.getByRole('button', { name: button }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByText(holds)).toBeVisible();
    await expect(page.getByRole('button', { name: button })).toBeFocused();
    expect(await violationsOn(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    await page.getByRole('button', { name: button }).scrollIntoViewIfNeeded();
    if (process.env['PICTURES'] !== undefined)
      await page.screenshot({ path: `${process.env['PICTURES']}/check-${lang}.png`, fullPage: true });
    await context.close();
  });
}

test('[TRU3] a server that answers with another text, or leaves out an entry, is found out and the entry is named', async ({ page }) => {
  let lie = (text: string): string => text;
  await page.route('**/log?**', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: lie(await response.text()) });
  });
  await page.goto(addressOf('en'));
  const check = page.getByRole('button', { name: /Check this record|核验这份记录/ });
  const words: string[] = [];
  lie = (text) => {
    const body = /"text":"((?:[^"\\]|\\.){12,}?)"/.exec(text)?.[1];
    words.push(body ?? '');
    return body === undefined ? text : text.replace(body, `${body} not`);
  };
  await check.click();
  await expect(page.getByText(/The first thing that is wrong: A text in entry \d+ is not|第一处不对：第 \d+ 条记录中的文字/)).toBeVisible();
  expect(words[0]).not.toBe('');
  lie = (text) => {
    const answer = JSON.parse(text) as { commits?: unknown[] };
    answer.commits?.splice(9, 1);
    return JSON.stringify(answer);
  };
  await check.click();
  await expect(page.getByText(/Entry 10 is missing|缺少第 10 条记录/)).toBeVisible();
  if (process.env['PICTURES'] !== undefined) await page.screenshot({ path: `${process.env['PICTURES']}/check-wrong.png`, fullPage: true });
});

test('[TRU9] [TRU10] an administrator brings in an export file as a new room, told first what is wrong with a damaged one', async ({
  browser,
}) => {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 360, height: 760 } });
  const [name = '', value = ''] = host.cookie.split('=');
  await context.addCookies([{ name, value, url: server.url }]);
  const file = await (await context.request.get(`${server.url}/api/rooms/${made.get('zh') ?? ''}/record`)).text();
  const page = await context.newPage();
  await page.goto(`${server.url}/account`);
  const choose = async (text: string): Promise<void> => {
    const chosen = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: /选择导出文件|换一个文件/ }).click();
    await (await chosen).setFiles({ name: '公园.room.jsonl', mimeType: 'application/x-ndjson', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: '核验并导入' }).click();
  };
  await choose(file.replace('一点五米', '零点五米'));
  await expect(page.getByText(/第 \d+ 条记录中的文字与当时写入的不一致/)).toBeVisible();
  await choose(file.split('\n').slice(0, 7).join('\n'));
  await expect(page.getByText('第 8 行不是导出文件的内容，或文件到此之前就断了。')).toBeVisible();
  await choose(file);
  await expect(page.getByText('此会商室已在本站，未作任何改动。')).toBeVisible();
  await page.getByRole('radio', { name: /一间新的会商室/ }).check();
  await page.getByRole('button', { name: '核验并导入' }).click();
  const open = page.getByRole('link', { name: '打开' });
  await expect(open).toBeVisible();
  expect(await violationsOn(page)).toEqual([]);
  await open.click();
  await expect(page).toHaveURL(/\/rooms\/[0-9a-f]{24}$/);
  expect(page.url()).not.toContain(made.get('zh') ?? '');
  await page.getByRole('button', { name: /人在场/ }).click();
  await expect(page.getByRole('heading', { name: '本会商室的来历' })).toBeVisible();
  await page.getByText(/^不在场/).click();
  await expect(page.getByText('随文件导入').first()).toBeVisible();
  expect(await violationsOn(page)).toEqual([]);
  await page.getByRole('button', { name: '核验这份记录' }).click();
  await expect(page.getByText('这份记录前后一致。')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await context.close();
});
