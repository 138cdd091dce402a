import { expect } from '@playwright/test';
import type { Browser, BrowserContext, Locator, Page } from '@playwright/test';
import { contextOf, type ServerProcess, type Visitor } from './room.ts';

/** What Tiptap hangs on the element it draws; only what the journeys need. */
interface EditorElement extends HTMLElement {
  readonly editor: {
    readonly state: { readonly selection: { readonly from: number; readonly to: number } };
    readonly view: { posAtDOM(node: Node, offset: number): number; readonly composing: boolean };
    readonly commands: { insertContentAt(at: number, words: string): boolean };
  };
}

/** A visitor's page on a room, once the draft is there. */
export async function openRoom(
  browser: Browser,
  server: ServerProcess,
  roomId: string,
  visitor: Visitor | null,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Page> {
  return openIn(await contextOf(browser, visitor, options), server, roomId);
}

export async function openIn(context: BrowserContext, server: ServerProcess, roomId: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${server.url}/rooms/${roomId}`);
  await expect(textOf(page)).toBeVisible();
  return page;
}

/** Journeys open contexts of their own; left open, their pages would go on looking for servers that are gone. */
export async function closePages(browser: Browser): Promise<void> {
  for (const context of browser.contexts()) await context.close();
}

/** The text of the draft. */
export function textOf(page: Page): Locator {
  return page.locator('.ProseMirror');
}

/** What stands in the draft, a line for each block. */
export function linesOf(page: Page): Promise<string[]> {
  return textOf(page).evaluate((element) => [...element.children].map((block) => block.textContent));
}

/** Waits until every page shows these lines. */
export async function expectLines(pages: readonly Page[], lines: readonly string[]): Promise<void> {
  for (const page of pages) await expect.poll(() => linesOf(page)).toEqual(lines);
}

/** Where one's changes are, as the page says it. */
export function saveStateOf(page: Page): Locator {
  return page.locator('[data-state]:visible').filter({ has: page.locator('.words') });
}

export async function expectSaved(page: Page): Promise<void> {
  await expect(saveStateOf(page).first()).toContainText(/已保存 \d\d:\d\d/);
}

/** Puts the caret behind `offset` characters of a block, and waits until the editor knows. */
export async function putCaret(page: Page, block: number, offset: number, length = 0): Promise<void> {
  await textOf(page).focus();
  await textOf(page).evaluate(
    (element, [block, offset, length]) => {
      const walker = document.createTreeWalker(element.children[block] ?? element, NodeFilter.SHOW_TEXT);
      const find = (wanted: number): [Node, number] => {
        let before = 0;
        for (let node = (walker.currentNode = walker.root) && walker.nextNode(); node !== null; node = walker.nextNode()) {
          const { length } = node.textContent ?? '';
          if (wanted <= before + length) return [node, wanted - before];
          before += length;
        }
        return [element.children[block] ?? element, 0];
      };
      const [start, from] = find(offset);
      const [end, to] = find(offset + length);
      getSelection()?.setBaseAndExtent(start, from, end, to);
    },
    [block, offset, length] as const,
  );
  await editorKnowsCaret(page);
}

/** Presses a key that moves the caret, and waits until the editor knows. */
export async function moveCaret(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key);
  await editorKnowsCaret(page);
}

async function editorKnowsCaret(page: Page): Promise<void> {
  await expect
    .poll(() =>
      textOf(page).evaluate(async (element) => {
        // The browser tells of a moved caret with its next frame.
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const selection = getSelection();
        const { editor } = element as EditorElement;
        if (selection?.focusNode == null || !element.contains(selection.focusNode)) return false;
        const at = editor.view.posAtDOM(selection.focusNode, selection.focusOffset);
        return at === editor.state.selection.from || at === editor.state.selection.to;
      }),
    )
    .toBe(true);
}

/** Has a page write into a draft without a caret, `times` times, `everyMs` apart; resolves when it has begun. */
export async function writeSteadily(page: Page, words: string, everyMs: number): Promise<{ stop: () => Promise<number> }> {
  await textOf(page).evaluate(
    (element, [words, everyMs]) => {
      const state = { count: 0, timer: 0 };
      state.timer = window.setInterval(() => {
        (element as EditorElement).editor.commands.insertContentAt(1, words);
        state.count += 1;
      }, everyMs);
      Object.assign(window, { steady: state });
    },
    [words, everyMs] as const,
  );
  return {
    stop: () =>
      page.evaluate(() => {
        const { steady } = window as unknown as { steady: { count: number; timer: number } };
        clearInterval(steady.timer);
        return steady.count;
      }),
  };
}
