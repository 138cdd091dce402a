import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Page } from '@playwright/test';
import type { Slip } from '#shared/protocol/messages.ts';
import type { Person } from '../demo/person.ts';
import { demoRoom, discussion, pageOf, run, settled, text, withStudio } from './studio.ts';
import type { Lang, Studio } from './studio.ts';

/*
 * What people see on their way from the first screen to the record, in both languages, on a phone and a desktop, by day and
 * by night: `node_modules/.bin/node scripts/pictures/show.ts [folder] [name ...]`, after `npm run build`. They are looked
 * at, not kept: the folder, test-results/pictures unless another is named, is no part of the project.
 */

const [folder = 'test-results/pictures', ...wanted] = process.argv.slice(2);

const words = {
  zh: { suggestions: '意见建议', remote: '遥控', discussion: '讨论', name: '王芳', sector: '教育界', organisation: '市第一中学' },
  en: {
    suggestions: 'Suggestions',
    remote: 'Remote',
    discussion: 'Discussion',
    name: 'Mary Ward',
    sector: 'Education',
    organisation: 'First School',
  },
} as const;

interface Scene {
  readonly lang: Lang;
  readonly narrow: boolean;
  readonly people: ReadonlyMap<string, Person>;
  readonly room: string;
  readonly closed: string;
  readonly invitation: string;
  readonly slip: string;
}

interface Shot {
  readonly address: string;
  readonly who?: Person | null;
  /** The whole page instead of what the window shows. */
  readonly whole?: boolean;
  readonly until: (page: Page) => Promise<unknown>;
}

function shots({ host }: Studio, { lang, narrow, people, room, closed, invitation, slip }: Scene): Readonly<Record<string, Shot | null>> {
  const m = words[lang];
  const place = (page: Page, name: string): Promise<void> =>
    page
      .locator('nav')
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .click();
  return {
    first: { address: '/', until: (page) => page.locator('h1').waitFor() },
    'first-moderator': { address: '/', who: host, whole: true, until: (page) => page.locator('h1').waitFor() },
    sample: {
      address: '/sample',
      until: async (page) => {
        const seat = page.frameLocator('iframe:visible').first();
        await seat.locator('.ProseMirror p').first().waitFor();
        // The simulated people have begun.
        await seat.locator('.caret').first().waitFor({ state: 'attached' });
      },
    },
    slips: { address: `${room}/slips`, who: host, until: (page) => page.locator('svg[role=img]').first().waitFor() },
    'joining-by-link': { address: invitation, until: (page) => page.getByRole('textbox').first().waitFor() },
    'joining-by-slip': { address: slip, until: text },
    room: { address: room, who: people.get('chen') ?? [...people.values()][2] ?? null, until: text },
    'room-moderator': { address: room, who: host, until: text },
    discussion: narrow
      ? {
          address: room,
          who: [...people.values()][2] ?? null,
          until: async (page) => {
            await text(page);
            await place(page, m.discussion);
            await discussion(page);
          },
        }
      : null,
    remote: narrow
      ? {
          address: room,
          who: host,
          until: async (page) => {
            await text(page);
            await place(page, m.remote);
          },
        }
      : null,
    board: {
      address: closed,
      who: host,
      until: async (page) => {
        await text(page);
        if (narrow) await place(page, m.suggestions);
        else await page.getByRole('tab', { name: new RegExp(m.suggestions) }).click();
        await page.locator('article:visible').first().waitFor();
      },
    },
    outcome: { address: `${closed}/outcome`, whole: true, until: (page) => page.locator('h1').waitFor() },
  };
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await withStudio(async (studio) => {
    const { host } = studio;
    for (const lang of ['zh', 'en'] as const) {
      const m = words[lang];
      const { id, people } = await demoRoom(studio, lang, 'open');
      const { id: closedId } = await demoRoom(studio, lang, 'closed');
      if (lang === 'zh') await demoRoom(studio, lang, 'scheduled');
      const { path: invitation } = await host.ask<{ path: string }>('POST', `/api/rooms/${id}/invitations`, { role: 'member', days: 1 });
      const listed = Array.from({ length: 12 }, (_, index) => ({
        displayName: index === 0 ? m.name : lang === 'zh' ? `委员${index + 1}（模拟）` : `Member ${index + 1} (simulated)`,
        sector: m.sector,
        organisation: m.organisation,
        role: 'member',
      }));
      await host.ask('POST', `/api/rooms/${id}/roster`, { people: listed });
      const { slips } = await host.ask<{ slips: Slip[] }>('POST', `/api/rooms/${id}/slips`, { participantIds: 'all' });
      const slip = slips.find(({ person }) => person.displayName === m.name)?.path ?? '';
      for (const width of [360, 1280]) {
        const scene = { lang, narrow: width < 600, people, room: `/rooms/${id}`, closed: `/rooms/${closedId}`, invitation, slip };
        for (const colorScheme of ['light', 'dark'] as const) {
          for (const [name, shot] of Object.entries(shots(studio, scene))) {
            if (shot === null || (wanted.length > 0 && !wanted.includes(name))) continue;
            const page = await pageOf(studio, lang, shot.who ?? null, shot.address, {
              viewport: width < 600 ? { width, height: 740 } : { width, height: 800 },
              colorScheme,
              ...(width < 600 ? { isMobile: true, hasTouch: true } : {}),
            });
            await shot.until(page);
            await settled(page);
            const file = path.join(folder, `${name}-${lang}-${width}-${colorScheme}.png`);
            await page.screenshot({ path: file, fullPage: shot.whole ?? false });
            if (name === 'slips' && width > 600 && colorScheme === 'light') {
              await page.pdf({ path: path.join(folder, `slips-${lang}.pdf`), preferCSSPageSize: true });
            }
            if (name === 'outcome' && width > 600 && colorScheme === 'light') {
              await page.pdf({ path: path.join(folder, `outcome-${lang}.pdf`), preferCSSPageSize: true, format: 'A4' });
            }
            await page.context().close();
            process.stdout.write(`  ${file}\n`);
          }
        }
      }
    }
  });
}

run(main);
