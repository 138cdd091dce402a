import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { violationsOn } from './support/axe.ts';
import { closePages, openRoom, textOf } from './support/editor.ts';
import type { Visitor } from './support/room.ts';
import { administrator, complaintsOf, contextOf, ServerProcess } from './support/room.ts';

let server: ServerProcess;
let ana: Visitor;

test.beforeAll(async () => {
  server = await ServerProcess.start({ pages: true });
  ana = await administrator(server.url, server.setupSecret);
});
test.afterEach(({ browser }) => closePages(browser));
test.afterAll(() => server.dispose());

async function expectNoViolations(page: Page): Promise<void> {
  expect(await violationsOn(page)).toEqual([]);
}

const messy = [
  '市政协委员名单\t\t\t',
  '序号\t姓名\t界别\t身份',
  '1\t王　芳\t教育界\t委员',
  '2\t\t农业界\t委员',
  '3\t赵敏\t同上\t财务',
  '4\t王芳\t教育界\t委员',
  ...Array.from({ length: 82 }, (_, index) => `${index + 5}\t委员${index + 5}\t医卫界\t委员`),
  '合计 86 人\t\t\t',
].join('\r\n');

test('[ROS5] a pasted list is corrected in place and becomes people with slips, by keyboard alone', async ({ browser }) => {
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: '八十五人' });
  const page = await openRoom(browser, server, roomId, ana);
  const complaints = complaintsOf(page);
  await page.getByRole('button', { name: '邀请参与者' }).first().press('Enter');
  await page.getByRole('button', { name: '按名单邀请……' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: '按名单邀请' });
  await dialog.getByRole('button', { name: '检查名单' }).press('Enter');
  await expect(dialog.getByText('没有找到姓名。每行写一个姓名即可。')).toBeVisible();
  await dialog.getByRole('textbox', { name: '名单' }).fill(messy);
  await dialog.getByRole('button', { name: '检查名单' }).press('Enter');

  await expect(dialog.getByText('86 人', { exact: true })).toBeVisible();
  await expect(dialog.getByText('3 行需要更正').first()).toBeVisible();
  for (const words of ['缺少姓名。', '无法识别这个身份，请选择。', '此人在名单中重复。'])
    await expect(dialog.getByText(words)).toBeVisible();
  await expectNoViolations(page);
  // The way on is shut, with the reason.
  await dialog.getByRole('button', { name: '加入 86 人' }).press('Enter');
  await expect(page.getByRole('dialog', { name: '按名单邀请' }).getByText('3 行需要更正').first()).toBeVisible();

  const rows = dialog.getByRole('listitem');
  await rows.nth(1).getByRole('textbox', { name: '姓名' }).focus();
  await page.keyboard.type('钱进');
  await expect(rows.nth(1).getByRole('textbox', { name: '姓名' })).toBeFocused();
  await rows.nth(2).getByRole('combobox', { name: '身份' }).selectOption({ label: '委员' });
  await rows.nth(3).getByRole('button', { name: '不加入王芳' }).press('Enter');
  await expect(dialog.getByText('需要更正')).toHaveCount(0);
  await dialog.getByRole('button', { name: '加入 85 人' }).press('Enter');
  await expect(dialog.getByText('85 人已加入会商室。')).toBeVisible();
  expect(await dialog.getByRole('link', { name: '打印纸条' }).getAttribute('href')).toBe(`/rooms/${roomId}/slips`);
  // They are in the room at once, under their names and labels, without a reload.
  await page.keyboard.press('Escape');
  await page.getByText('不在场（85）').click();
  await expect(page.getByText('委员 · 教育界')).toBeVisible();

  // The same list once more brings nobody twice.
  await page.getByRole('button', { name: '邀请参与者' }).first().press('Enter');
  await page.getByRole('button', { name: '按名单邀请……' }).press('Enter');
  await dialog.getByRole('textbox', { name: '名单' }).fill('姓名\t界别\n王芳\t教育界\n孙涛\t教育界');
  await dialog.getByRole('button', { name: '检查名单' }).press('Enter');
  await expect(dialog.getByText('1 人此前已加入')).toBeVisible();
  await dialog.getByRole('button', { name: '加入 2 人' }).press('Enter');
  await expect(dialog.getByText('2 人已加入会商室。')).toBeVisible();
  const { people } = await ana.ok<{ people: unknown[] }>('GET', `/api/rooms/${roomId}/roster`);
  expect(people.length).toBe(86);
  expect(complaints).toEqual([]);
});

test('[ROS4] a file of an old spreadsheet in GB18030 is read, another format is refused with a sentence', async ({ browser }) => {
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: '文件' });
  const page = await openRoom(browser, server, roomId, ana, { viewport: { width: 360, height: 740 } });
  await page.getByRole('navigation', { name: '会商室各处' }).getByRole('button', { name: '参与者' }).click();
  await page.getByRole('button', { name: '邀请参与者' }).last().click();
  await page.getByRole('button', { name: '按名单邀请……' }).click();
  const dialog = page.getByRole('dialog', { name: '按名单邀请' });
  const file = dialog.getByLabel('选择文件（.csv、.tsv、.txt）');
  await file.setInputFiles({ name: 'list.xlsx', mimeType: 'text/csv', buffer: Buffer.from('PK\u0003\u0004') });
  await expect(dialog.getByText('这不是文本文件。', { exact: false })).toBeVisible();
  // 姓名\n王芳 in GB18030
  const bytes = Buffer.from([0xd0, 0xd5, 0xc3, 0xfb, 0x0d, 0x0a, 0xcd, 0xf5, 0xb7, 0xbc, 0x0d, 0x0a]);
  await file.setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: bytes });
  await expect(dialog.getByText('王芳')).toBeVisible();
  await expectNoViolations(page);
  await dialog.getByRole('button', { name: '加入 1 人' }).click();
  await expect(dialog.getByText('1 人已加入会商室。')).toBeVisible();
});

test('[PLK9] the sheet prints ten slips on a page of A4, and a link is renewed and withdrawn on it', async ({ browser }) => {
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: '开放公园的出入口怎么设' });
  const names = Array.from({ length: 23 }, (_, index) => `委员${String(index + 1).padStart(2, '0')}`);
  await ana.ok('POST', `/api/rooms/${roomId}/roster`, { people: names.map((displayName) => ({ displayName, role: 'member' })) });
  const context = await contextOf(browser, ana);
  const page = await context.newPage();
  await page.goto(`${server.url}/rooms/${roomId}/slips`);
  await expect(page.getByRole('img', { name: '委员01的二维码' })).toBeVisible();
  await expect(page.getByText('23 张')).toBeVisible();
  // On this machine's own address a printed code would lead nowhere, and that is said before the paper is spent.
  await expect(page.getByText('这些二维码指向的地址只有本机能打开', { exact: false })).toBeVisible();
  await expectNoViolations(page);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBe(3);

  await page.getByRole('searchbox', { name: '查找姓名' }).fill('07');
  await expect(page.getByText('1 张')).toBeVisible();
  const before = await page.getByRole('img', { name: '委员07的二维码' }).locator('path').getAttribute('d');
  await page.getByRole('button', { name: '给委员07换新链接' }).click();
  await expect(page.getByText('已给委员07换新链接', { exact: false })).toBeVisible();
  await expect.poll(() => page.getByRole('img', { name: '委员07的二维码' }).locator('path').getAttribute('d')).not.toBe(before);
  await page.getByRole('button', { name: '收回委员07的链接' }).click();
  await expect(page.getByText('此链接已收回。')).toBeVisible();
  await expect(page.getByRole('img', { name: '委员07的二维码' })).toHaveCount(0);
});

for (const lang of ['zh', 'en'] as const) {
  test(`[PLK9] on paper nothing of a slip is cut off, long names and titles too (${lang})`, async ({ browser }) => {
    const title = { zh: '老城区十二座公园围墙拆除以后出入口怎么设', en: 'Where the bus stops on market days and on Sundays' }[lang];
    const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title });
    const chair = await ana.join(roomId);
    await chair.act({ type: 'scheduleRoom', startsAt: Date.now() + 86_400_000 });
    chair.close();
    const people = [
      ['王芳', '教育界', '市第一中学'],
      ['买买提江·阿不都热依木', '少数民族界', '自治区农业科学院园艺作物研究所'],
      ['Maria Magdalena van den Berg-Schmidt', 'Education and the arts', 'First School, Northern District of the Town'],
    ].map(([displayName, sector, organisation]) => ({ displayName, sector, organisation, role: 'member' }));
    await ana.ok('POST', `/api/rooms/${roomId}/roster`, { people });
    const page = await (await contextOf(browser, ana, { locale: lang === 'zh' ? 'zh-CN' : 'en-GB' })).newPage();
    await page.goto(`${server.url}/rooms/${roomId}/slips`);
    await expect(page.locator('.slip svg[role="img"]')).toHaveCount(people.length);
    await page.emulateMedia({ media: 'print' });
    const cut = await page.locator('.slip').evaluateAll((slips) =>
      slips.flatMap((slip) => {
        const edge = slip.getBoundingClientRect();
        const inside = [...slip.querySelectorAll('.address, .help, svg')].map((part) => part.getBoundingClientRect());
        const [address, , help] = inside;
        const whole = inside.every(({ bottom, right }) => bottom <= edge.bottom && right <= edge.right);
        return whole && (address?.bottom ?? 0) <= (help?.top ?? 0) + 1 ? [] : [slip.textContent];
      }),
    );
    expect(cut).toEqual([]);
    if (process.env['PICTURES'] !== undefined)
      await page.pdf({ path: `${process.env['PICTURES']}/slips-long-${lang}.pdf`, preferCSSPageSize: true });
  });
}

test('[PLK5] who may not invite sees no slips', async ({ browser }) => {
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: '不给看' });
  await ana.ok('POST', `/api/rooms/${roomId}/roster`, { people: [{ displayName: '王芳', role: 'member' }] });
  const { slips } = await ana.ok<{ slips: { path: string }[] }>('POST', `/api/rooms/${roomId}/slips`, { participantIds: 'all' });
  const page = await (await contextOf(browser, null)).newPage();
  await page.goto(`${server.url}${slips[0]?.path ?? ''}`);
  await expect(textOf(page)).toBeVisible();
  await page.goto(`${server.url}/rooms/${roomId}/slips`);
  await expect(page.getByRole('alert')).toHaveText('您当前的身份不能进行此操作。');
});
