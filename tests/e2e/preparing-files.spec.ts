import { expect, test } from '@playwright/test';
import { violationsOn } from './support/axe.ts';
import { closePages, openRoom } from './support/editor.ts';
import { complaintsOf, invited, serverWithRoom, type ServerProcess, type Visitor } from './support/room.ts';

let server: ServerProcess;
let ana: Visitor;
let roomId: string;
test.beforeAll(async () => {
  ({ server, ana, roomId } = await serverWithRoom('Entrances'));
});
test.afterEach(async ({ browser }) => closePages(browser));
test.afterAll(() => server.dispose());

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

test('[FIL1] [FIL6] files are added, refused in a sentence, opened by others, and removed', async ({ browser }) => {
  const member = await invited(ana, roomId, 'member', 'ben');
  const page = await openRoom(browser, server, roomId, ana);
  const other = await openRoom(browser, server, roomId, member);
  const complaints = complaintsOf(page);
  const files = page.getByRole('region', { name: '背景文件' });
  await expect(other.getByRole('region', { name: '背景文件' })).toHaveCount(0);

  await files.locator('input[type=file]').setInputFiles([
    { name: '预算.png', mimeType: '', buffer: png },
    { name: 'page.txt', mimeType: 'text/plain', buffer: Buffer.from('<html>no</html>') },
    { name: '说明.txt', mimeType: 'text/plain', buffer: Buffer.from('说明') },
  ]);
  await expect(files.getByRole('link', { name: /预算\.png/ })).toBeVisible();
  await expect(files.getByRole('link', { name: /说明\.txt/ })).toBeVisible();
  await expect(files.getByRole('alert')).toHaveText('不接受此类文件，可以上传 PDF、Word、图片和纯文本。');
  await files.getByRole('button', { name: '放弃page.txt' }).click();
  await expect(files.getByRole('alert')).toHaveCount(0);

  // Far too large: the reason comes, whether or not the server was heard before it hung up.
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(21 * 1024 * 1024)], 'large.pdf'));
    const place = document.querySelector('section[aria-label="背景文件"]');
    place?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(files.getByRole('alert')).toHaveText('文件太大，最多 20 MB。');
  await files.getByRole('button', { name: '放弃large.pdf' }).click();

  expect(await violationsOn(page)).toEqual([]);

  const theirs = other.getByRole('region', { name: '背景文件' });
  await expect(theirs.getByRole('link')).toHaveCount(2);
  await expect(theirs.getByRole('button')).toHaveCount(0);
  const opened = other.waitForEvent('popup');
  await theirs.getByRole('link', { name: /预算\.png/ }).click();
  const picture = await opened;
  await expect(picture.locator('img')).toHaveJSProperty('naturalWidth', 1);
  await picture.close();

  await files.getByRole('button', { name: '删除预算.png' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '删除', exact: true }).click();
  await expect(theirs.getByRole('link')).toHaveCount(1);
  await page.getByRole('tab', { name: '记录' }).click();
  await expect(page.getByText('删除了背景文件预算.png')).toBeVisible();
  expect(complaints.filter((line) => !/status of 4\d\d/.test(line))).toEqual([]);
});
