import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { contentHash } from '#shared/document/text.ts';
import type { DraftEntry, Journal } from '#server/store/ports.ts';
import { edit } from './randomEdit.ts';
import { documentOf, draftId, join, logOf, openTestStore, roomId, startDrafts, until } from './harness.ts';
import type { House, Person } from './harness.ts';
import { randomOf } from '../support/random.ts';

const nightly = process.env.NIGHTLY === '1';
const seeds = nightly ? Array.from({ length: 300 }, (_, n) => n + 1) : [1, 2, 3, 4, 5, 6];
const steps = nightly ? 300 : 120;
const names = ['ana', 'ben', 'carl', 'dora', 'emil'] as const;

/** Houses that can be torn down without a goodbye. */
function startCrashable(store: Awaited<ReturnType<typeof openTestStore>>): House & { crash: () => void } {
  let dead = false;
  const house = startDrafts(store, {
    parts: { idleMs: 0 },
    limits: { framesPerSecond: 10_000, frameBurst: 10_000 },
    journal: (journal: Journal) => ({ ...journal, append: (writes) => (dead ? new Promise(() => undefined) : journal.append(writes)) }),
  });
  return {
    ...house,
    crash: () => {
      dead = true;
    },
  };
}

describe('[DR2] [DR15] [DR16] random people, edits, drops, rejoins, crashes and a second process converge', () => {
  test.each(seeds)('seed %i', async (seed) => {
    const random = randomOf(seed);
    const store = await openTestStore();
    const houses = [startCrashable(store), startCrashable(store)];
    const people = new Map<string, Person>();
    const docs = new Map(names.map((name) => [name, new Y.Doc()]));
    const done: string[] = [];
    for (let step = 0; step < steps; step += 1) {
      const name = names[random(names.length)] ?? 'ana';
      const person = people.get(name);
      const doc = docs.get(name) ?? new Y.Doc();
      const what = random(20);
      if (what === 0 && person !== undefined) {
        person.drop();
        people.delete(name);
        done.push(`${name} drops`);
      } else if (what === 1 && random(4) === 0) {
        const index = random(2);
        houses[index]?.crash();
        for (const [each, connected] of people) {
          if (connected.house !== index) continue;
          connected.drop();
          people.delete(each);
        }
        houses[index] = startCrashable(store);
        done.push(`house ${index} crashes`);
      } else if (what === 2) {
        await Promise.all(houses.map(({ drafts }) => drafts.catchUp(roomId)));
        done.push('doorbell');
      } else if ((person === undefined || !person.connected) && what < 10) {
        // Mostly in one house, sometimes in the other.
        const index = random(4) === 0 ? 1 : 0;
        const joined = await join((houses[index] as House).drafts, name, { doc });
        joined.house = index;
        expect(joined.closed, done.join('; ')).toBeNull();
        people.set(name, joined);
        done.push(`${name} joins ${index}`);
      } else {
        edit(doc, random);
        if (random(3) === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    }
    for (const name of names) {
      const person = people.get(name);
      if (person?.connected === true) continue;
      const joined = await join((houses[0] as House).drafts, name, { doc: docs.get(name) ?? new Y.Doc() });
      joined.house = 0;
      people.set(name, joined);
    }
    const all = [...people.values()];
    // What one receives can make one's editor tidy up formatting, and so write again; it ends when nobody does.
    let entries: readonly DraftEntry[];
    do {
      entries = await logOf(store);
      await until('everything is acknowledged', () => all.every(({ allSaved, closed }) => allSaved && closed === null));
      await Promise.all(houses.map(({ drafts }) => drafts.catchUp(roomId)));
    } while ((await logOf(store)).length > entries.length || !all.every(({ allSaved }) => allSaved));
    const log = await documentOf(store);
    const hash = contentHash(log.getXmlFragment(DRAFT_FIELD));
    expect(
      all.map(({ doc }) => contentHash(doc.getXmlFragment(DRAFT_FIELD))),
      done.join('; '),
    ).toEqual(all.map(() => hash));
    for (const { doc } of all) expect(Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(log)), done.join('; ')).toBe(true);
    for (const { drafts } of houses) expect((await drafts.read(roomId, draftId)).contentHash).toBe(hash);
    expect(entries.map(({ ordinal }) => ordinal)).toEqual(entries.map((_, index) => index + 1));
    expect(entries.length).toBeGreaterThan(steps / 4);
  });
});
