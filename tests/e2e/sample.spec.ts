import { expect, test } from '@playwright/test';
import type { FrameLocator, Page } from '@playwright/test';
import { violationsOn } from './support/axe.ts';
import { ServerProcess, complaintsOf } from './support/room.ts';

let server: ServerProcess;
test.beforeAll(async () => {
  server = await ServerProcess.start({ pages: true });
});
test.afterAll(() => server.dispose());

function seatOf(page: Page, name: string): FrameLocator {
  return page.frameLocator(`iframe[title="${name}看到的会商室"]`);
}

test.describe('the sample room', () => {
  test.use({ locale: 'zh-CN' });

  test('[SAM3] [SAM6] three seats beside each other, simulated people at work, and a plug that is pulled', async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    const complaints = complaintsOf(page);
    await page.goto(server.url);
    await page.getByRole('link', { name: /示例/ }).click();
    const [moderator, member, observer] = [seatOf(page, '主持人'), seatOf(page, '委员'), seatOf(page, '旁听')];
    const textIn = (seat: FrameLocator) => seat.locator('.ProseMirror');
    for (const seat of [moderator, member, observer]) await expect(textIn(seat)).toContainText('出入口');
    await expect(observer.getByText('只读')).toBeVisible();

    // Somebody simulated types, and it is seen from every seat.
    for (const seat of [moderator, member, observer]) await expect(textIn(seat)).toContainText('轮椅和婴儿车都能通过。');
    await expect(observer.locator('.caret').first()).toBeAttached();

    // The plug of the member's seat is pulled; what is written there stays on the device, and says so.
    await page.getByRole('button', { name: '拔网线' }).click();
    const lost = member.getByText(/连接中断/);
    await expect(lost).toBeVisible();
    // It lies over nothing.
    const bottom = (await lost.boundingBox().then((box) => box && box.y + box.height)) ?? 0;
    await expect
      .poll(() =>
        member
          .locator('.panes')
          .boundingBox()
          .then((box) => box?.y ?? 0),
      )
      .toBeGreaterThanOrEqual(bottom);
    await page.getByRole('button', { name: '替我写两处' }).click();
    await expect(page.getByRole('status').getByText('未保存，本机有 2 处改动')).toBeVisible();
    // In the header, and not where it is read out.
    await expect(member.getByRole('banner').getByText('未保存，本机有 2 处改动')).toBeVisible();
    await expect(textIn(member)).toContainText('断网时写下的话。');
    await expect(textIn(observer)).not.toContainText('断网时写下的话。');

    await page.getByRole('button', { name: '插回网线' }).click();
    await expect(page.getByRole('status').getByText(/^已保存/)).toBeVisible();
    await expect(member.getByText(/已保存 \d\d:\d\d/)).toBeVisible();
    for (const seat of [moderator, observer]) await expect(textIn(seat)).toContainText('断网时写下的话。');

    // A reload comes back to the same copy.
    await page.reload();
    await expect(textIn(seatOf(page, '旁听'))).toContainText('断网时写下的话。');

    expect(await violationsOn(page, { without: 'iframe' })).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('[SAM1] on a phone one seat at a time, and the others stay alive', async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${server.url}/sample`);
    const member = page.locator('iframe[title="委员看到的会商室"]');
    const observer = page.locator('iframe[title="旁听看到的会商室"]');
    await expect(member).toBeVisible();
    await expect(observer).toBeHidden();
    await page.getByRole('button', { name: '旁听' }).click();
    await expect(observer).toBeVisible();
    await expect(seatOf(page, '旁听').locator('.ProseMirror')).toContainText('出入口');
    const [scrolls, shows] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    expect(scrolls).toBeLessThanOrEqual(shows ?? 0);
  });
});

test('a page of ours is framed by ours alone', async ({ page }) => {
  const response = await page.goto(`${server.url}/sample`);
  expect(response?.headers()['content-security-policy']).toContain("frame-ancestors 'self'");
  expect(response?.headers()['x-frame-options']).toBe('SAMEORIGIN');
});
