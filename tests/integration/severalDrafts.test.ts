import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clauseIds } from '#shared/document/clauseIds.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import type { DraftState } from '#shared/domain/state.ts';
import { until } from '../support/people.ts';
import { furnish } from './house.ts';
import type { House } from './house.ts';
import { DraftSocketClient } from './draftSocket.ts';

let house: House;
beforeAll(async () => {
  house = await furnish();
});
afterAll(() => house.server.dispose());

/** The drafts as somebody sees them who joins now. */
async function drafts(): Promise<readonly DraftState[]> {
  const client = await house.ana.join(house.roomId);
  client.close();
  return client.joined?.snapshot?.drafts ?? [];
}

async function sealedDrafts(count: number): Promise<readonly DraftState[]> {
  await expect.poll(async () => (await drafts()).filter(({ revision }) => revision !== null).length, { timeout: 20_000 }).toBe(count);
  return drafts();
}

describe('[CLA2] [CLA3] several drafts over the wires', () => {
  test('a lock seals the draft that is locked, with its clauses, and no other; the close of the room seals all', async () => {
    const chair = await house.ana.join(house.roomId);
    await chair.act({ type: 'createDraft', title: '附则' });
    const [first, second] = await drafts();
    expect([first?.title, second?.title?.text]).toEqual([null, '附则']);

    const socket = new DraftSocketClient(house.server.url, house.credentials('member'), `${house.roomId}/${second?.id ?? ''}`);
    await socket.settled();
    await socket.synced();
    const fragment = socket.doc.getXmlFragment(DRAFT_FIELD);
    for (const words of ['自公布之日起施行。', '', '由主管单位解释。']) socket.sendUpdate(socket.typed(words));
    await until(() => socket.saved === 3, 'the text');
    await chair.act({ type: 'lockDraft', draftId: second?.id ?? '' });
    const sealed = await sealedDrafts(1);
    const ids = clauseIds(fragment).filter((id) => id !== null);
    expect(ids).toHaveLength(2);
    expect(sealed.map(({ locked, revision }) => [locked, revision?.number ?? null])).toEqual([
      [false, null],
      [true, 1],
    ]);
    expect(sealed[1]?.numbered).toEqual(ids.map((id, index) => ({ id, label: String(index + 1) })));
    socket.close();

    await chair.act({ type: 'closeRoom' });
    const all = await sealedDrafts(2);
    // The text of the locked one has not changed since, so it needs no other version.
    expect(all.map(({ revision }) => revision?.number)).toEqual([1, 1]);
    chair.close();
  });
});
