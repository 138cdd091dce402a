import { describe, expect, test } from 'vitest';
import type { RoomCommand } from '#shared/domain/facts.ts';
import { anonymousActor, systemActor } from '#shared/domain/decision.ts';
import { can, whyNot } from '#shared/domain/rules.ts';
import { snapshotFor, wholeSnapshot } from '#shared/domain/snapshot.ts';
import { commentOf } from '#shared/domain/state.ts';
import { audienceFor, redactEvent, withholdComment } from '#shared/domain/visibility.ts';
import { ana, ben, cai, olga, person, Scenario } from '../support/roomScenario.ts';

const reason = { code: 'other' } as const;
const dora = person('dora');
const day = 24 * 60 * 60 * 1_000;
const gather = { type: 'gatherSuggestion', ask: 'x', sources: [{ kind: 'comment', comment: 1 }] } as const;

/** A room where observers comment and a moderator looks at it first. */
function reviewed(): Scenario {
  const room = Scenario.room();
  return room.does(ana, { type: 'changeSettings', settings: { ...room.state.settings, whoComments: 'participants', review: 'observers' } });
}

describe('a pause', () => {
  const stopped: [string, RoomCommand][] = [
    ['commenting', { type: 'postComment', body: 'x' }],
    ['editing', { type: 'editComment', comment: 1, body: 'y' }],
    ['supporting', { type: 'supportComment', comment: 2 }],
    ['resolving', { type: 'resolveComment', comment: 1 }],
    ['gathering', gather],
    ['answering a suggestion', { type: 'confirmSuggestion', suggestion: 1 }],
    ['supporting a suggestion', { type: 'supportSuggestion', suggestion: 1 }],
  ];
  test.each(stopped)('[PAU1] stops %s', (_what, command) => {
    const room = Scenario.room().says(ben, 'One').says(ana, 'Two').does(cai, gather).does(ana, { type: 'pauseRoom', note: ' Lunch ' });
    expect(room.tries(ben, command)).toBe('roomPaused');
    room.does(ana, { type: 'resumeRoom' });
    expect(room.tries(ben, command)).toBeNull();
  });

  test('[PAU1] stops typing and recording, keeps reading, taking back and steering, and says who, when and why', () => {
    const room = Scenario.room().says(ben, 'One').does(ana, { type: 'pauseRoom', note: ' Lunch ' });
    expect(room.state.paused).toMatchObject({ by: 'ana', note: { text: 'Lunch' } });
    expect(room.tries(cai, { type: 'recordSpeech', speakerId: 'ben', body: 'x' })).toBe('roomPaused');
    expect(whyNot(room.state, ben, 'draft:write', room.draftId)).toEqual({ code: 'roomPaused' });
    for (const actor of [anonymousActor, ben, olga]) expect(can(room.state, actor, 'room:read')).toBe(true);
    expect(room.tries(ben, { type: 'withdrawComment', comment: 1 })).toBeNull();
    expect(room.tries(ana, { type: 'lockDraft', draftId: room.draftId })).toBeNull();
    expect(room.tries(ana, { type: 'muteParticipant', participantId: 'ben', reason })).toBeNull();
    expect(room.tries(ana, { type: 'pauseRoom' })).toBe('alreadySo');
    expect(room.tries(cai, { type: 'resumeRoom' })).toBe('notAllowed');
    room.does(ana, { type: 'resumeRoom' });
    expect(room.tries(ana, { type: 'resumeRoom' })).toBe('alreadySo');
    expect(room.tries(ana, { type: 'pauseRoom', note: 'n'.repeat(501) })).toBe('textTooLong');
    expect(room.state.steering.toArray().map(({ event }) => event.type)).toContain('room.paused');
  });

  test('[SCH1] a room has a time to begin at, or none', () => {
    const room = Scenario.room().does(ana, { type: 'scheduleRoom', startsAt: 5_000 });
    expect(room.state.startsAt).toBe(5_000);
    expect(room.tries(ana, { type: 'scheduleRoom', startsAt: 5_000 })).toBe('alreadySo');
    room.does(ana, { type: 'scheduleRoom', startsAt: null });
    expect(room.state.startsAt).toBeNull();
  });
});

describe('pace', () => {
  function paced(settings: { slowModeMs?: number; commentsPerPerson?: number }): Scenario {
    const room = Scenario.room();
    return room.does(ana, { type: 'changeSettings', settings: { ...room.state.settings, ...settings } });
  }

  test('[PACE1] in slow mode one waits between two comments of one’s own', () => {
    // A second passes with each act.
    const room = paced({ slowModeMs: 3_000 }).says(ben, 'One');
    expect(room.tries(ben, { type: 'postComment', body: 'Two', parent: 1 })).toBe('slowMode');
    room.says(ana, 'a').says(ana, 'b');
    expect(room.tries(ben, { type: 'postComment', body: 'Two', parent: 1 })).toBeNull();
    expect(room.tries(ben, { type: 'editComment', comment: 4, body: 'Two and a half' })).toBeNull();
  });

  test('[PACE1] a limit per person is told, and taking back gives nothing back', () => {
    const room = paced({ commentsPerPerson: 2 }).says(ben, 'One').says(ben, 'Two', 1);
    expect(room.tries(ben, { type: 'postComment', body: 'Three' })).toBe('commentLimit');
    room.does(ben, { type: 'withdrawComment', comment: 1 });
    expect(room.tries(ben, { type: 'postComment', body: 'Three' })).toBe('commentLimit');
    expect(room.tries(olga, { type: 'postComment', body: 'x' })).toBe('notAllowed');
  });

  test('[PACE1] the desk is free of both, and recorded speech counts for neither', () => {
    const room = paced({ slowModeMs: 3_600_000, commentsPerPerson: 1 });
    for (const desk of [ana, cai]) room.says(desk, '1').says(desk, '2').says(desk, '3');
    room
      .does(cai, { type: 'recordSpeech', speakerId: 'ben', body: 'In the hall' })
      .does(cai, { type: 'recordSpeech', speakerId: 'ben', body: 'Again' });
    expect(room.tries(ben, { type: 'postComment', body: 'My first' })).toBeNull();
    expect(room.tries(ben, { type: 'postComment', body: 'My second' })).toBe('commentLimit');
  });

  test('[PACE1] settings that leave pace out are those without any', () => {
    const room = Scenario.room();
    const { visibility, whoComments, guests } = room.state.settings;
    expect(room.tries(ana, { type: 'changeSettings', settings: { visibility, whoComments, guests } })).toBe('alreadySo');
  });
});

describe('held comments', () => {
  test('[HELD1] what an observer writes is held until a moderator publishes it', () => {
    const room = reviewed().says(olga, 'A tip').says(ben, 'A word');
    expect([...room.state.comments].map(({ status }) => status)).toEqual(['held', 'published']);
    expect(room.tries(ben, { type: 'supportComment', comment: 1 })).toBe('commentHidden');
    expect(room.tries(cai, gather)).toBe('commentHidden');
    expect(room.tries(cai, { type: 'publishComment', comment: 1 })).toBe('notAllowed');
    room.does(ana, { type: 'publishComment', comment: 1 });
    expect(commentOf(room.state, 1)).toMatchObject({ status: 'published', body: { text: 'A tip' } });
    expect(room.tries(ana, { type: 'publishComment', comment: 1 })).toBe('alreadySo');
    expect(room.tries(ben, { type: 'supportComment', comment: 1 })).toBeNull();
  });

  test('[HELD1] what was published is held again when its observer changes it', () => {
    const room = reviewed().says(olga, 'A tip').does(ana, { type: 'publishComment', comment: 1 });
    room.does(olga, { type: 'editComment', comment: 1, body: 'secret-spam' });
    expect(commentOf(room.state, 1)?.status).toBe('held');
    expect(JSON.stringify(snapshotFor(room.state, 'participants'))).not.toContain('secret-spam');
    room.does(ana, { type: 'publishComment', comment: 1 });
    expect(JSON.stringify(snapshotFor(room.state, 'everyone'))).toContain('secret-spam');
    const free = Scenario.room().says(ben, 'One').does(ben, { type: 'editComment', comment: 1, body: 'Two' });
    expect(commentOf(free.state, 1)?.status).toBe('published');
  });

  test('[HELD1] [VIS2] its words are in nothing that others are sent', () => {
    const room = reviewed();
    const anchor = { draftId: room.draftId, runs: [], quote: 'secret-quote', before: 'secret-before', after: 'secret-after' };
    room.does(olga, { type: 'postComment', body: 'secret-words', anchor, mentions: ['ben'] });
    room.does(olga, { type: 'editComment', comment: 1, body: 'secret-again' });
    for (const audience of ['everyone', 'participants'] as const) {
      const told = [snapshotFor(room.state, audience), room.log.map(({ event }) => redactEvent(event, room.state, audience))];
      expect(JSON.stringify(told)).not.toContain('secret-');
      expect(JSON.stringify(snapshotFor(withholdComment(room.state, 1, audience), 'moderators'))).not.toContain('secret-');
    }
    expect(JSON.stringify(snapshotFor(room.state, 'moderators'))).toContain('secret-words');
    expect(audienceFor(room.state, ana)).toBe('moderators');
    // It can be hidden with a reason like any other, and withdrawn by who wrote it.
    room.does(ana, { type: 'hideComment', comment: 1, reason });
    expect(room.tries(ana, { type: 'publishComment', comment: 1 })).toBe('alreadySo');
    room.does(olga, { type: 'withdrawComment', comment: 1 });
    expect(room.tries(ana, { type: 'publishComment', comment: 1 })).toBe('commentWithdrawn');
  });
});

describe('recorded speech and mentions', () => {
  test('[REC1] stands under the name of who spoke and says who wrote it down', () => {
    const room = Scenario.room().does(cai, { type: 'recordSpeech', speakerId: 'ben', body: 'Two lanes', stance: 'for' });
    expect(commentOf(room.state, 1)).toMatchObject({ authorId: 'ben', enteredBy: 'cai', stance: 'for', body: { text: 'Two lanes' } });
    for (const [who, body] of [
      [ben, 'Two lanes, at least'],
      [cai, 'Two lanes at the very least'],
    ] as const) {
      expect(room.tries(who, { type: 'editComment', comment: 1, body })).toBeNull();
    }
    expect(room.tries(ana, { type: 'editComment', comment: 1, body: 'x' })).toBe('notYours');
    expect(room.tries(ben, { type: 'supportComment', comment: 1 })).toBe('notAllowed');
    room.does(cai, { type: 'withdrawComment', comment: 1 });
  });

  test('[REC1] is for the desk, for anybody in the room who was not removed', () => {
    const room = Scenario.room().does(ana, { type: 'recordSpeech', speakerId: 'olga', body: 'An observer may be asked' });
    expect(room.tries(ben, { type: 'recordSpeech', speakerId: 'ben', body: 'x' })).toBe('notAllowed');
    expect(room.tries(cai, { type: 'recordSpeech', speakerId: 'nobody', body: 'x' })).toBe('unknownParticipant');
    room.does(ana, { type: 'removeParticipant', participantId: 'ben', reason });
    expect(room.tries(cai, { type: 'recordSpeech', speakerId: 'ben', body: 'x' })).toBe('unknownParticipant');
    expect(room.tries(cai, { type: 'recordSpeech', speakerId: 'olga', body: ' ' })).toBe('emptyText');
  });

  test('[MEN1] mentions are participants, each once', () => {
    const room = Scenario.room({ mentionsPerComment: 2 }).does(ben, { type: 'postComment', body: '@cai', mentions: ['cai', 'cai'] });
    expect(commentOf(room.state, 1)?.mentions).toEqual(['cai']);
    expect(room.tries(ben, { type: 'postComment', body: 'x', mentions: ['nobody'] })).toBe('unknownParticipant');
    expect(room.tries(ben, { type: 'postComment', body: 'x', mentions: ['ana', 'cai', 'olga'] })).toBe('tooMany');
  });
});

describe('files', () => {
  const file = {
    type: 'addFile',
    fileId: 'f1',
    name: ' plan.pdf ',
    contentType: 'application/pdf',
    bytes: 100,
    sha256: 'a'.repeat(64),
  } as const;

  test('[FILE1] are added and removed by the desk, and both stay in the log', () => {
    const room = Scenario.room({ filesPerRoom: 1, fileBytes: 100 }).does(cai, file);
    expect(room.state.files).toMatchObject([{ id: 'f1', name: { text: 'plan.pdf' }, bytes: 100, by: 'cai' }]);
    expect(room.tries(cai, { ...file, fileId: 'f2' })).toBe('tooMany');
    expect(room.tries(ben, { type: 'removeFile', fileId: 'f1' })).toBe('notAllowed');
    expect(room.tries(cai, { type: 'removeFile', fileId: 'f2' })).toBe('unknownFile');
    room.does(ana, { type: 'removeFile', fileId: 'f1' });
    expect(room.state.files).toEqual([]);
    expect(
      room.state.steering
        .toArray()
        .map(({ event }) => event.type)
        .slice(-2),
    ).toEqual(['file.added', 'file.removed']);
    expect(room.tries(cai, { ...file, bytes: 101 })).toBe('fileTooLarge');
    expect(room.tries(cai, { ...file, name: ' ' })).toBe('emptyText');
    expect(room.tries(cai, { ...file, name: 'n'.repeat(201) })).toBe('textTooLong');
    expect(room.tries(ben, file)).toBe('notAllowed');
  });
});

describe('archiving and deleting', () => {
  test('[ARC1] an archived room is read-only until it is taken out again', () => {
    const room = Scenario.room().says(ben, 'One').does(ana, { type: 'archiveRoom' });
    expect(room.tries(ben, { type: 'postComment', body: 'x' })).toBe('roomClosed');
    expect(room.tries(cai, { type: 'lockDraft', draftId: room.draftId })).toBe('notAllowed');
    expect(room.tries(ana, { type: 'lockDraft', draftId: room.draftId })).toBe('roomClosed');
    expect(whyNot(room.state, ben, 'draft:write', room.draftId)).toEqual({ code: 'roomClosed' });
    expect(can(room.state, olga, 'room:read')).toBe(true);
    expect(room.tries(systemActor, { type: 'admitParticipant', participantId: 'new', role: 'member', via: 'invitation' })).toBe(
      'roomClosed',
    );
    expect(room.tries(ben, { type: 'unarchiveRoom' })).toBe('notAllowed');
    room.does(ana, { type: 'unarchiveRoom' }).says(ben, 'Two');
    expect(room.tries(ana, { type: 'unarchiveRoom' })).toBe('alreadySo');
  });

  test('[DEL1] a deleted room is gone for all but those who may bring it back, and comes back whole', () => {
    const room = Scenario.room().says(ben, 'One');
    const { deletedUntil: _, lastAt: __, steering: ___, ...before } = wholeSnapshot(room.state);
    expect(room.tries(ben, { type: 'deleteRoom' })).toBe('notAllowed');
    room.does(ana, { type: 'deleteRoom' });
    for (const actor of [anonymousActor, person('nobody'), ben, cai, olga]) {
      expect(whyNot(room.state, actor, 'room:read')).toEqual({ code: 'roomDeleted' });
    }
    expect(can(room.state, ana, 'room:read')).toBe(true);
    expect(room.tries(ana, { type: 'postComment', body: 'x' })).toBe('roomDeleted');
    expect(room.tries(ana, { type: 'pauseRoom' })).toBe('roomDeleted');
    expect(room.tries(ben, { type: 'undoDeletion' })).toBe('roomDeleted');
    expect(room.tries(systemActor, { type: 'admitParticipant', participantId: 'new', role: 'member', via: 'guest' })).toBe('roomDeleted');
    room.does(ana, { type: 'undoDeletion' });
    const { deletedUntil, lastAt: _lastAt, steering: _steering, ...after } = wholeSnapshot(room.state);
    expect(deletedUntil).toBeNull();
    expect(after).toEqual(before);
    expect(room.tries(ana, { type: 'undoDeletion' })).toBe('alreadySo');
  });

  test('[DEL1] within thirty days, to the millisecond', () => {
    const room = Scenario.room().does(ana, { type: 'deleteRoom' });
    const until = room.state.deletedUntil ?? 0;
    expect(until - room.state.lastAt).toBe(30 * day);
    room.waits(until - room.now);
    const late = Scenario.room().does(ana, { type: 'deleteRoom' });
    late.waits(until - late.now + 1);
    expect(room.tries(ana, { type: 'undoDeletion' })).toBeNull();
    expect(late.tries(ana, { type: 'undoDeletion' })).toBe('roomDeleted');
  });

  test('[DEL1] who could not read the room is not told that it was deleted', () => {
    const room = Scenario.room();
    room.does(ana, { type: 'changeSettings', settings: { ...room.state.settings, visibility: 'private' } });
    room.does(ana, { type: 'removeParticipant', participantId: 'ben', reason });
    const told = () => [anonymousActor, dora, ben].map((actor) => whyNot(room.state, actor, 'room:read')?.code);
    const before = told();
    room.does(ana, { type: 'deleteRoom' });
    expect(told()).toEqual(before);
    expect(before).toEqual(['signInNeeded', 'notAllowed', 'removed']);
  });
});
