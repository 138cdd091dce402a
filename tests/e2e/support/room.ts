import type { Browser, BrowserContext, Page } from '@playwright/test';
import { administrator, invited, Visitor } from '../../support/people.ts';
import { ServerProcess, type ServerOptions } from '../../support/serverProcess.ts';

export { ServerProcess, Visitor, administrator, invited };

/** A running server with pages, its first administrator, and one room of hers. */
export async function serverWithRoom(
  title: string,
  options: ServerOptions = {},
): Promise<{ server: ServerProcess; ana: Visitor; roomId: string }> {
  const server = await ServerProcess.start({ ...options, pages: true });
  const ana = await administrator(server.url, server.setupSecret);
  const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title });
  return { server, ana, roomId: id };
}

/** A browser context that is signed in as the visitor. */
export async function contextOf(
  browser: Browser,
  visitor: Visitor | null,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'zh-CN', ...options });
  const [name, value] = visitor?.cookie?.split('=') ?? [];
  if (visitor !== null && name !== undefined && value !== undefined) await context.addCookies([{ name, value, url: visitor.base }]);
  return context;
}

/** Collects what a page complains about: console errors, uncaught exceptions, and that it is not what the server drew. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.text().includes('hydration_mismatch')) complaints.push(message.text());
  });
  return complaints;
}
