import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { chromium } from '@playwright/test';
import { chromiumArgs, chromiumPath } from '../chromium.ts';
import { fillRoom } from '../demo/fillRoom.ts';
import { freePort } from '../freePort.ts';
import { Person } from '../demo/person.ts';
import type { Plan } from '../demo/plan.ts';
import { plansEn } from '../demo/plansEn.ts';
import { plansZh } from '../demo/plansZh.ts';

/** A running installation with a browser before it, for pictures. */
export interface Studio {
  readonly browser: Browser;
  /** Address of the server, without a slash at its end. */
  readonly base: string;
  /** Its administrator, who moderates every room. */
  readonly host: Person;
}

export type Lang = 'zh' | 'en';

/** Starts an installation on an empty folder of data, hands it to `work`, and removes it, however that ends. */
export async function withStudio(work: (studio: Studio) => Promise<void>): Promise<void> {
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
    await work({ browser, base, host });
  } finally {
    await browser.close();
    if (server.exitCode === null) {
      server.kill('SIGINT');
      await once(server, 'exit');
    }
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Fills the demonstration's room that ends as said, in a language, with the host under a name of that language. */
export async function demoRoom({ host }: Studio, lang: Lang, ending: Plan['ending']): ReturnType<typeof fillRoom> {
  await host.ask('PUT', '/api/me', { displayName: lang === 'zh' ? '主持人安' : 'Ana, moderator' });
  const plan = (lang === 'zh' ? plansZh : plansEn).find((one) => one.ending === ending);
  if (plan === undefined) throw new Error(`no room of the demonstration is ${ending}`);
  return fillRoom(host, plan, Date.now());
}

/** A page in a language on an address, as somebody sees it, or as a stranger does. */
export async function pageOf(
  { browser, base }: Studio,
  lang: Lang,
  who: Person | null,
  address: string,
  options: BrowserContextOptions,
): Promise<Page> {
  const context = await browser.newContext({ locale: lang === 'zh' ? 'zh-CN' : 'en-GB', reducedMotion: 'reduce', ...options });
  const [cookie, value] = who?.cookie.split('=') ?? [];
  await context.addCookies([
    { name: 'lang', value: lang, url: base },
    ...(cookie === undefined || value === undefined ? [] : [{ name: cookie, value, url: base }]),
  ]);
  const page = await context.newPage();
  await page.goto(base + address);
  return page;
}

/** Fonts have come, and what gathers for a quarter of a second (who is here), which no page tells of; pictures only, no test waits so. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(600);
}

/** The text of the draft is there. */
export async function text(page: Page): Promise<void> {
  await page.locator('.ProseMirror p').first().waitFor();
}

/** Text and comments are there. */
export async function discussion(page: Page): Promise<void> {
  await page.locator('.ProseMirror p').first().waitFor({ state: 'attached' });
  await page.locator('article').first().waitFor();
}

/** Runs a script of pictures; what goes wrong is printed and ends it with 1. */
export function run(script: () => Promise<void>): void {
  script().catch((error: unknown) => {
    process.stderr.write(`\n  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n\n`);
    process.exitCode = 1;
  });
}
