import { describe, expect, test } from 'vitest';
import { ana, ben, cai, olga, Scenario } from '../../../../tests/support/roomScenario.ts';
import { nextStep } from './nextStep.ts';

const idOf = (actor: typeof ana): string => (actor.kind === 'participant' ? actor.id : '');
const now = 1_000_000_000;

describe('[STE1] one button names the next sensible step', () => {
  test('from the first guest to the outcome', () => {
    const room = Scenario.room();
    const next = () => nextStep(room.state, idOf(ana), now);
    expect(next()).toEqual({ kind: 'invite' });
    room.does(ana, { type: 'scheduleRoom', startsAt: now + 60_000 });
    expect(next()).toEqual({ kind: 'start' });
    room.does(ana, { type: 'scheduleRoom', startsAt: now });
    room.does(ben, { type: 'postComment', body: 'Two hundred metres.' }).does(ben, { type: 'postComment', body: 'And benches.' });
    room.does(cai, { type: 'postComment', body: 'Why?', parent: 1 });
    expect(next()).toEqual({ kind: 'gather', count: 2 });
    room.does(ana, { type: 'pauseRoom' });
    expect(next()).toEqual({ kind: 'resume' });
    room.does(ana, { type: 'resumeRoom' });
    room.does(cai, { type: 'gatherSuggestion', ask: 'Two hundred metres', sources: [{ kind: 'comment', comment: 1 }] });
    expect(next()).toEqual({ kind: 'gather', count: 1 });
    room.does(ana, { type: 'resolveComment', comment: 2 });
    expect(next()).toEqual({ kind: 'confirm', count: 1 });
    room.does(ben, { type: 'confirmSuggestion', suggestion: 1 });
    expect(next()).toEqual({ kind: 'close' });
    room.does(ana, { type: 'closeRoom' });
    expect(next()).toEqual({ kind: 'outcome' });
  });

  test('no step ends the talk: while people write, what they say is gathered, whoever stopped what', () => {
    const room = Scenario.room().does(ben, { type: 'postComment', body: 'Two hundred metres.' });
    const next = () => nextStep(room.state, idOf(ana), now);
    room.does(ana, { type: 'lockDraft', draftId: room.draftId });
    expect(next()).toEqual({ kind: 'gather', count: 1 });
    room.does(ana, { type: 'closeCommenting' });
    expect(next()).toEqual({ kind: 'gather', count: 1 });
  });

  test('a suggestion that is dropped gives its comment back, one that is merged keeps it', () => {
    const room = Scenario.room().does(ben, { type: 'makeSuggestion', ask: 'Benches' }).does(ben, { type: 'makeSuggestion', ask: 'Lights' });
    const next = () => nextStep(room.state, idOf(ana), now);
    expect(next()).toEqual({ kind: 'close' });
    room.does(cai, { type: 'mergeSuggestion', suggestion: 1, into: 2 });
    expect(next()).toEqual({ kind: 'close' });
    room.does(cai, { type: 'dropSuggestion', suggestion: 2 });
    expect(next()).toEqual({ kind: 'gather', count: 2 });
  });

  test('of a room that was put away without being closed there is no outcome to see', () => {
    const room = Scenario.room().does(ana, { type: 'archiveRoom' });
    for (const actor of [ana, ben, olga]) expect(nextStep(room.state, idOf(actor), now)).toBeNull();
  });

  test('a text that is locked with nothing said leads to closing', () => {
    const room = Scenario.room();
    room.does(ana, { type: 'lockDraft', draftId: room.draftId });
    expect(nextStep(room.state, idOf(ana), now)).toEqual({ kind: 'close' });
  });

  test('a moderator who is alone in the room invites', () => {
    const room = Scenario.room();
    const { state } = room;
    const alone = { ...state, participants: new Map([...state.participants].filter(([id]) => id === idOf(ana))) };
    expect(nextStep(alone, idOf(ana), now)).toEqual({ kind: 'invite' });
  });

  test('what one may not do is never offered', () => {
    const room = Scenario.room().does(ben, { type: 'postComment', body: 'Two hundred metres.' });
    // The recorder gathers; members and observers have no step.
    expect(nextStep(room.state, idOf(cai), now)).toEqual({ kind: 'gather', count: 1 });
    for (const actor of [ben, olga]) expect(nextStep(room.state, idOf(actor), now)).toBeNull();
    expect(nextStep(room.state, null, now)).toBeNull();
    room.does(ana, { type: 'closeRoom' });
    for (const actor of [ben, cai, olga]) expect(nextStep(room.state, idOf(actor), now)).toEqual({ kind: 'outcome' });
  });
});
