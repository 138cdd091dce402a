import { AxeBuilder } from '@axe-core/playwright';
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
