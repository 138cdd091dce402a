import { expect, test } from '@playwright/test';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { DraftSocketClient } from '../integration/draftSocket.ts';
import { until } from '../support/people.ts';
import { violationsOn } from './support/axe.ts';
import { administrator, complaintsOf, contextOf, invited, ServerProcess } from './support/room.ts';
import type { Visitor } from './support/room.ts';

const pace = { commandsPerSecond: 1_000, commandBurst: 1_000 };
let server: ServerProcess;
let ana: Visitor;
let chen: Visitor;
let roomId = '';
let draftId = '';

/** Somebody at the draft by the wire alone, so that a history is made in no time. */
class Hand {
  readonly #socket: DraftSocketClient;

  constructor(visitor: Visitor) {
    this.#socket = new DraftSocketClient(server.url, { cookie: visitor.cookie ?? '' }, `${roomId}/${draftId}`);
  }

  async come(): Promise<this> {
    await this.#socket.settled();
    await this.#socket.synced();
    return this;
  }

  get text(): string {
    return this.#socket.text;
  }

  /** Changes the own copy, sends it, and waits until it is safe. */
  async edit(change: (draft: Y.XmlFragment) => void): Promise<void> {
    const { doc, saved } = this.#socket;
    const before = Y.encodeStateVector(doc);
    doc.transact(() => change(doc.getXmlFragment(DRAFT_FIELD)));
    this.#socket.sendUpdate(Y.encodeStateAsUpdate(doc, before));
    await until(() => this.#socket.saved > saved, 'the acknowledgement');
  }

  async sees(words: string): Promise<void> {
    await until(() => this.text.includes(words), words);
  }

  leave(): void {
    this.#socket.ws.close();
  }
}

function paragraph(words: string) {
  return (draft: Y.XmlFragment): void => {
    const element = new Y.XmlElement('paragraph');
    draft.push([element]);
    element.push([new Y.XmlText(words)]);
  };
}

const textOf = (draft: Y.XmlFragment, index: number): Y.XmlText => (draft.get(index) as Y.XmlElement).get(0) as Y.XmlText;

test.beforeAll(async () => {
  server = await ServerProcess.start({ pages: true, env: { LIMITS: JSON.stringify(pace) } });
  ana = await administrator(server.url, server.setupSecret);
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: '开放公园的出入口怎么设', visibility: 'public' }));
  chen = await invited(ana, roomId, 'member', 'chen');
  const chair = await ana.join(roomId);
  draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
  const member = await chen.join(roomId);
  const [a, c] = [await new Hand(ana).come(), await new Hand(chen).come()];
  await a.edit(paragraph('公园拆去围墙、融入街区以后，出入口不再只是一道门，而是居民每天走过的第一段路。'));
  await c.sees('第一段路');
  await c.edit(paragraph('出入口间距不大于三百米，学校、诊所和公交站旁五十米内应有一处。'));
  await a.sees('三百米');
  await chair.act({ type: 'nameVersion', draftId, label: '一读稿' });
  await member.act({ type: 'postComment', body: '老人走不了三百米，建议改为二百米。', stance: 'reservation' });
  await chair.act({ type: 'pauseRoom' });
  await chair.act({ type: 'resumeRoom' });
  await a.edit((draft) => {
    const text = textOf(draft, 1);
    const at = text.toString().indexOf('三百');
    text.delete(at, 2);
    text.insert(at, '二百');
  });
  await c.sees('二百');
  await c.edit(paragraph('每处出入口至少有一条净宽一点五米的无障碍通道。'));
  await chair.act({ type: 'postComment', body: '这一条大家都同意。', stance: 'for' });
  await member.act({ type: 'postComment', body: '后来隐去的话' });
  await chair.act({ type: 'hideComment', comment: 3, reason: { code: 'personalData' } });
  for (const one of [a, c]) one.leave();
  chair.close();
  member.close();
});
test.afterAll(() => server.dispose());

for (const [lang, scheme, width] of [
  ['zh', 'light', 1280],
  ['en', 'dark', 1280],
  ['zh', 'dark', 360],
] as const) {
  test(`[HI8] the slider shows the room as it was, by keys too (${lang}, ${scheme}, ${width} px)`, async ({ browser }) => {
    const context = await contextOf(browser, null, {
      locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
      colorScheme: scheme,
      viewport: { width, height: 800 },
    });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${server.url}/rooms/${roomId}/history`);
    const slider = page.getByRole('slider');
    await expect(slider).toBeVisible();
    const text = page.getByRole('region', { name: lang === 'zh' ? '当时的文本' : 'The text at that moment' });
    await expect(text).toContainText('无障碍通道');
    await expect(text).toContainText('二百米');
    // The first two who came have the first two colours, as in the room.
    const colours = await text
      .locator('.piece')
      .evaluateAll((pieces) => pieces.map((piece) => (piece as HTMLElement).style.getPropertyValue('--person')));
    expect([...new Set(colours)].sort()).toEqual(['var(--p1)', 'var(--p2)']);
    expect(await violationsOn(page)).toEqual([]);

    await slider.focus();
    await page.keyboard.press('Home');
    await expect(text).toContainText(lang === 'zh' ? '当时还没有文本。' : 'There was no text yet.');
    await expect(page.getByText(lang === 'zh' ? '当时还没有人留言。' : 'Nobody had said anything yet.')).toBeVisible();
    for (let step = 0; !(await text.innerText()).includes('三百米'); step += 1) {
      expect(step).toBeLessThan(20);
      await page.keyboard.press('ArrowRight');
    }
    await expect(text).not.toContainText('无障碍通道');
    await expect(slider).toHaveAttribute('aria-valuetext', lang === 'zh' ? /字，0 条留言/ : /characters, 0 comments/);
    await page.getByRole('button', { name: lang === 'zh' ? '下一稿' : 'To the next version' }).click();
    await expect(slider).toHaveAttribute('aria-valuetext', /一读稿/);
    // What was hidden since is hidden in every moment of it.
    await slider.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByText('后来隐去的话')).toHaveCount(0);
    await expect(page.getByText(lang === 'zh' ? '后被主持人隐藏。' : 'Hidden by a moderator since.')).toBeVisible();
    await page.locator('button.margin').first().click();
    await expect(page.locator('p.said')).toContainText('Ana');
    expect(await violationsOn(page)).toEqual([]);
    if (process.env.SHOTS !== undefined) await page.screenshot({ path: `${process.env.SHOTS}/history-${lang}-${scheme}-${width}.png` });

    await page.getByRole('tab', { name: lang === 'zh' ? '比较两稿' : 'Compare two versions' }).click();
    await page.getByLabel(lang === 'zh' ? '从' : 'From', { exact: true }).selectOption('v1');
    await expect(page.locator('del')).toContainText('三百');
    await expect(page.locator('ins').first()).toContainText('二百');
    expect(await violationsOn(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    if (process.env.SHOTS !== undefined) await page.screenshot({ path: `${process.env.SHOTS}/compare-${lang}-${scheme}-${width}.png` });
    expect(complaints).toEqual([]);
    await context.close();
  });
}

test('[HI9] the room plays as a film from its link, and stops where one wants; without motion in pictures', async ({ browser }) => {
  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    const context = await contextOf(browser, null, { reducedMotion });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${server.url}/rooms/${roomId}/history?film`);
    const slider = page.getByRole('slider');
    await page.getByLabel('速度').selectOption('4');
    if (reducedMotion === 'reduce') {
      await expect(page.getByText('逐幅播放')).toBeVisible();
      await page.getByRole('button', { name: '暂停' }).click();
      await slider.press('End');
    }
    const text = page.getByRole('region', { name: '当时的文本' });
    await expect(text).toContainText('无障碍通道');
    await expect(page.getByRole('button', { name: '一分钟播放' })).toBeVisible({ timeout: 60_000 });
    await expect(slider).toHaveValue(String(await slider.getAttribute('max')));
    await page.getByRole('button', { name: '一分钟播放' }).click();
    await page.getByRole('button', { name: '暂停' }).click();
    const at = Number(await slider.inputValue());
    expect(at).toBeLessThan(Number(await slider.getAttribute('max')));
    expect(complaints).toEqual([]);
    await context.close();
  }
});

test('[HI10] [VER1] a version is kept from the room, an earlier text comes back into it under one’s name, and undo takes it away', async ({
  browser,
}) => {
  const context = await contextOf(browser, ana);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${server.url}/rooms/${roomId}`);
  const text = page.getByRole('textbox', { name: /开放公园/ });
  await expect(text).toContainText('二百米');
  await page.getByRole('button', { name: '更多', exact: true }).click();
  await page.getByRole('menuitem', { name: '留存这一稿' }).click();
  await page.getByRole('button', { name: '留存', exact: true }).click();
  await expect(page.getByText('请给这一稿起个名称。')).toBeVisible();
  await page.getByLabel('这一稿的名称').fill('二读稿');
  await page.getByRole('button', { name: '留存', exact: true }).click();
  await page.getByRole('button', { name: '更多', exact: true }).click();
  await page.getByRole('menuitem', { name: '历程回看' }).click();
  const slider = page.getByRole('slider');
  await expect(slider).toHaveAttribute('aria-valuetext', /二读稿/);
  // At the first reading it was three hundred.
  for (let step = 0; !((await slider.getAttribute('aria-valuetext')) ?? '').includes('一读稿'); step += 1) {
    expect(step).toBeLessThan(20);
    await page.getByRole('button', { name: '上一稿' }).click();
  }
  await page.getByRole('link', { name: '恢复为此文本' }).click();
  await page.getByRole('button', { name: '恢复', exact: true }).click();
  await expect(text).toContainText('三百米');
  await expect(text).not.toContainText('无障碍通道');
  await expect(page).toHaveURL(`${server.url}/rooms/${roomId}`);
  await page.getByRole('button', { name: '撤销', exact: true }).last().click();
  await expect(text).toContainText('二百米');
  await expect(text).toContainText('无障碍通道');
  expect(complaints).toEqual([]);
  await context.close();
});

test('[HI11] in the live room one sees who wrote what, and goes on writing', async ({ browser }) => {
  const context = await contextOf(browser, ana);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${server.url}/rooms/${roomId}`);
  const text = page.getByRole('textbox', { name: /开放公园/ });
  await expect(text).toContainText('第一段路');
  await expect(page.locator('.authored')).toHaveCount(0);
  const toggle = page.getByRole('button', { name: '作者标注' });
  await toggle.click();
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('.authored[title^="chen"]').first()).toContainText('出入口间距不大于');
  await expect(page.locator('.authored[title^="Ana"]').first()).toContainText('第一段路');
  await text.getByText('第一段路').click();
  await page.keyboard.press('End');
  await page.keyboard.type('新写的');
  await expect(page.locator('.authored', { hasText: '新写的' })).toHaveAttribute('title', /Ana/);
  if (process.env.SHOTS !== undefined) await page.screenshot({ path: `${process.env.SHOTS}/live-zh.png` });
  await toggle.click();
  await expect(page.locator('.authored')).toHaveCount(0);
  expect(complaints).toEqual([]);
  await context.close();
});
