import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { fillRoom } from '../../scripts/demo/fillRoom.ts';
import { Person } from '../../scripts/demo/person.ts';
import { plansEn } from '../../scripts/demo/plansEn.ts';
import { plansZh } from '../../scripts/demo/plansZh.ts';
import type { Plan } from '../../scripts/demo/plan.ts';
import { violationsOn } from './support/axe.ts';
import { ServerProcess, complaintsOf } from './support/room.ts';

let server: ServerProcess;
let host: Person;
const made = new Map<string, Awaited<ReturnType<typeof fillRoom>>>();

function closed(plans: readonly Plan[]): Plan {
  const plan = plans.find(({ ending }) => ending === 'closed');
  if (plan === undefined) throw new Error('no closed room is planned');
  return plan;
}

test.beforeAll(async () => {
  server = await ServerProcess.start({ pages: true });
  host = new Person(server.url);
  const person = { token: server.setupSecret, handle: 'ana', displayName: 'Ana', password: 'correct horse battery' };
  await host.ask('POST', '/api/setup', person);
  for (const [lang, plan] of [
    ['zh', closed(plansZh)],
    ['en', closed(plansEn)],
  ] as const) {
    made.set(lang, await fillRoom(host, plan, Date.now()));
  }
});
test.afterAll(() => server.dispose());

const pageOf = (lang: string): string => `${server.url}/rooms/${made.get(lang)?.id ?? ''}/outcome`;

async function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

test('[OUT1] the record is read without a program running in the browser', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'zh-CN' });
  const page = await context.newPage();
  await page.goto(pageOf('zh'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('开放公园的出入口怎么设');
  await expect(page.getByRole('heading', { name: '共识' })).toBeVisible();
  await expect(page.getByText('任何时候，每个出入口都保有一条净宽一点五米的无障碍通道').first()).toBeVisible();
  await expect(page.getByText(/第 1 稿，封存于/)).toBeVisible();
  await context.close();
});

for (const [lang, scheme, width] of [
  ['zh', 'light', 1280],
  ['en', 'dark', 1280],
  ['zh', 'dark', 360],
  ['en', 'light', 360],
] as const) {
  test(`[OUT2] [OUT4] numbers and bars open what they count (${lang}, ${scheme}, ${width} px)`, async ({ browser }) => {
    const context = await browser.newContext({
      locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
      colorScheme: scheme,
      viewport: { width, height: 800 },
    });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(pageOf(lang));
    await expect(page.locator('[aria-expanded]').first()).toBeVisible();
    await page.waitForLoadState('networkidle');
    expect(await violationsOn(page)).toEqual([]);
    for (const [index, button] of (await page.locator('dl.figures button').all()).entries()) {
      await button.focus();
      await page.keyboard.press('Enter');
      await expect(button).toHaveAttribute('aria-expanded', 'true');
      const counted = Number(await page.locator('dl.figures dd').nth(index).textContent());
      await expect(page.locator('#rows li')).toHaveCount(counted);
    }
    await page.locator('button.voices').first().click();
    await expect(page.locator('.names dd').first()).toContainText(lang === 'zh' ? '模拟' : 'simulated');
    await page.locator('button.from').last().click();
    await expect(page.locator('.sources li').first()).toBeVisible();
    expect(await violationsOn(page)).toEqual([]);
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await context.close();
  });
}

test('[OUT7] somebody with a seat sees what became of his own comments, and comes from the room by its one next step', async ({
  browser,
}) => {
  const context = await browser.newContext({ locale: 'zh-CN' });
  const [name, value] = made.get('zh')?.people.get('chen')?.cookie.split('=') ?? [];
  await context.addCookies([{ name: name ?? '', value: value ?? '', url: server.url }]);
  const page = await context.newPage();
  await page.goto(`${server.url}/rooms/${made.get('zh')?.id ?? ''}`);
  await page.getByRole('link', { name: '查看成果' }).click();
  await page.getByText('我的 3 条留言的去向').click();
  await expect(page.getByText('已汇入第 2 项意见建议')).toBeVisible();
  await expect(page.getByText('已被主持人隐藏，未列入')).toBeVisible();
  await context.close();
});

test('[OUT9] a room in which nothing happened, and one that is still open', async ({ browser }) => {
  const { id } = await host.ask<{ id: string }>('POST', '/api/rooms', { title: 'Quiet', visibility: 'public' });
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await page.goto(`${server.url}/rooms/${id}/outcome`);
  await expect(page.getByText('This room is still open')).toBeVisible();
  expect(await violationsOn(page)).toEqual([]);
  await host.join(id);
  await host.act({ type: 'closeRoom' });
  host.leave();
  await page.goto(`${server.url}/rooms/${id}/outcome`);
  await expect(page.getByText('A quiet room')).toBeVisible();
  await expect(page.getByText('No text was written.')).toBeVisible();
  expect(await violationsOn(page)).toEqual([]);
  await page.goto(`${server.url}/rooms/nowhere/outcome`);
  await expect(page.getByText('This record is not open to you')).toBeVisible();
  await page.context().close();
});
