import { expect, test } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import type { Slip } from '#shared/protocol/messages.ts';
import { closePages, expectSaved, linesOf, openRoom, textOf } from './support/editor.ts';
import { complaintsOf, contextOf, serverWithRoom, Visitor } from './support/room.ts';

const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
const desktop = { viewport: { width: 1280, height: 800 } };
/** A list as it comes out of a spreadsheet: a head, and a row for each of 85 people. */
const list = ['姓名\t界别\t身份', ...Array.from({ length: 85 }, (_, index) => `委员${index + 1}\t教育界\t委员`)].join('\r\n');
const clauses = ['第一条 出入口间距一般不超过三百米。', '第二条 停放点不占用盲道。'];

/** Somebody who scans his slip. */
async function arrival(browser: Browser, url: string, path: string, options: typeof phone | typeof desktop): Promise<Page> {
  const page = await (await contextOf(browser, null, options)).newPage();
  await page.goto(url + path);
  await expect(textOf(page)).toBeVisible();
  return page;
}

function go(page: Page, place: RegExp): Promise<void> {
  return page.getByRole('navigation', { name: '会商室各处' }).getByRole('button', { name: place }).tap();
}

async function write(page: Page, words: string): Promise<void> {
  await page.getByRole('textbox', { name: '写留言……' }).fill(words);
  await page.getByRole('button', { name: '发送' }).click();
  await expect(page.getByRole('article').filter({ hasText: words })).toBeVisible();
}

test('one sitting, from a pasted list of 85 names to the record of agreement and disagreement, on phones and desktops at once', async ({
  browser,
}) => {
  const { server, ana, roomId } = await serverWithRoom('开放公园的出入口怎么设');
  try {
    // The secretary pastes her list, and every name has a slip.
    const secretary = await openRoom(browser, server, roomId, ana, desktop);
    const complaints = complaintsOf(secretary);
    await secretary.getByRole('button', { name: '邀请参与者' }).first().click();
    await secretary.getByRole('button', { name: '按名单邀请……' }).click();
    const roster = secretary.getByRole('dialog', { name: '按名单邀请' });
    await roster.getByRole('textbox', { name: '名单' }).fill(list);
    await roster.getByRole('button', { name: '检查名单' }).click();
    await roster.getByRole('button', { name: '加入 85 人' }).click();
    await expect(roster.getByText('85 人已加入会商室。')).toBeVisible();
    await secretary.keyboard.press('Escape');
    const sheet = await secretary.context().newPage();
    await sheet.goto(`${server.url}/rooms/${roomId}/slips`);
    await expect(sheet.getByText('85 张')).toBeVisible();
    await expect(sheet.getByRole('img', { name: '委员85的二维码' })).toBeAttached();
    await sheet.close();

    // The text she brought is the draft, before the first one comes.
    await secretary.getByRole('button', { name: '导入文本……' }).first().click();
    const bringing = secretary.getByRole('dialog');
    await bringing.getByRole('textbox', { name: '或在此粘贴文字' }).fill(clauses.join('\n\n'));
    await bringing.getByRole('button', { name: '预览' }).click();
    await bringing.getByRole('button', { name: '放入草案' }).click();
    await expect.poll(async () => (await linesOf(secretary)).join('')).toContain('三百米');
    await expectSaved(secretary);

    // Three come with phones and two with laptops, at once.
    const { slips } = await ana.ok<{ slips: Slip[] }>('POST', `/api/rooms/${roomId}/slips`, { participantIds: 'all' });
    const pathOf = (name: string): string => slips.find(({ person }) => person.displayName === name)?.path ?? '';
    const [one, two, three, four, five] = await Promise.all(
      ([phone, phone, phone, desktop, desktop] as const).map((device, index) =>
        arrival(browser, server.url, pathOf(`委员${index + 1}`), device),
      ),
    );
    if (!one || !two || !three || !four || !five) throw new Error('somebody did not come');
    for (const page of [one, two, three, four, five]) await expect(textOf(page)).toContainText('停放点不占用盲道。');
    await expect(secretary.getByText('6 人在场').first()).toBeVisible();

    // They talk, and the secretary writes down who speaks without a device.
    for (const page of [one, two, three]) await go(page, /讨论/);
    await write(one, '建议间距改为二百米。');
    await write(two, '侧门夜里关上。');
    await write(four, '停放点要划线。');
    await secretary.getByRole('button', { name: '代场内的人记录发言' }).click();
    await secretary.getByRole('combobox', { name: '谁在发言？' }).fill('委员60');
    await secretary.keyboard.press('Enter');
    await secretary.locator('[data-place="discussion"] footer').getByRole('textbox').fill('我家门口没有坡道。');
    await secretary.getByRole('button', { name: '记录', exact: true }).click();
    for (const page of [one, five]) await expect(page.getByRole('article').filter({ hasText: '坡道' })).toContainText('由 Ana 记录');

    // She gathers; who said it confirms on his phone, and others support it.
    await secretary.getByRole('button', { name: '将委员1的留言列为意见建议' }).click();
    await secretary.getByRole('dialog', { name: '列为意见建议' }).getByRole('button', { name: '列入' }).click();
    await one.getByRole('region', { name: '是这个意思吗？' }).getByRole('button', { name: '是这个意思' }).tap();
    for (const page of [two, three]) {
      await go(page, /意见建议/);
      await page.getByRole('article', { name: '意见建议 1', exact: true }).getByRole('button', { name: /附议/ }).tap();
    }
    // About the gate two disagree.
    for (const [page, act] of [
      [three, { type: 'supportComment', comment: 2 }],
      [five, { type: 'postComment', body: '关了要绕路。', parent: 2, stance: 'against' }],
    ] as const) {
      const voice = new Visitor(server.url);
      const cookies = await page.context().cookies();
      voice.cookie = cookies
        .filter(({ httpOnly }) => httpOnly)
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ');
      const seat = await voice.join(roomId);
      await seat.act(act);
      seat.close();
    }

    // A pause stops everybody; it ends, the text is locked, the room is closed.
    await secretary.getByRole('button', { name: '暂停', exact: true }).click();
    for (const page of [one, five]) await expect(page.getByText('Ana已暂停会商', { exact: false }).first()).toBeVisible();
    const header = secretary.getByRole('banner');
    await header.getByRole('button', { name: '继续会商' }).click();
    await header.getByRole('button', { name: '更多' }).click();
    await secretary.getByRole('menuitem', { name: '锁定文本' }).click();
    await go(one, /文本/);
    await expect(textOf(one)).toHaveAttribute('contenteditable', 'false');
    // What nobody gathered is named before the talk ends, and stays the secretary's choice.
    await header.getByRole('button', { name: '更多' }).click();
    await secretary.getByRole('menuitem', { name: /结束会商/ }).click();
    await expect(secretary.getByRole('dialog')).toContainText(/条留言未归集/);
    await secretary.getByRole('dialog').getByRole('button', { name: '结束会商' }).click();

    // What remains: for a member on a phone, with what he said, and for the secretary's file.
    await secretary.getByRole('banner').getByRole('link', { name: '查看成果' }).click();
    for (const page of [secretary, one]) {
      if (page === one) await page.goto(`${server.url}/rooms/${roomId}/outcome`);
      await expect(page.getByRole('region', { name: /共识/ })).toContainText('建议间距改为二百米。');
      await expect(page.getByRole('region', { name: /分歧/ })).toContainText('侧门夜里关上。');
      await expect(page.getByText(/第 1 稿，封存于/)).toBeVisible();
    }
    await expect(one.getByText('我的 1 条留言的去向')).toBeVisible();
    for (const [format, begins] of [
      ['md', '# 开放公园的出入口怎么设'],
      ['docx', 'PK'],
    ] as const) {
      const file = await secretary.request.get(`${server.url}/api/rooms/${roomId}/outcome/export?format=${format}&lang=zh`);
      expect((await file.body()).toString().startsWith(begins), format).toBe(true);
    }
    expect(complaints).toEqual([]);
  } finally {
    await closePages(browser);
    await server.dispose();
  }
});
