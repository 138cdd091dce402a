import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { administrator, complaintsOf, contextOf, ServerProcess } from './support/room.ts';

/** Keeps what makes a page alive from coming until it is let go. */
async function heldBack(page: Page): Promise<() => void> {
  let arrive = (): void => undefined;
  const held = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/_app/immutable/**/*.js', async (route) => {
    await held;
    await route.continue();
  });
  return arrive;
}

test('[UI14] what is typed before a page is alive stays, and the page is the one the server drew', async ({ browser }) => {
  const server = await ServerProcess.start({ pages: true });
  try {
    const page = await (await contextOf(browser, null)).newPage();
    const complaints = complaintsOf(page);
    const arrive = await heldBack(page);
    await page.goto(`${server.url}/setup#${server.setupSecret}`, { waitUntil: 'commit' });
    await page.getByLabel('用户名').fill('ana');
    arrive();
    // What SvelteKit adds to a page that is alive.
    await expect(page.locator('#svelte-announcer')).toBeAttached();
    await expect(page.getByLabel('用户名')).toHaveValue('ana');
    await page.getByLabel('显示给他人的名字').fill('安');
    await page.getByLabel('密码', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: '创建管理员' }).click();
    await expect(page.getByRole('textbox', { name: '今天要商量什么？' })).toBeVisible();
    expect(complaints).toEqual([]);
  } finally {
    await server.dispose();
  }
});

for (const way of ['Enter', 'a click'] as const) {
  test(`[UI15] a question sent off by ${way} before the page is alive waits, and opens its room`, async ({ browser }) => {
    const server = await ServerProcess.start({ pages: true });
    try {
      const ana = await administrator(server.url, server.setupSecret);
      const page = await (await contextOf(browser, ana)).newPage();
      const complaints = complaintsOf(page);
      const arrive = await heldBack(page);
      const early = page.waitForResponse('**/early.js');
      await page.goto(server.url, { waitUntil: 'commit' });
      await (await early).finished();
      const question = page.getByRole('textbox', { name: '今天要商量什么？' });
      const open = page.getByRole('button', { name: '开一间会商室' });
      await question.fill('门开在哪里');
      if (way === 'Enter') await question.press('Enter');
      else await open.click();
      await expect(page.locator('form[aria-busy="true"]')).toHaveCount(1);
      // Whoever is impatient gets one room, not three.
      await open.click();
      await page.getByRole('button', { name: '切换浅色与深色' }).click();
      await expect(question).toHaveValue('门开在哪里');
      arrive();
      await expect(page).toHaveURL(/\/rooms\/[0-9a-f]{24}$/);
      const { rooms } = await ana.ok<{ rooms: { title: string }[] }>('GET', '/api/rooms');
      expect(rooms.filter(({ title }) => title === '门开在哪里')).toHaveLength(1);
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
      expect(complaints).toEqual([]);
    } finally {
      await server.dispose();
    }
  });
}
