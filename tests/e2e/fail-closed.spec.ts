import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { canFailDisk, failDisk } from '../support/fullDisk.ts';
import { startMongoProxy } from '../support/mongoProxy.ts';
import { closePages, expectLines, expectSaved, openRoom, putCaret, textOf } from './support/editor.ts';
import { serverWithRoom, type ServerProcess, type Visitor } from './support/room.ts';

test.afterEach(({ browser }) => closePages(browser));

const words = { zh: '目前无法保存，本会商室暂时只能查看', en: 'Nothing can be saved at the moment, so the room can only be read' } as const;

/** One writes, one watches; the store fails and comes back. */
async function throughAFailure(
  pages: { readonly writer: Page; readonly watcher: Page },
  server: ServerProcess,
  fail: () => () => void,
): Promise<void> {
  const { writer, watcher } = pages;
  await putCaret(writer, 0, 0);
  await writer.keyboard.type('第一句。');
  await expectSaved(writer);
  await expectLines([watcher], ['第一句。']);

  const undo = fail();
  // At once: where keys come one by one, the text may close between two of them.
  await writer.keyboard.insertText('第二句。');
  // Everybody is told, in the language of the page, and nobody can write on.
  await expect(writer.getByText(words.zh)).toBeVisible({ timeout: 60_000 });
  await expect(watcher.getByText(words.en)).toBeVisible();
  await expect(textOf(writer)).toHaveAttribute('contenteditable', 'false');
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
  // Not said to be saved, not lost, and shown to nobody.
  await expect(textOf(writer)).toContainText('第二句。');
  await expectLines([watcher], ['第一句。']);

  undo();
  await expect(writer.getByText(words.zh)).toBeHidden({ timeout: 60_000 });
  await expect(watcher.getByText(words.en)).toBeHidden();
  await expect(textOf(writer)).toHaveAttribute('contenteditable', 'true');
  await expectLines([writer, watcher], ['第一句。第二句。']);
  await expectSaved(writer);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
}

async function pagesOf(browser: Parameters<typeof openRoom>[0], server: ServerProcess, roomId: string, ana: Visitor) {
  const writer = await openRoom(browser, server, roomId, ana);
  const watcher = await openRoom(browser, server, roomId, ana, { locale: 'en-GB' });
  return { writer, watcher };
}

test('[ROOM17] [ST14] a disk that takes nothing more: the room says so and can only be read, until it can be written again', async ({
  browser,
}) => {
  test.skip(!canFailDisk, 'prlimit is not on this machine');
  const { server, ana, roomId } = await serverWithRoom('磁盘满了');
  try {
    await throughAFailure(await pagesOf(browser, server, roomId, ana), server, () => failDisk(server));
  } finally {
    await server.dispose();
  }
});

test('[ROOM17] [ST14] a database that is gone: the room says so and can only be read, until it is back', async ({ browser }) => {
  const url = process.env.SHANGLIANG_TEST_MONGO_URL ?? '';
  test.skip(url === '', 'needs a MongoDB');
  const proxy = await startMongoProxy(url);
  const through = new URL(proxy.url);
  through.pathname = `/fail_closed_${process.pid}`;
  const { server, ana, roomId } = await serverWithRoom('数据库没了', { mongoUrl: through.href });
  try {
    await throughAFailure(await pagesOf(browser, server, roomId, ana), server, () => {
      proxy.setReachable(false);
      return () => proxy.setReachable(true);
    });
  } finally {
    await server.dispose();
    await proxy.stop();
  }
});
