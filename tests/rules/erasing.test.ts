import { describe, expect, test } from 'vitest';
import { systemActor } from '#shared/domain/decision.ts';
import { digestsToErase, withoutErased } from '#shared/domain/erasing/erasedWords.ts';
import type { ErasedText } from '#shared/domain/erasing/events.ts';
import { outcomeOf } from '#shared/domain/outcome.ts';
import { evolve } from '#shared/domain/room.ts';
import { snapshotFor, wholeSnapshot } from '#shared/domain/snapshot.ts';
import { emptyRoom } from '#shared/domain/state.ts';
import { audiences, redactEvent } from '#shared/domain/visibility.ts';
import { ana, ben, cai, olga, Scenario } from '../support/roomScenario.ts';

const reason = { code: 'personalData' } as const;
const comment = (number: number): ErasedText => ({ kind: 'comment', comment: number });
const file = { type: 'addFile', contentType: 'text/plain', bytes: 3, sha256: 'ab' } as const;

/** A room in which the word `secret` stands wherever a person can write. */
function talked(): Scenario {
  const room = Scenario.room();
  const { draftId } = room;
  const anchor = { draftId, runs: [[7, 0, 3]], quote: 'secret passage', before: 'secret', after: 'secret' } as const;
  return room
    .does(ben, { type: 'postComment', body: 'secret one', anchor })
    .does(ben, { type: 'editComment', comment: 1, body: 'secret two' })
    .does(cai, { type: 'recordSpeech', speakerId: 'ben', body: 'secret three' })
    .does(ana, { type: 'postComment', body: 'an answer', parent: 1 })
    .does(ana, { type: 'supportComment', comment: 1 })
    .does(cai, { type: 'gatherSuggestion', ask: 'Ramps', sources: [{ kind: 'comment', comment: 1, quote: 'secret quote' }] })
    .does(ben, { type: 'gatherSuggestion', ask: 'secret ask', problem: 'secret', sources: [{ kind: 'comment', comment: 1 }] })
    .does(ben, { type: 'disputeSuggestion', suggestion: 1, note: 'secret note' })
    .does(cai, { ...file, fileId: 'f1', name: 'secret.txt' });
}

/** Everything that any reader gets of the room: the state, and the log as it is told. */
function told(room: Scenario): string {
  return JSON.stringify([
    wholeSnapshot(room.state),
    audiences.map((audience) => snapshotFor(room.state, audience)),
    room.log.map(({ event, actorId }) => redactEvent(withoutErased(event, actorId, room.state), room.state, 'moderators')),
  ]);
}

describe('erasing a text', () => {
  test('[ERA3] its words are gone from every place, from all versions and quotes; that it was said stays', () => {
    const room = talked();
    const before = outcomeOf(room.state);
    room
      .does(ben, { type: 'eraseText', of: comment(1) })
      .does(ana, { type: 'eraseText', of: comment(2), reason })
      .does(ben, { type: 'eraseText', of: { kind: 'suggestion', suggestion: 2 } })
      .does(ana, { type: 'eraseText', of: { kind: 'suggestion', suggestion: 1 }, reason })
      .does(ana, { type: 'eraseText', of: { kind: 'file', fileId: 'f1' }, reason });
    expect(told(room)).not.toContain('secret');
    expect(outcomeOf(room.state)).toEqual(before);
    const [one, two] = room.state.comments.toArray();
    expect(one).toMatchObject({ authorId: 'ben', supporters: ['ana'], status: 'published', erased: { as: 'author', by: 'ben' } });
    expect(two).toMatchObject({ enteredBy: 'cai', erased: { as: 'moderator', by: 'ana', reason: { code: 'personalData' } } });
    expect(room.state.files).toMatchObject([{ id: 'f1', sha256: 'ab', erased: { as: 'moderator' } }]);
    expect(room.state.steering.toArray().filter(({ event }) => event.type === 'text.erased')).toHaveLength(5);
  });

  test('[ERA3] what is taken out of the log gives the same room, at its end and with the same digests', () => {
    const room = talked()
      .does(ben, { type: 'eraseText', of: comment(1) })
      .does(systemActor, { type: 'eraseParticipant', participantId: 'cai', as: 'administrator', texts: true });
    let folded = emptyRoom();
    for (const { event, ...meta } of room.log) folded = evolve(folded, withoutErased(event, meta.actorId, room.state), meta);
    expect(wholeSnapshot(folded)).toEqual(wholeSnapshot(room.state));
    const posted = room.log.find(({ event }) => event.type === 'comment.posted')?.event;
    if (posted?.type !== 'comment.posted') throw new Error('unreachable');
    // Its text and three texts of the passage; done once, nothing is left to do.
    expect(digestsToErase(posted, 'ben', room.state)).toHaveLength(4);
    expect(digestsToErase(withoutErased(posted, 'ben', room.state), 'ben', room.state)).toEqual([]);
    const answer = room.log.find(({ event }) => event.type === 'comment.posted' && event.comment === 3)?.event;
    if (answer === undefined) throw new Error('unreachable');
    expect(digestsToErase(answer, 'ana', room.state)).toEqual([]);
  });

  test('[ERA4] own texts while they may be taken back, others by a moderator with a reason, and nobody else', () => {
    const room = talked();
    expect(room.tries(olga, { type: 'eraseText', of: comment(1), reason })).toBe('notYours');
    expect(room.tries(cai, { type: 'eraseText', of: comment(1), reason })).toBe('notYours');
    expect(room.tries(ben, { type: 'eraseText', of: { kind: 'suggestion', suggestion: 1 }, reason })).toBe('notYours');
    expect(room.tries(ben, { type: 'eraseText', of: { kind: 'file', fileId: 'f1' } })).toBe('notAllowed');
    expect(room.tries(ana, { type: 'eraseText', of: comment(1) })).toBe('malformed');
    expect(room.tries(ana, { type: 'eraseText', of: comment(9), reason })).toBe('unknownComment');
    expect(room.tries(ana, { type: 'eraseText', of: { kind: 'file', fileId: 'none' }, reason })).toBe('unknownFile');
    room.does(ana, { type: 'muteParticipant', participantId: 'ben', reason }).does(ben, { type: 'eraseText', of: comment(1) });
    expect(room.tries(ben, { type: 'eraseText', of: comment(1) })).toBe('alreadySo');
    room.does(ana, { type: 'unmuteParticipant', participantId: 'ben' }).does(ana, { type: 'closeRoom' });
    expect(room.tries(ben, { type: 'eraseText', of: comment(2) })).toBe('roomClosed');
    room.does(ana, { type: 'eraseText', of: comment(2), reason });
    room.does(systemActor, { type: 'eraseText', of: { kind: 'suggestion', suggestion: 2 }, reason });
    expect(room.state.suggestions.get(1)?.erased).toMatchObject({ as: 'administrator', by: 'system' });
  });

  test('[ERA5] what was erased takes no new words, and stands where it stood', () => {
    const room = talked().does(ben, { type: 'eraseText', of: comment(1) });
    expect(room.tries(ben, { type: 'editComment', comment: 1, body: 'again' })).toBe('textErased');
    expect(room.tries(ben, { type: 'withdrawComment', comment: 1 })).toBe('textErased');
    expect(room.tries(ben, { type: 'gatherSuggestion', ask: 'x', sources: [{ kind: 'comment', comment: 1, quote: 'y' }] })).toBe(
      'textErased',
    );
    room.does(ana, { type: 'eraseText', of: { kind: 'suggestion', suggestion: 1 }, reason });
    expect(room.tries(cai, { type: 'rewordSuggestion', suggestion: 1, ask: 'x' })).toBe('textErased');
    expect(room.tries(ana, { type: 'supportSuggestion', suggestion: 1 })).toBe('textErased');
    expect(room.tries(ana, { type: 'supportComment', comment: 1 })).toBe('textErased');
    room.does(ana, { type: 'eraseText', of: { kind: 'file', fileId: 'f1' }, reason });
    expect(room.tries(cai, { type: 'removeFile', fileId: 'f1' })).toBe('textErased');
    room.does(ben, { type: 'postComment', body: 'a reply', parent: 1 }).does(ana, { type: 'hideComment', comment: 1, reason });
    room.does(ana, { type: 'restoreComment', comment: 1 });
    expect(room.state.comments.get(0)).toMatchObject({ status: 'published', body: { digest: expect.any(String) as string } });
    expect(room.state.comments.get(0)?.body.text).toBeUndefined();
  });
});

describe('erasing a passage of a draft', () => {
  const passage = (room: Scenario) =>
    ({ type: 'erasePassage', draftId: room.draftId, runs: [[7, 1, 2]], since: 2, until: 5, lines: ['secret'], reason }) as const;
  const sealed = (room: Scenario, ordinal: number): Scenario =>
    room.does(systemActor, {
      ...{ type: 'sealRevision', draftId: room.draftId, lineage: 'l', ordinal, logDigest: 'd', contentHash: `hash ${ordinal}` },
    });

  /** Comments that quote the passage, hold it beside what they quote, are cut off within it, and have nothing to do with it. */
  function quoted(): Scenario {
    const room = Scenario.room();
    const { draftId } = room;
    const about = (run: number, quote: string, before: string, after: string) =>
      room.does(ben, { type: 'postComment', body: 'about', anchor: { draftId, runs: [[7, run, 3]], quote, before, after } });
    about(0, 'a secret', 'words', 'words');
    about(90, 'plain one', 'the secret', 'words');
    about(90, 'plain two', 'ecret, then', 'words');
    about(90, 'plain three', 'words', 'words');
    about(1, 'ids alone', 'words', 'words');
    room.does(cai, {
      ...{ type: 'gatherSuggestion', ask: 'Leave it out' },
      sources: [{ kind: 'passage', anchor: { draftId, runs: [[7, 0, 3]], quote: 'secret', before: '', after: '' } }],
    });
    return [1, 2, 4, 5].reduce(sealed, room);
  }

  test('[ERA12] quotes of it go, where it stands beside a quote that goes; versions it stood in lose their hash', () => {
    const room = quoted().does(ana, passage(quoted()));
    const anchors = room.state.comments.toArray().map(({ anchor }) => [anchor?.quote.text, anchor?.before.text, anchor?.after.text]);
    const nothing = [undefined, undefined, undefined];
    expect(anchors).toEqual([
      nothing,
      ['plain one', undefined, undefined],
      ['plain two', undefined, undefined],
      ['plain three', 'words', 'words'],
      nothing,
    ]);
    expect(told(room).match(/secret|ecret,|hash [24]/g)).toBeNull();
    expect(room.state.drafts.get(room.draftId)?.versions.map(({ contentHash }) => contentHash)).toEqual(['hash 1', null, null, 'hash 5']);
    let folded = emptyRoom();
    for (const { event, ...meta } of room.log) folded = evolve(folded, withoutErased(event, meta.actorId, room.state), meta);
    expect(wholeSnapshot(folded)).toEqual(wholeSnapshot(room.state));
    const left = room.log.flatMap(({ event, actorId }) => digestsToErase(event, actorId, room.state));
    // Three words of two quotes, two beside two others, three of a source, two hashes.
    expect(left).toHaveLength(3 * 2 + 2 * 2 + 3 + 2);
  });

  test('[ERA14] by a moderator, also in a closed room, or the administrator, with a reason, and in the steering log', () => {
    const room = quoted();
    const { reason: _reason, ...without } = passage(room);
    expect(room.tries(ben, passage(room))).toBe('notAllowed');
    expect(room.tries(ana, without)).toBe('malformed');
    expect(room.tries(ana, { ...passage(room), draftId: 'none' })).toBe('unknownDraft');
    room.does(ana, { type: 'closeRoom' }).does(ana, passage(room)).does(systemActor, passage(room));
    const erased = room.state.drafts.get(room.draftId)?.erased ?? [];
    expect(erased.map(({ as, by }) => [as, by])).toEqual([
      ['moderator', 'ana'],
      ['administrator', 'system'],
    ]);
    const acts = room.state.steering.toArray().filter(({ event }) => event.type === 'text.erased');
    expect(acts).toHaveLength(2);
    expect(JSON.stringify(acts)).not.toContain('secret');
  });
});

describe('erasing a person', () => {
  test('[ERA6] the seat, its role and all that was counted stay; his texts only where they are asked for', () => {
    const room = talked();
    const before = outcomeOf(room.state);
    room.does(systemActor, { type: 'eraseParticipant', participantId: 'ben', as: 'author', texts: false });
    expect(told(room)).toContain('secret two');
    expect(room.state.participants.get('ben')).toMatchObject({ role: 'member', erased: { as: 'author', texts: false } });
    room.does(systemActor, { type: 'eraseParticipant', participantId: 'ben', as: 'administrator', texts: true, reason });
    expect(room.tries(systemActor, { type: 'eraseParticipant', participantId: 'ben', as: 'administrator', texts: true })).toBe('alreadySo');
    expect(outcomeOf(room.state)).toEqual(before);
    // What the recorder gathered of others is the room's; the file is Cai's.
    expect(room.state.suggestions.get(0)).toMatchObject({ ask: { text: 'Ramps' } });
    expect(room.state.suggestions.get(0)?.erased).toBeUndefined();
    expect(told(room).match(/secret[^"]*/g)).toEqual(Array(told(room).match(/secret[^"]*/g)?.length ?? 0).fill('secret.txt'));
  });

  test('[ERA6] the name of a file he added goes with his texts, also of one that was removed', () => {
    const room = talked()
      .does(cai, { ...file, fileId: 'f2', name: 'secret-too.txt' })
      .does(ana, { type: 'removeFile', fileId: 'f2' });
    room.does(systemActor, { type: 'eraseParticipant', participantId: 'cai', as: 'administrator', texts: true });
    expect(told(room)).not.toContain('.txt');
  });
});
