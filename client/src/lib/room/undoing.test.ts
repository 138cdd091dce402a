import { expect, test } from 'vitest';
import type { RoomCommand } from '#shared/domain/facts.ts';
import { ana, ben, cai, Scenario } from '../../../../tests/support/roomScenario.ts';
import { undoingOf } from './undoing.ts';

const reason = { code: 'mistake' } as const;

test.each<(room: Scenario) => RoomCommand>([
  ({ draftId }) => ({ type: 'lockDraft', draftId }),
  () => ({ type: 'closeCommenting' }),
  () => ({ type: 'muteParticipant', participantId: 'ben', reason }),
  () => ({ type: 'removeParticipant', participantId: 'ben', reason }),
  () => ({ type: 'hideComment', comment: 1, reason }),
  () => ({ type: 'resolveComment', comment: 1 }),
  () => ({ type: 'pauseRoom', note: 'Ten minutes' }),
  () => ({ type: 'mergeSuggestion', suggestion: 2, into: 1 }),
  () => ({ type: 'dropSuggestion', suggestion: 2 }),
])('[STE2] an act and its undo leave the room as it was, and both in the record (%#)', (make) => {
  const room = Scenario.room()
    .does(ben, { type: 'postComment', body: 'Two hundred metres.' })
    .does(cai, { type: 'gatherSuggestion', ask: 'Two hundred', sources: [{ kind: 'comment', comment: 1 }] })
    .does(cai, { type: 'gatherSuggestion', ask: 'Two hundred at most', sources: [{ kind: 'comment', comment: 1 }] });
  const command = make(room);
  const undoing = undoingOf(command);
  if (undoing === null) throw new Error('no undo');
  const before = still(room);
  const commits = room.log.length;
  room.does(ana, command);
  expect(still(room)).not.toEqual(before);
  room.does(ana, undoing.inverse);
  expect(still(room)).toEqual(before);
  expect(room.log.length).toBe(commits + 2);
});

test('[STE2] what is no act of steering, and an undo itself, is offered no undo', () => {
  expect(undoingOf({ type: 'postComment', body: 'x' })).toBeNull();
  expect(undoingOf({ type: 'openCommenting' })).toBeNull();
  expect(undoingOf({ type: 'closeRoom' })).toBeNull();
});

/** The room without the record of what was done in it, and without times. */
function still(room: Scenario): unknown {
  const { steering: _steering, lastAt: _lastAt, ...rest } = room.state;
  return JSON.parse(
    JSON.stringify({
      ...rest,
      participants: [...rest.participants],
      drafts: [...rest.drafts],
      comments: rest.comments.toArray(),
      suggestions: rest.suggestions.toArray(),
    }),
  );
}
