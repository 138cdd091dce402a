import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { newSalt } from '#server/access/secrets.ts';
import { examine } from '#server/doctor/examine.ts';
import { createDrafts } from '#server/drafts/drafts.ts';
import type { Drafts } from '#server/drafts/drafts.ts';
import { writeFirstText } from '#server/drafts/firstText.ts';
import { Histories } from '#server/drafts/histories.ts';
import { loadText } from '#server/drafts/load.ts';
import { takeSnapshot } from '#server/drafts/snapshot.ts';
import { draftAccess } from '#server/rooms/draftAccess.ts';
import { Erasures } from '#server/rooms/erasures.ts';
import { createGroupCommit } from '#server/store/groupCommit.ts';
import type { Eraser } from '#server/store/erasing.ts';
import { StoreUnavailable } from '#server/store/ports.ts';
import { inspectSqlite } from '#server/store/sqlite/inspectSqlite.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { documentText } from '#shared/document/text.ts';
import { systemActor } from '#shared/domain/decision.ts';
import { defaultLimits } from '#shared/domain/limits.ts';
import { occurrences } from '../support/fileBytes.ts';
import { Installation, roomWithBen } from '../support/liveRooms.ts';
import type { Process } from '../support/liveRooms.ts';

const secret = 'secret-7f3a-秘密';
const reason = { code: 'personalData' } as const;

let house: Installation;
beforeEach(() => {
  house = new Installation();
});
afterEach(() => house.dispose());

function parts({ rooms, store, failures }: Process, change: Partial<Eraser & Pick<Drafts, 'erase'>> = {}) {
  const { journal, records, snapshots } = store;
  const commits = createGroupCommit(journal, { turnMs: 1 });
  const full = { whyFull: () => null } as unknown as Parameters<typeof draftAccess>[1] extends () => infer S ? S : never;
  const access = draftAccess(rooms, () => full);
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const drafts = createDrafts({
    ...{ journal, snapshots, commits, access, limits: defaultLimits, now: Date.now, newSalt, log: quiet, idleMs: 0 },
  });
  const histories = new Histories(journal);
  const erasures = new Erasures({
    ...{ journal, records, rooms, histories, now: Date.now, onFailed: (error: unknown) => failures.push(error) },
    erasing: { ...store.erasing, ...change },
    files: { forget: () => Promise.resolve() },
    drafts: { erase: change.erase ?? ((roomId, draftId) => drafts.erase(roomId, draftId)) },
  });
  return { drafts, histories, erasures, commits };
}

const bytesLeft = (): number => occurrences(path.dirname(house.file), secret);

async function looked() {
  const inspection = inspectSqlite(house.file);
  const { findings, remarks, counts } = await examine(inspection, null);
  await inspection.close();
  return { findings, left: remarks.filter(({ what }) => what === 'erasureUnfinished'), erased: counts.erasedEdits };
}

test.for(['erase', 'eraseEntries', 'forgetSnapshots', 'scrub'] as const)(
  '[ERA7] [ERA12] the erasing of a passage that is interrupted at %s is finished at the next start',
  async (step) => {
    const first = await house.process();
    const room = await roomWithBen(first);
    const [draft] = [...room.state.drafts.values()];
    if (draft === undefined) throw new Error('no draft');
    const { erasures, commits, histories } = parts(first, { [step]: () => Promise.reject(new StoreUnavailable('interrupted')) });
    await writeFirstText({ commits, now: Date.now, newSalt }, draft.id, [`Here is ${secret}.`, 'Plain words.'], []);
    await first.store.snapshots.put(takeSnapshot((await loadText(first.store, draft.id)).text));
    const found = await histories.passage(draft, { words: secret });
    const runs = found?.elsewhere.runs ?? [];
    const span = await histories.span(draft, runs);
    expect(span).toEqual({ since: 1, until: null });
    const command = { type: 'erasePassage', draftId: draft.id, runs, ...span, lines: [secret], reason } as const;
    const answer = await erasures.submit(room, systemActor, 'erase-1', command);
    expect(answer).toMatchObject({ ok: true });
    erasures.changed(room.id, [{ type: 'text.erased' }]);
    await erasures.work();
    expect(first.failures).toHaveLength(1);
    // Nobody reads it from here on, and yet it lies in the file.
    const told = room.state.drafts.get(draft.id) ?? draft;
    expect(JSON.stringify(await histories.draft(told, { most: 10, cuts: [], times: [] }))).not.toContain('secret');
    expect((await histories.entries(told, 0, 10)).some(({ bytes }) => Buffer.from(bytes).includes('secret'))).toBe(false);
    expect(bytesLeft()).toBeGreaterThan(0);
    const isLeft = step !== 'scrub';
    expect(await looked()).toMatchObject({ findings: [], left: isLeft ? [{ what: 'erasureUnfinished', room: room.id, texts: 1 }] : [] });

    const second = await house.process();
    const after = parts(second);
    await after.erasures.sweep();
    expect(second.failures).toEqual([]);
    expect(bytesLeft()).toBe(0);
    expect(await looked()).toEqual({ findings: [], left: [], erased: 1 });
    expect(await second.store.records.list('erasure')).toEqual([]);
    const { text } = await loadText(second.store, draft.id);
    expect(documentText(text.doc.getXmlFragment(DRAFT_FIELD))).toBe('Here is .\nPlain words.');
    // Somebody who was away with the whole text hears that it is gone.
    const away = new Y.Doc();
    for (const { bytes, kind } of await second.store.journal.readDraft(draft.id, 0, 100)) if (kind === 'update') Y.applyUpdate(away, bytes);
    expect(documentText(away.getXmlFragment(DRAFT_FIELD))).toBe('Here is .\nPlain words.');
  },
);
