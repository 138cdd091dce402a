import path from 'node:path';
import { expect, test } from 'vitest';
import type { Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import { House } from '../faults/model/house.ts';
import { quickFolder } from '../faults/model/places.ts';
import { Person, until } from './person.ts';

const ana = { kind: 'participant', id: 'ana' } as const;
const settings = { visibility: 'public', whoComments: 'members', guests: true } as const;
const mute = { type: 'muteParticipant', participantId: 'ben', reason: { code: 'disruption' } } as const;

/** The store as somebody has it who is killed before the mark of a lost right is written: what he asks then is never answered. */
function diesAtTheMark(store: Store<RecordKinds>): { readonly store: Store<RecordKinds>; readonly died: Promise<void> } {
  const { promise: died, resolve } = Promise.withResolvers<void>();
  const append: Store<RecordKinds>['journal']['append'] = async (writes) => {
    if (!writes.some((write) => write.kind === 'draft' && write.entries.some(({ kind }) => kind === 'barrier')))
      return store.journal.append(writes);
    resolve();
    return new Promise(() => undefined);
  };
  return { store: { ...store, journal: { ...store.journal, append } }, died };
}

test('[DR10] [LOG6] a process is killed between the end of a right and its mark: another one answers the command sent again behind the mark', async () => {
  const { folder, remove } = await quickFolder('between');
  const store = await openSqlite({ file: path.join(folder, 'shangliang.db') });
  const dying = diesAtTheMark(store);
  const first = await House.start(dying.store, path.join(folder, 'first'), Date.now);
  const second = await House.start(store, path.join(folder, 'second'), Date.now);
  try {
    const { room: here } = await first.app.rooms.hold('r');
    await here.submit(ana, 'make', { type: 'createRoom', creatorId: 'ana', title: 'T', question: '', background: '', settings });
    await here.submit({ kind: 'system' }, 'ben', { type: 'admitParticipant', participantId: 'ben', role: 'member', via: 'invitation' });
    const draftId = [...here.state.drafts.keys()][0] ?? '';
    const { room: there, release } = await second.app.rooms.hold('r');
    const ben = new Person(second.app.drafts, 'ben', { roomId: 'r', draftId });
    await until('ben is in', () => ben.synced);
    ben.type('before. ');
    await until('that is saved', () => ben.allSaved);

    void here.submit(ana, 'mute-ben', mute);
    await dying.died;
    // Nor does it answer too early itself, as long as it lives.
    let early = false;
    void here.submit(ana, 'mute-ben', mute).then(() => (early = true));
    // The other process has not looked into the room's log since: for it ben may still write.
    expect(there.state.participants.get('ben')?.standing).toBe('active');
    const answer = await there.submit(ana, 'mute-ben', mute);
    expect(answer.ok).toBe(true);
    const mark = (await store.journal.readDraft(draftId, 0, 100)).findLast(({ kind }) => kind === 'barrier')?.ordinal;
    expect(mark).toBeDefined();
    ben.type('behind it. ');
    await until('ben is away', () => ben.closed !== null);
    const behind = await store.journal.readDraft(draftId, mark ?? 0, 100);
    expect(behind.filter(({ actorId }) => actorId === 'ben')).toEqual([]);
    expect(early).toBe(false);
    ben.drop();
    release();
  } finally {
    await second.close();
    await store.close();
    await remove();
  }
});
