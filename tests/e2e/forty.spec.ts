import { expect, test } from '@playwright/test';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { enter, slipsFor } from '../support/hall.ts';
import { closePages, openRoom, textOf } from './support/editor.ts';
import { serverWithRoom } from './support/room.ts';

const PEOPLE = 40;

test.afterEach(({ browser }) => closePages(browser));

test('[DR26] [ROOM11] a room of forty stays calm: few flags, comments that wait, one sentence for the ear, and a lock that ends the writing', async ({
  browser,
}, testInfo) => {
  const { server, ana, roomId } = await serverWithRoom('开放公园的出入口怎么设');
  const names = Array.from({ length: PEOPLE }, (_, index) => `委员${index + 1}（模拟）`);
  const secrets = await slipsFor(ana, roomId, names);
  const chair = await ana.join(roomId);
  const draftId = chair.joined?.snapshot?.drafts[0]?.id ?? '';
  const people = await Promise.all(secrets.map((secret) => enter(server.url, secret, roomId, draftId)));
  try {
    const first = people[0]!.provider;
    await expect.poll(() => people.every(({ provider }) => provider.synced), { timeout: 60_000 }).toBe(true);
    const fragment = first.doc.getXmlFragment(DRAFT_FIELD);
    fragment.insert(
      0,
      Array.from({ length: 8 }, (_, index) => {
        const paragraph = new Y.XmlElement('paragraph');
        paragraph.insert(0, [
          new Y.XmlText(`（${index + 1}）公园拆除围墙之后，出入口是居民每天经过的路，间距一般不超过三百米，并按居民实际到访的方向设置。`),
        ]);
        return paragraph;
      }),
    );

    const wide = await openRoom(browser, server, roomId, ana, { viewport: { width: 1280, height: 800 } });
    const phone = await openRoom(browser, server, roomId, null, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      colorScheme: 'dark',
    });
    await expect(wide.getByText('41 人在场').first()).toBeVisible();
    await expect(textOf(wide)).toContainText('（8）');

    // All have their caret somewhere in the text, one after the other.
    await expect
      .poll(() => people.every(({ provider }) => provider.doc.getXmlFragment(DRAFT_FIELD).length === 8), { timeout: 60_000 })
      .toBe(true);
    for (const [index, { provider }] of people.entries()) {
      const line = (provider.doc.getXmlFragment(DRAFT_FIELD).get(index % 8) as Y.XmlElement).get(0) as Y.XmlText;
      const at = Y.createRelativePositionFromTypeIndex(line, 1 + ((index * 7) % 49));
      provider.awareness.setLocalStateField('cursor', { anchor: at, head: at });
    }
    await expect(wide.locator('.caret')).toHaveCount(PEOPLE);
    await expect(wide.locator('.caret:not([data-far])')).toHaveCount(8);
    await expect(wide.locator('.caret[data-far] .caret-flag').first()).toBeHidden();

    // Somebody reads the first comments while forty more come: they wait behind one button, and the ear hears one sentence.
    await people[0]!.client.act({ type: 'postComment', body: '先说一句。', parent: null, stance: null, anchor: null });
    const list = wide.getByRole('region', { name: '讨论' }).first();
    await expect(list.getByText('先说一句。')).toBeVisible();
    for (let n = 0; n < 12; n += 1) {
      await people[n + 2]!.client.act({
        type: 'postComment',
        body: `${'公园的门应当按居民走的方向开。'.repeat(12)} ${n}`,
        parent: null,
        stance: null,
        anchor: null,
      });
    }
    await Promise.all(
      people.map(({ client }, index) =>
        client.act({ type: 'postComment', body: `第 ${index + 1} 位的意见：间距改为二百米。`, parent: null, stance: null, anchor: null }),
      ),
    );
    await expect(wide.getByRole('button', { name: /\d+ 条新留言/ })).toBeVisible();
    await expect(
      wide
        .locator('[aria-live="polite"]')
        .filter({ hasText: /\d+ 条/ })
        .first(),
    ).toBeAttached();
    await wide.screenshot({ path: testInfo.outputPath('forty-1280-light.png') });
    await phone.screenshot({ path: testInfo.outputPath('forty-360-dark.png') });

    // The faces are there too.
    await expect(wide.getByText('在场（41）')).toBeVisible();

    await chair.act({ type: 'lockDraft', draftId });
    await expect(wide.locator('.caret').first()).toBeHidden();
    await expect(wide.getByText(/人正在编辑/)).toHaveCount(0);
    await wide.screenshot({ path: testInfo.outputPath('forty-locked-1280.png') });
  } finally {
    for (const { client, provider } of people) {
      provider.destroy();
      client.close();
    }
    chair.close();
    await server.dispose();
  }
});
