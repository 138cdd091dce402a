import type { Handle, HandleFetch, ServerInit } from '@sveltejs/kit/hooks';
import { building } from '$app/env';
import { bringArea, bringLang } from './lib/i18n/catalogue.ts';
import { chooseLang, htmlLang, langCookie, langs } from './lib/i18n/lang.ts';
import { zoneCookie, zoneOf } from './lib/i18n/zone.ts';
import { isTheme, themeCookie } from './lib/theme/theme.ts';

/** By name (see preloads in scripts/page-files.ts). */
type Preloads = Readonly<Record<string, readonly string[]>>;

/** Where the API answers. Read at each request, since the server may learn its own port only while it starts. */
function backendUrl(): string {
  return process.env.BACKEND_URL || `http://127.0.0.1:${process.env.PORT || '3000'}`;
}

/** The server draws pages in every language. */
export const init: ServerInit = async () => {
  await Promise.all(langs.map(bringLang));
  await Promise.all((['room', 'details', 'account'] as const).map(bringArea));
};

/** Language and theme stand in the first byte of the page, so that nothing flickers and no inline script is needed. */
export const handle: Handle = async ({ event, resolve }) => {
  const theme = event.cookies.get(themeCookie);
  event.locals.lang = chooseLang(event.cookies.get(langCookie), event.request.headers.get('accept-language'));
  event.locals.theme = isTheme(theme) ? theme : 'auto';
  event.locals.zone = zoneOf(event.cookies.get(zoneCookie));
  const { lang } = event.locals;
  const isRoom = event.route.id === '/rooms/[id]';
  const wanted = await preloadsOf([
    `site.${lang}`,
    ...(event.route.id?.startsWith('/rooms/') ? [`room.${lang}`] : []),
    ...(isRoom ? ['room'] : []),
  ]);
  const response = await resolve(event, {
    transformPageChunk: ({ html }) =>
      html
        .replace('%app.lang%', htmlLang[event.locals.lang])
        .replace('%app.theme%', event.locals.theme)
        .replace('%app.zone%', event.locals.zone === null ? 'unknown' : 'known')
        .replace('%app.preloads%', wanted.map((file) => `<link rel="modulepreload" href="${file}" />`).join('')),
  });
  if (response.headers.get('content-type')?.startsWith('text/html') !== true) return response;
  // A page shows who is signed in and in which language: no cache between may give it to somebody else.
  response.headers.set('cache-control', 'private, no-cache');
  return packed(response, event.request.headers.get('accept-encoding') ?? '');
};

/** A page as gzip for browsers that accept it: it holds the text of a draft. Scripts and styles lie packed on the disk already. */
function packed({ body, status, headers }: Response, accepted: string): Response {
  headers.append('vary', 'accept-encoding');
  if (body === null || !/\bgzip\b/.test(accepted)) return new Response(body, { status, headers });
  headers.set('content-encoding', 'gzip');
  headers.delete('content-length');
  return new Response(body.pipeThrough(new CompressionStream('gzip')), { status, headers });
}

let built: Promise<Preloads> | null = null;

/** Addresses of what a page is going to ask for behind its scripts, so that it comes with them; none while the pages are not built. */
async function preloadsOf(names: readonly string[]): Promise<readonly string[]> {
  if (building) return [];
  built ??= fetch(`${backendUrl()}/_app/preloads.json`).then((response) => (response.ok ? (response.json() as Promise<Preloads>) : {}));
  const files = await built.catch((): Preloads => {
    built = null;
    return {};
  });
  return names.flatMap((name) => files[name] ?? []);
}

/** While a page is drawn on the server, its questions to the API go straight to this machine, in the name of the visitor. */
export const handleFetch: HandleFetch = ({ event, request, fetch }) => {
  const url = new URL(request.url);
  if (url.origin !== event.url.origin || !url.pathname.startsWith('/api/')) return fetch(request);
  const forwarded = new Request(backendUrl() + url.pathname + url.search, request);
  forwarded.headers.set('cookie', event.request.headers.get('cookie') ?? '');
  // Set by the server itself: whose address these questions count for.
  const drawnFor = event.request.headers.get('x-drawn-for');
  if (drawnFor !== null) forwarded.headers.set('x-drawn-for', drawnFor);
  return fetch(forwarded);
};
