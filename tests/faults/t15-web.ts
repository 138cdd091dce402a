import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright';
import { chromium } from 'playwright';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { chromiumArgs, chromiumPath } from '../../scripts/chromium.ts';
import { DraftSocketClient } from '../integration/draftSocket.ts';
import type { Visitor } from '../support/people.ts';
import { freshCommandId, until } from '../support/people.ts';
import { administrator } from '../support/people.ts';
import { GuardedServer, openPaces } from './doors/guarded.ts';
import { scriptStrings, shortScripts } from './doors/scripts.ts';
import type { Row, Scale } from './row.ts';
import { skippedRow } from './row.ts';
import { contextOf } from '../e2e/support/room.ts';

/*
 * The pages, in a browser: strings that would be scripts everywhere a person can put a string, also past the editor; pages of other
 * origins at both sockets; cookies, headers, sessions; and what the page says of words that are not stored yet.
 */

export const timeoutMs = 20 * 60_000;
const amounts: Readonly<Record<Scale, number>> = { slice: 12, ci: 120, nightly: 120 };

/** What is found wrong, and how much was looked at. */
interface Look {
  readonly problems: string[];
  checks: number;
}

export async function run(scale: Scale, seed: number): Promise<Row> {
  const executablePath = chromiumPath();
  if (!existsSync(new URL('../../build/client/handler.js', import.meta.url))) return skippedRow('T15', seed, 'the pages are not built');
  if (executablePath === undefined) return skippedRow('T15', seed, 'there is no Chromium');
  const guarded = await GuardedServer.start(
    { ...openPaces, framesPerSecond: 60, frameBurst: 240, frameBytesPerSecond: 256 * 1024 },
    { pages: true },
  );
  const browser = await chromium.launch({ executablePath, args: [...chromiumArgs] });
  const widths = scale === 'slice' ? [360] : [1280, 360];
  const look: Look = { problems: [], checks: 0 };
  try {
    const ana = await administrator(guarded.url, guarded.process.setupSecret);
    const strings = scriptStrings.slice(0, amounts[scale]);
    const stuffed = await stuff(guarded, ana, strings, look);
    await openPages(browser, guarded, ana, stuffed, look, scale === 'slice' ? 3 : Infinity);
    await otherOrigins(browser, guarded, ana, stuffed, look);
    await signingIn(browser, guarded, look);
    await headersOfPages(guarded, ana, stuffed.roomId, look);
    for (const width of widths) await saving(browser, guarded, ana, width, look);
    const worst = await guarded.worst();
    return {
      test: 'T15',
      seed,
      done: `${strings.length} strings as title, name, comment and in raw updates (${stuffed.refused} of ${stuffed.tried} attributes and nodes refused), both sockets from a foreign page, sign-in, cookies, headers, the save state at ${widths.join(' and ')} px; ${look.checks} checks`,
      lost: 0,
      doubled: 0,
      stallMs: Math.round(worst.stallMs),
      memoryMb: null,
      passed: look.problems.length === 0,
      notes: look.problems.slice(0, 8).join('; ') || '0 scripts run, 0 dialogs, 0 requests to other hosts',
    };
  } finally {
    await browser.close();
    await guarded.dispose();
  }
}

function check(look: Look, holds: boolean, what: string): void {
  look.checks += 1;
  if (!holds) look.problems.push(what);
}

interface Stuffed {
  readonly roomId: string;
  readonly draftId: string;
  readonly tried: number;
  readonly refused: number;
}

/** Puts the strings wherever a person can put one, through the doors and not through the pages. */
async function stuff(guarded: GuardedServer, ana: Visitor, strings: readonly string[], look: Look): Promise<Stuffed> {
  for (const title of strings) await ana.ok('POST', '/api/rooms', { title: title.slice(0, 200), question: title, visibility: 'public' });
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', {
    title: strings[0] ?? '',
    question: strings[1] ?? '',
    background: strings.join('\n'),
    visibility: 'public',
  });
  await ana.ok('POST', `/api/rooms/${roomId}/roster`, {
    people: shortScripts(40)
      .slice(0, strings.length)
      .map((displayName, n) => ({ displayName, organisation: strings[n]?.slice(0, 100), role: 'member' })),
  });
  await ana.ok('PUT', '/api/me', { displayName: shortScripts(40)[0] });
  const client = await ana.join(roomId);
  for (const body of strings) await client.send({ type: 'postComment', body }, freshCommandId());
  for (const title of strings.slice(0, 5)) await client.send({ type: 'createDraft', title: title.slice(0, 200) }, freshCommandId());
  const draftId = client.joined?.snapshot?.drafts[0]?.id ?? '';
  client.close();
  const open = async (): Promise<DraftSocketClient> =>
    (await new DraftSocketClient(guarded.url, { cookie: ana.cookie ?? '' }, `${roomId}/${draftId}`).settled()).synced();
  const words = await open();
  for (const text of strings) words.sendUpdate(words.typed(text));
  await until(() => words.saved >= strings.length, 'the strings as words of the draft', 60_000);
  check(look, words.text.includes(strings[0] ?? ''), 'the words of the draft are not what was sent');
  words.close();
  // What no editor makes: the strings as names of nodes and attributes, as values of attributes, as addresses of links.
  let tried = 0;
  let refused = 0;
  const ways: readonly ((text: string) => (paragraph: Y.XmlElement, fragment: Y.XmlFragment) => void)[] = [
    (text) => (paragraph) => paragraph.setAttribute('style', text),
    (text) => (paragraph) => paragraph.setAttribute(text.replace(/[^\w]/g, '') || 'onload', text),
    (text) => (_paragraph, fragment) => fragment.push([new Y.XmlElement(text.slice(0, 60))]),
    (text) => (paragraph) => {
      const link = new Y.XmlText();
      paragraph.push([link]);
      link.insert(0, 'a link', { link: { href: text, target: '_blank', rel: null, class: null, title: null } });
    },
    (text) => (paragraph) => {
      const link = new Y.XmlText();
      paragraph.push([link]);
      link.insert(0, 'a link', { link: { href: 'https://example.org/', target: '_blank', rel: text, class: text, title: text } });
    },
    (text) => (_paragraph, fragment) => {
      const heading = new Y.XmlElement('heading');
      heading.setAttribute('level', text);
      fragment.push([heading]);
    },
  ];
  for (const [n, text] of strings.entries()) {
    const way = ways[n % ways.length];
    const mal = await open();
    const before = Y.encodeStateVector(mal.doc);
    mal.doc.transact(() => {
      const fragment = mal.doc.getXmlFragment(DRAFT_FIELD);
      const paragraph = new Y.XmlElement('paragraph');
      fragment.push([paragraph]);
      way?.(text)(paragraph, fragment);
    });
    mal.sendUpdate(Y.encodeStateAsUpdate(mal.doc, before));
    await until(() => mal.closed !== null || mal.saved > 0, 'a judgement');
    tried += 1;
    if (mal.closed !== null) refused += 1;
    check(look, mal.closed === 4422, `stored past the editor: way ${String(n % ways.length)} ${text}`);
    mal.ws.terminate();
  }
  return { roomId, draftId, tried, refused };
}

/** Opens every page that shows such strings, and watches for what they would do. */
async function openPages(
  browser: Browser,
  guarded: GuardedServer,
  ana: Visitor,
  { roomId, draftId }: Stuffed,
  look: Look,
  most: number,
): Promise<void> {
  const context = await contextOf(browser, ana);
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`policy ${event.violatedDirective} ${event.blockedURI}`));
  });
  const paths = [
    '/',
    `/rooms/${roomId}`,
    `/rooms/${roomId}/outcome`,
    `/rooms/${roomId}/history`,
    `/rooms/${roomId}/slips`,
    '/sign-in',
    '/account',
    '/sample',
    `/rooms/${roomId}?draft=${draftId}`,
  ];
  for (const path of paths.slice(0, most)) {
    const page = await context.newPage();
    const seen = watchPage(page, guarded.url);
    await page.goto(guarded.url + path, { waitUntil: 'load' });
    if (path.startsWith(`/rooms/${roomId}`) && !/outcome|history|slips/.test(path))
      await page.locator('.ProseMirror').first().waitFor({ timeout: 60_000 });
    await page.waitForLoadState('networkidle').catch(() => undefined);
    const ran = await page.evaluate(() => (window as unknown as { __ran?: number }).__ran);
    check(look, ran === undefined, `a script ran at ${path}`);
    for (const what of seen) look.problems.push(`${path}: ${what}`);
    look.checks += 1;
    await page.close();
  }
  await context.close();
}

/** Dialogs, requests to other hosts, and what the policy of the page had to stop. */
function watchPage(page: Page, base: string): readonly string[] {
  const seen: string[] = [];
  page.on('dialog', (dialog) => {
    seen.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.host !== new URL(base).host) seen.push(`a request to ${url.host}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && /policy|Content Security/i.test(message.text())) seen.push(message.text());
  });
  return seen;
}

/** A page of another origin on the same machine, to which the browser gives our cookie, opens both sockets. */
async function otherOrigins(
  browser: Browser,
  guarded: GuardedServer,
  ana: Visitor,
  { roomId, draftId }: Stuffed,
  look: Look,
): Promise<void> {
  const stranger = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<title>elsewhere</title>'));
  stranger.listen(0, '127.0.0.1');
  await new Promise((resolve) => stranger.once('listening', resolve));
  const context = await contextOf(browser, ana);
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${String((stranger.address() as AddressInfo).port)}/`);
  const ws = guarded.url.replace('http', 'ws');
  for (const path of [`/yjs/${roomId}/${draftId}?editor=3`, '/socket.io/?EIO=4&transport=websocket']) {
    const told = await page.evaluate(
      (address) =>
        new Promise<string>((resolve) => {
          let messages = 0;
          const socket = new WebSocket(address);
          socket.onmessage = () => (messages += 1);
          socket.onclose = ({ code }) => resolve(`${String(code)} after ${String(messages)}`);
          setTimeout(() => resolve(`open after ${String(messages)}`), 8_000);
        }),
      ws + path,
    );
    check(look, /^(4403|1006) after 0$/.test(told), `a foreign page at ${path.split('?')[0] ?? ''}: ${told}`);
  }
  const read = await page.evaluate(
    (address) =>
      fetch(address, { credentials: 'include' }).then(
        (answer) => `read ${String(answer.status)}`,
        () => 'not read',
      ),
    `${guarded.url}/api/me`,
  );
  check(look, read === 'not read', `a foreign page reads /api/me: ${read}`);
  await context.close();
  stranger.close();
}

/** Signing in gives a new session; the one before it is worth nothing, and so is a planted one. */
async function signingIn(browser: Browser, guarded: GuardedServer, look: Look): Promise<void> {
  const context = await contextOf(browser, null);
  await context.addCookies([{ name: 'sid', value: 'planted-planted-planted-planted-planted-plan', url: guarded.url }]);
  const page = await context.newPage();
  const session = async () => (await context.cookies()).find(({ name }) => name === 'sid');
  const signIn = async (): Promise<string> => {
    await page.goto(`${guarded.url}/sign-in`);
    await page.evaluate(({ body }) => fetch('/api/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body }), {
      body: JSON.stringify({ handle: 'ana', password: 'correct horse battery' }),
    });
    return (await session())?.value ?? '';
  };
  const first = await signIn();
  check(look, first.length >= 43 && !first.startsWith('planted'), 'a planted session id is kept');
  const second = await signIn();
  check(look, second !== first, 'the session id is the same after signing in');
  const old = (await fetch(`${guarded.url}/api/me`, { headers: { cookie: `sid=${first}` } }).then((answer) => answer.json())) as {
    account: unknown;
  };
  check(look, old.account === null, 'the session before signing in still counts');
  const cookie = await session();
  check(
    look,
    cookie?.httpOnly === true && cookie.sameSite === 'Lax' && cookie.path === '/',
    `flags of the cookie: ${JSON.stringify(cookie)}`,
  );
  check(look, !(await page.evaluate(() => document.cookie)).includes('sid='), 'a script can read the cookie');
  await context.close();
}

async function headersOfPages(guarded: GuardedServer, ana: Visitor, roomId: string, look: Look): Promise<void> {
  for (const path of ['/', `/rooms/${roomId}`, '/account', '/nowhere']) {
    const answer = await fetch(guarded.url + path, { headers: { cookie: ana.cookie ?? '' } });
    const policy = answer.headers.get('content-security-policy') ?? '';
    const html = await answer.text();
    const directives = new Map(policy.split(';').map((part) => [part.trim().split(' ')[0] ?? '', part.trim()]));
    const scripts = directives.get('script-src') ?? '';
    check(look, scripts.includes("'self'") && !/unsafe-inline|unsafe-eval|https?:|\*/.test(scripts), `script-src of ${path}: ${scripts}`);
    for (const [name, words] of [
      ['default-src', "'none'"],
      ['object-src', "'none'"],
      ['base-uri', "'none'"],
      ['frame-ancestors', "'self'"],
      ['form-action', "'self'"],
    ] as const)
      check(look, directives.get(name) === `${name} ${words}`, `${name} of ${path}: ${directives.get(name) ?? 'missing'}`);
    const nonce = /'nonce-([^']+)'/.exec(scripts)?.[1];
    for (const [, attributes = ''] of html.matchAll(/<script\b([^>]*)>/g))
      check(
        look,
        /\bsrc=|type="application\/json"/.test(attributes) || (nonce !== undefined && attributes.includes(`nonce="${nonce}"`)),
        `a script without a nonce in ${path}`,
      );
    check(look, !/<[^>]+\son\w+=["'][^"']/i.test(html.replace(/<script[\s\S]*?<\/script>/g, '')), `a handler in the markup of ${path}`);
    check(look, answer.headers.get('x-content-type-options') === 'nosniff', `nosniff at ${path}`);
    check(look, /no-referrer|same-origin/.test(answer.headers.get('referrer-policy') ?? ''), `referrer-policy at ${path}`);
    check(look, answer.headers.get('x-powered-by') === null, `x-powered-by at ${path}`);
  }
}

/** Holds back what the page sends to its draft: as long as the server has not answered, the page never says saved. */
async function saving(browser: Browser, guarded: GuardedServer, ana: Visitor, width: number, look: Look): Promise<void> {
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: `Saving at ${String(width)}` });
  const context = await contextOf(browser, ana, { viewport: { width, height: 740 }, hasTouch: width < 500 });
  const page = await context.newPage();
  let isHeld = false;
  const held: (() => void)[] = [];
  await page.routeWebSocket(/\/yjs\//, (route) => {
    const server = route.connectToServer();
    route.onMessage((message) => {
      if (isHeld) held.push(() => server.send(message));
      else server.send(message);
    });
    server.onMessage((message) => route.send(message));
  });
  await page.goto(`${guarded.url}/rooms/${id}`);
  const text = page.locator('.ProseMirror').first();
  const state = page
    .locator('[data-state]:visible')
    .filter({ has: page.locator('.words') })
    .first();
  await text.waitFor();
  await text.click();
  await page.keyboard.type('一');
  await state.filter({ hasText: /已保存/ }).waitFor({ timeout: 30_000 });
  isHeld = true;
  await page.keyboard.type('二三');
  const said: string[] = [];
  // From the first word of it until the page has counted what is not stored, every word it says is kept.
  await until(() => held.length > 0, 'words on their way');
  for (let asked = 0; asked < 600; asked += 1) {
    said.push(await state.innerText());
    if (said.at(-1)?.includes('未保存') === true) break;
    // The next frame of the page may say something else; nothing is waited for longer than that.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  const isVisible = await state.isVisible();
  check(look, isVisible, `the save state is not to be seen at ${String(width)} px`);
  check(
    look,
    said.at(-1)?.includes('未保存') === true,
    `at ${String(width)} px it never said that words are not stored: ${said.at(-1) ?? ''}`,
  );
  const first = said.findIndex((words) => !words.includes('已保存'));
  check(look, first === 0 && said.every((words) => !words.includes('已保存')), `at ${String(width)} px it said saved too early`);
  isHeld = false;
  for (const send of held.splice(0)) send();
  await state.filter({ hasText: /已保存/ }).waitFor({ timeout: 30_000 });
  await context.close();
}
