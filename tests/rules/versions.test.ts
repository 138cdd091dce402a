import { describe, expect, test } from 'vitest';
import { systemActor } from '#shared/domain/decision.ts';
import { draftsToSeal } from '#shared/domain/drafts/drafts.ts';
import type { DraftVersion } from '#shared/domain/state.ts';
import { ana, ben, cai, Scenario } from '../support/roomScenario.ts';

function versionsOf(room: Scenario): readonly DraftVersion[] {
  return room.state.drafts.get(room.draftId)?.versions ?? [];
}

function sealing(room: Scenario, contentHash: string) {
  return { type: 'sealRevision', draftId: room.draftId, lineage: 'l', ordinal: contentHash.length, logDigest: 'd', contentHash } as const;
}

describe('versions of a draft', () => {
  test('[VER1] a moderator and a recorder name the text as it stands; a member does not', () => {
    const room = Scenario.room();
    expect(room.tries(ben, { type: 'nameVersion', draftId: room.draftId, label: 'mine' })).toBe('notAllowed');
    expect(room.tries(cai, { type: 'nameVersion', draftId: 'none', label: 'x' })).toBe('unknownDraft');
    expect(room.tries(cai, { type: 'nameVersion', draftId: room.draftId, label: ' ' })).toBe('emptyText');
    expect(room.tries(cai, { type: 'nameVersion', draftId: room.draftId, label: 'x'.repeat(201) })).toBe('textTooLong');
    room.does(cai, { type: 'nameVersion', draftId: room.draftId, label: ' First reading ' });
    const [naming] = room.state.drafts.get(room.draftId)?.naming ?? [];
    room.does(systemActor, { ...sealing(room, 'one'), cause: 'named', versionId: naming?.versionId });
    expect(versionsOf(room).map(({ number, cause, name }) => [number, cause, name?.label.text, name?.by])).toEqual([
      [1, 'named', 'First reading', 'cai'],
    ]);
    expect(room.state.drafts.get(room.draftId)?.naming).toEqual([]);
  });

  test('[VER2] a version comes of a change of stage only where the text changed, of a name always, and of each name once', () => {
    const room = Scenario.room();
    room.does(systemActor, { ...sealing(room, 'one'), cause: 'paused' });
    expect(room.tries(systemActor, { ...sealing(room, 'one'), cause: 'locked' })).toBe('alreadySo');
    room.does(ana, { type: 'nameVersion', draftId: room.draftId, label: 'The same text' });
    const versionId = room.state.drafts.get(room.draftId)?.naming[0]?.versionId;
    room.does(systemActor, { ...sealing(room, 'one'), cause: 'named', versionId });
    expect(room.tries(systemActor, { ...sealing(room, 'one'), cause: 'named', versionId })).toBe('alreadySo');
    expect(versionsOf(room).map(({ number, cause }) => [number, cause])).toEqual([
      [1, 'paused'],
      [2, 'named'],
    ]);
  });

  test('[VER3] which changes of stage seal which drafts', () => {
    const seals = (type: 'room.paused' | 'room.resumed' | 'room.closed' | 'room.commentingOpened' | 'room.archived') =>
      draftsToSeal([type === 'room.paused' ? { type, v: 1, note: null } : { type, v: 1 }], ['a', 'b']).map(
        ({ draftId, cause }) => `${draftId} ${cause}`,
      );
    expect(draftsToSeal([{ type: 'draft.locked', v: 1, draftId: 'b' }], ['a', 'b'])).toEqual([{ draftId: 'b', cause: 'locked' }]);
    expect(seals('room.paused')).toEqual(['a paused', 'b paused']);
    expect(seals('room.closed')).toEqual(['a closed', 'b closed']);
    expect(seals('room.commentingOpened')).toEqual(['a commentingOpened', 'b commentingOpened']);
    expect(seals('room.archived')).toEqual(['a archived', 'b archived']);
    expect(seals('room.resumed')).toEqual([]);
  });

  test('[VER1] no more names than the limit', () => {
    const room = Scenario.room({ namedVersionsPerDraft: 1 });
    room.does(ana, { type: 'nameVersion', draftId: room.draftId, label: 'one' });
    expect(room.tries(ana, { type: 'nameVersion', draftId: room.draftId, label: 'two' })).toBe('tooMany');
  });
});
