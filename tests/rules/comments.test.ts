import { describe, expect, test } from 'vitest';
import type { RoomCommand } from '#shared/domain/facts.ts';
import { commentOf } from '#shared/domain/state.ts';
import { ana, ben, cai, olga, Scenario } from '../support/roomScenario.ts';

const reason = { code: 'insult', note: 'Not about the entrances.' } as const;

describe('comments', () => {
  test('[COM1] comments are numbered from 1 in the order they were accepted, replies too', () => {
    const room = Scenario.room().says(ben, 'One').says(cai, 'Two', 1).says(ana, 'Three', 2);
    expect([...room.state.comments].map(({ number, parent }) => [number, parent])).toEqual([
      [1, null],
      [2, 1],
      [3, 2],
    ]);
  });

  test('[COM2] an edit keeps the earlier wording and stance as a version', () => {
    const room = Scenario.room().does(ben, { type: 'postComment', body: 'Two hundred', stance: 'for' });
    room.does(ben, { type: 'editComment', comment: 1, body: 'Three hundred', stance: 'against' });
    const comment = commentOf(room.state, 1);
    expect(comment?.body.text).toBe('Three hundred');
    expect(comment?.stance).toBe('against');
    expect(comment?.versions.map(({ body, stance }) => [body.text, stance])).toEqual([['Two hundred', 'for']]);
    expect(comment?.editedAt).not.toBeNull();
  });

  test('[COM3] only the author edits and withdraws', () => {
    const room = Scenario.room().says(ben, 'Mine');
    expect(room.tries(ana, { type: 'editComment', comment: 1, body: 'Ours' })).toBe('notYours');
    expect(room.tries(ana, { type: 'withdrawComment', comment: 1 })).toBe('notYours');
    expect(room.tries(ben, { type: 'withdrawComment', comment: 1 })).toBeNull();
    expect(room.tries(ben, { type: 'editComment', comment: 1, body: 'Again' })).toBe('commentWithdrawn');
  });

  test('[COM4] support is one act a reader, never of one’s own comment, and can be taken back', () => {
    const room = Scenario.room().says(ben, 'Ramps');
    expect(room.tries(ben, { type: 'supportComment', comment: 1 })).toBe('notAllowed');
    room.does(ana, { type: 'supportComment', comment: 1 });
    expect(room.tries(ana, { type: 'supportComment', comment: 1 })).toBe('alreadySo');
    expect(commentOf(room.state, 1)?.supporters).toEqual(['ana']);
    room.does(ana, { type: 'endSupport', comment: 1 });
    expect(commentOf(room.state, 1)?.supporters).toEqual([]);
    expect(room.tries(ana, { type: 'endSupport', comment: 1 })).toBe('alreadySo');
  });

  test('[COM5] a hidden comment keeps its place, its reason and who hid it; it can be restored', () => {
    const room = Scenario.room().says(ben, 'Rude').does(ana, { type: 'hideComment', comment: 1, reason });
    const hidden = commentOf(room.state, 1);
    expect(hidden?.status).toBe('hidden');
    expect(hidden?.hidden).toMatchObject({ by: 'ana', reason: { code: 'insult', note: { text: reason.note } } });
    expect(room.tries(ben, { type: 'editComment', comment: 1, body: 'Polite' })).toBe('commentHidden');
    expect(room.tries(cai, { type: 'supportComment', comment: 1 })).toBe('notAllowed');
    room.does(ana, { type: 'restoreComment', comment: 1 });
    expect(commentOf(room.state, 1)).toMatchObject({ status: 'published', hidden: null, body: { text: 'Rude' } });
  });

  test('[COM6] a thread is resolved and reopened, once each', () => {
    const room = Scenario.room().says(ben, 'Settled?').does(cai, { type: 'resolveComment', comment: 1 });
    expect(commentOf(room.state, 1)?.resolved?.by).toBe('cai');
    expect(room.tries(ben, { type: 'resolveComment', comment: 1 })).toBe('alreadySo');
    room.does(ben, { type: 'reopenComment', comment: 1 });
    expect(commentOf(room.state, 1)?.resolved).toBeNull();
  });

  const bad: [string, RoomCommand, string][] = [
    ['empty', { type: 'postComment', body: '  \n ' }, 'emptyText'],
    ['too long in bytes', { type: 'postComment', body: '字'.repeat(3_414) }, 'textTooLong'],
    ['an answer to nothing', { type: 'postComment', body: 'x', parent: 99 }, 'unknownComment'],
    [
      'on a draft that is not there',
      { type: 'postComment', body: 'x', anchor: { draftId: 'none', runs: [], quote: 'q', before: '', after: '' } },
      'unknownDraft',
    ],
    ['about an unknown comment', { type: 'hideComment', comment: 7, reason }, 'unknownComment'],
    [
      'with a note too long',
      { type: 'muteParticipant', participantId: 'ben', reason: { code: 'other', note: 'n'.repeat(501) } },
      'textTooLong',
    ],
  ];
  for (const [what, command, code] of bad) {
    test(`[COM7] refused with a code, and nothing follows: ${what}`, () => {
      const room = Scenario.room();
      const events = room.log.length;
      expect(room.tries(ana, command)).toBe(code);
      expect(room.log).toHaveLength(events);
    });
  }

  test('[COM7] exactly the limit is accepted', () => {
    expect(Scenario.room().tries(ben, { type: 'postComment', body: '字'.repeat(3_413) })).toBeNull();
  });

  test('[COM8] a room takes no more comments than its limit', () => {
    const room = Scenario.room({ commentsPerRoom: 2 }).says(ben, '1').says(ben, '2');
    expect(room.tries(ben, { type: 'postComment', body: '3' })).toBe('tooMany');
  });

  test('[PART3] who joins a closed room is refused, and nobody joins twice', () => {
    const room = Scenario.room();
    const admit = { type: 'admitParticipant', participantId: 'olga', role: 'member', via: 'invitation' } as const;
    expect(room.tries({ kind: 'system' }, admit)).toBe('alreadySo');
    room.does(ana, { type: 'closeRoom' });
    expect(room.tries({ kind: 'system' }, { ...admit, participantId: 'new' })).toBe('roomClosed');
    expect(room.tries(olga, { type: 'postComment', body: 'x' })).not.toBeNull();
  });
});
