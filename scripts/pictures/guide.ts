import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Page } from '@playwright/test';
import type { Person } from '../demo/person.ts';
import { demoRoom, discussion, pageOf, run, settled, text, withStudio } from './studio.ts';
import type { Lang, Studio } from './studio.ts';

/*
 * The pictures of the guides, taken from the running product: `node_modules/.bin/node scripts/pictures/guide.ts`, after
 * `npm run build`. Whoever changes what they show takes them anew.
 */

const folder = 'docs/pictures';
/** Guides are read on slow lines too. */
const mostBytes = 150 * 1024;

interface Scene {
  readonly studio: Studio;
  readonly lang: Lang;
  readonly open: { readonly id: string; readonly people: ReadonlyMap<string, Person> };
  readonly closed: { readonly id: string };
}

const words = {
  zh: { discussion: '讨论', suggestions: '意见建议', more: '更多', remote: '遥控' },
  en: { discussion: 'Discussion', suggestions: 'Suggestions', more: 'More', remote: 'Remote' },
} as const;

const wide = { width: 1180, height: 700 };
const phone = { width: 360, height: 640 };

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await withStudio(async (studio) => {
    for (const lang of ['zh', 'en'] as const) {
      const open = await demoRoom(studio, lang, 'open');
      const closed = await demoRoom(studio, lang, 'closed');
      await take({ studio, lang, open, closed });
    }
  });
}

async function take(scene: Scene): Promise<void> {
  const { studio, lang, open, closed } = scene;
  const m = words[lang];
  const [, memberOf] = [...open.people].find(([key]) => key !== 'host') ?? [];
  const room = `/rooms/${open.id}`;
  await shoot(scene, 'member', memberOf ?? null, room, wide, discussion);
  await shoot(scene, 'member-phone', memberOf ?? null, room, phone, text);
  await shoot(scene, 'moderator', studio.host, room, wide, async (page) => {
    await discussion(page);
    await page.getByRole('button', { name: m.more, exact: true }).first().click();
    await page.getByRole('menu').waitFor();
  });
  await shoot(scene, 'moderator-phone', studio.host, room, phone, async (page) => {
    await text(page);
    await page.getByRole('button', { name: m.remote }).click();
  });
  await shoot(scene, 'recorder', open.people.get('recorder') ?? null, room, wide, async (page) => {
    await text(page);
    await page.getByRole('tab', { name: new RegExp(m.suggestions) }).click();
  });
  await shoot(scene, 'recorder-outcome', null, `/rooms/${closed.id}/outcome`, { width: 1180, height: 760 }, (page) =>
    page.locator('h1').waitFor(),
  );
  await shoot(scene, 'observer', null, room, wide, discussion);
  await shoot(scene, 'observer-phone', null, room, phone, async (page) => {
    await text(page);
    await page.getByRole('button', { name: new RegExp(`^${m.discussion}`) }).click();
    await discussion(page);
  });
}

async function shoot(
  { studio, lang }: Scene,
  name: string,
  who: Person | null,
  address: string,
  viewport: { readonly width: number; readonly height: number },
  until: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await pageOf(studio, lang, who, address, { viewport });
  await until(page);
  await settled(page);
  const file = `${name}.${lang}.png`;
  const target = path.join(folder, file);
  await page.screenshot({ path: target });
  await page.context().close();
  const { size } = statSync(target);
  process.stdout.write(`  ${file.padEnd(28)} ${Math.round(size / 1024)} kB\n`);
  if (size > mostBytes) throw new Error(`${file} is larger than ${mostBytes / 1024} kB: show less in it`);
}

run(main);
