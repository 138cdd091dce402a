import { expect, test } from '@playwright/test';
import { complaintsOf, contextOf, ServerProcess } from './support/room.ts';

test('[UI14] what is typed before a page is alive stays, and the page is the one the server drew', async ({ browser }) => {
  const server = await ServerProcess.start({ pages: true });
  try {
    const page = await (await contextOf(browser, null)).newPage();
    const complaints = complaintsOf(page);
    let arrive = (): void => undefined;
    const held = new Promise<void>((resolve) => (arrive = resolve));
    await page.route('**/_app/immutable/**/*.js', async (route) => {
      await held;
      await route.continue();
    });
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
