import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

/**
 * What axe finds wrong with a page, each as its rule and where; once nothing fades in any more, since what does has no contrast yet.
 * @param options `within`: only this part of the page; `without`: not this part
 */
export async function violationsOn(
  page: Page,
  options: { readonly within?: string; readonly without?: string } = {},
): Promise<readonly string[]> {
  await page.evaluate(() => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    return Promise.allSettled(ending.map((animation) => animation.finished));
  });
  const builder = new AxeBuilder({ page });
  if (options.within !== undefined) builder.include(options.within);
  if (options.without !== undefined) builder.exclude(options.without);
  const { violations } = await builder.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Nothing wrong for assistive technology, and nothing wider than the screen. With PICTURES, a folder, what is seen is kept there. */
export async function looksRight(page: Page, name: string, options: { readonly fullPage?: boolean } = {}): Promise<void> {
  expect(await violationsOn(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  const pictures = process.env['PICTURES'];
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, ...options });
}
