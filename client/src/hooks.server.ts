import type { Handle, HandleFetch, ServerInit } from '@sveltejs/kit/hooks';
import { bringArea, bringLang } from './lib/i18n/catalogue.ts';
import { chooseLang, htmlLang, langCookie, langs } from './lib/i18n/lang.ts';
import { isTheme, themeCookie } from './lib/theme/theme.ts';

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
  const response = await resolve(event, {
    transformPageChunk: ({ html }) => html.replace('%app.lang%', htmlLang[event.locals.lang]).replace('%app.theme%', event.locals.theme),
  });
  // A page shows who is signed in and in which language: no cache between may give it to somebody else.
  if (response.headers.get('content-type')?.startsWith('text/html')) response.headers.set('cache-control', 'private, no-cache');
  return response;
};

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
