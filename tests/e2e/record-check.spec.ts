import { expect, test } from '@playwright/test';
import { fillRoom } from '../../scripts/demo/fillRoom.ts';
import { Person } from '../../scripts/demo/person.ts';
import { plansEn } from '../../scripts/demo/plansEn.ts';
import { plansZh } from '../../scripts/demo/plansZh.ts';
import { violationsOn } from './support/axe.ts';
import { ServerProcess } from './support/room.ts';

let server: ServerProcess;
const made = new Map<string, string>();

test.beforeAll(async () => {
  server = await ServerProcess.start({ pages: true });
  const host = new Person(server.url);
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
  await expect(page.getByText(/The first thing that is wrong: A text in entry \d+|第一处不对：第 \d+ 条记录/)).toBeVisible();
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
