import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { chromium } from '@playwright/test';
import { chromiumArgs, chromiumPath } from './chromium.ts';
import { fillRoom } from './demo/fillRoom.ts';
import { freePort } from './demo/freePort.ts';
import { Person } from './demo/person.ts';
import type { Plan } from './demo/plan.ts';
import { plansEn } from './demo/plansEn.ts';
import { plansZh } from './demo/plansZh.ts';

/*
 * The pictures of the guides, taken from the running product: `node_modules/.bin/node scripts/guide-pictures.ts`, after
 * `npm run build`. Whoever changes what they show takes them anew.
 */

const folder = 'docs/pictures';
/** Guides are read on slow lines too. */
const mostBytes = 150 * 1024;
type Lang = 'zh' | 'en';

interface Scene {
  readonly browser: Browser;
  readonly base: string;
  readonly lang: Lang;
  readonly host: Person;
  readonly open: { readonly id: string; readonly people: ReadonlyMap<string, Person> };
  readonly closed: { readonly id: string };
}

const words = {
  zh: { discussion: '讨论', suggestions: '意见建议', more: '更多', remote: '遥控', text: '文本' },
  en: { discussion: 'Discussion', suggestions: 'Suggestions', more: 'More', remote: 'Remote', text: 'Text' },
} as const;

const wide = { width: 1180, height: 700 };
const phone = { width: 360, height: 640 };

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const dataDir = mkdtempSync(path.join(tmpdir(), 'shangliang-pictures-'));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const server = spawn(process.execPath, ['server/main.ts'], {
    env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, PUBLIC_URL: '', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const executablePath = chromiumPath();
  const browser = await chromium.launch({ args: [...chromiumArgs], ...(executablePath === undefined ? {} : { executablePath }) });
  try {
    let printed = '';
    await new Promise<void>((resolve, reject) => {
      server.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes('is ready:')) resolve();
      });
      server.once('exit', () => reject(new Error(`the server did not start:\n${printed}`)));
    });
    const host = new Person(base);
    const token = /\/setup#([\w-]+)/.exec(printed)?.[1] ?? '';
    await host.ask('POST', '/api/setup', { token, handle: 'guide', displayName: 'Ana', password: 'a password for pictures' });
    for (const lang of ['zh', 'en'] as const) {
      await host.ask('PUT', '/api/me', { displayName: lang === 'zh' ? '主持人安' : 'Ana, moderator' });
      const plans = lang === 'zh' ? plansZh : plansEn;
      const open = await fillRoom(host, planWith(plans, 'open'), Date.now());
      const closed = await fillRoom(host, planWith(plans, 'closed'), Date.now());
      await take({ browser, base, lang, host, open, closed });
    }
  } finally {
    await browser.close();
    if (server.exitCode === null) {
      server.kill('SIGINT');
      await once(server, 'exit');
    }
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function planWith(plans: readonly Plan[], ending: Plan['ending']): Plan {
  const plan = plans.find((one) => one.ending === ending);
  if (plan === undefined) throw new Error(`no room of the demonstration is ${ending}`);
  return plan;
}

async function take(scene: Scene): Promise<void> {
  const { lang, open, closed, host } = scene;
  const m = words[lang];
  const [, memberOf] = [...open.people].find(([key]) => key !== 'host') ?? [];
  const room = `/rooms/${open.id}`;
  await shoot(scene, 'member', memberOf ?? null, room, wide, discussion);
  await shoot(scene, 'member-phone', memberOf ?? null, room, phone, text);
  await shoot(scene, 'moderator', host, room, wide, async (page) => {
    await discussion(page);
    await page.getByRole('button', { name: m.more, exact: true }).first().click();
    await page.getByRole('menu').waitFor();
  });
  await shoot(scene, 'moderator-phone', host, room, phone, async (page) => {
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

/** The text of the draft is there. */
async function text(page: Page): Promise<void> {
  await page.locator('.ProseMirror p').first().waitFor();
}

/** Text and comments are there. */
async function discussion(page: Page): Promise<void> {
  await page.locator('.ProseMirror p').first().waitFor({ state: 'attached' });
  await page.locator('article').first().waitFor();
}

async function shoot(
  { browser, base, lang }: Scene,
  name: string,
  who: Person | null,
  address: string,
  viewport: { readonly width: number; readonly height: number },
  until: (page: Page) => Promise<void>,
): Promise<void> {
  const context: BrowserContext = await browser.newContext({
    viewport,
    locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
    reducedMotion: 'reduce',
  });
  const [cookie, value] = who?.cookie.split('=') ?? [];
  await context.addCookies([
    { name: 'lang', value: lang, url: base },
    ...(cookie === undefined || value === undefined ? [] : [{ name: cookie, value, url: base }]),
  ]);
  const page = await context.newPage();
  await page.goto(base + address);
  await until(page);
  // Fonts and what gathers for a quarter of a second (who is here) have come.
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(600);
  const file = `${name}.${lang}.png`;
  const target = path.join(folder, file);
  await page.screenshot({ path: target });
  await context.close();
  const { size } = statSync(target);
  process.stdout.write(`  ${file.padEnd(28)} ${Math.round(size / 1024)} kB\n`);
  if (size > mostBytes) throw new Error(`${file} is larger than ${mostBytes / 1024} kB: show less in it`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n\n`);
  process.exitCode = 1;
});
