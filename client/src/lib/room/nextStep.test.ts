import { describe, expect, test } from 'vitest';
import { ana, ben, cai, olga, Scenario } from '../../../../tests/support/roomScenario.ts';
import { nextStep } from './nextStep.ts';

const idOf = (actor: typeof ana): string => (actor.kind === 'participant' ? actor.id : '');
const now = 1_000_000_000;

describe('[STE1] one button names the next sensible step', () => {
  test('from the first guest to the outcome', () => {
    const room = Scenario.room();
    const next = () => nextStep(room.state, idOf(ana), now);
    const draftIds = [room.draftId];
    expect(next()).toEqual({ kind: 'lock', draftIds });
    room.does(ana, { type: 'scheduleRoom', startsAt: now + 60_000 });
    expect(next()).toEqual({ kind: 'start' });
    room.does(ana, { type: 'scheduleRoom', startsAt: now });
    room.does(ben, { type: 'postComment', body: 'Two hundred metres.' });
    expect(next()).toEqual({ kind: 'closeCommenting' });
    room.does(ana, { type: 'pauseRoom' });
    expect(next()).toEqual({ kind: 'resume' });
    room.does(ana, { type: 'resumeRoom' }).does(ana, { type: 'closeCommenting' });
    expect(next()).toEqual({ kind: 'lock', draftIds });
    room.does(ana, { type: 'lockDraft', draftId: room.draftId });
    expect(next()).toEqual({ kind: 'close' });
    room.does(ana, { type: 'closeRoom' });
    expect(next()).toEqual({ kind: 'outcome' });
  });

  test('of a room that was put away without being closed there is no outcome to see', () => {
    const room = Scenario.room().does(ana, { type: 'archiveRoom' });
    for (const actor of [ana, ben, olga]) expect(nextStep(room.state, idOf(actor), now)).toBeNull();
  });

  test('a text locked before the talk is over leaves commenting to be closed', () => {
    const room = Scenario.room().does(ana, { type: 'lockDraft', draftId: Scenario.room().draftId });
    expect(nextStep(room.state, idOf(ana), now)).toEqual({ kind: 'closeCommenting' });
  });

  test('who is alone in the room invites', () => {
    const room = Scenario.room();
    const { state } = room;
    const alone = { ...state, participants: new Map([...state.participants].filter(([id]) => id === idOf(ana))) };
    expect(nextStep(alone, idOf(ana), now)).toEqual({ kind: 'invite' });
  });

  test('what one may not do is never offered', () => {
    const room = Scenario.room().does(ben, { type: 'postComment', body: 'Two hundred metres.' });
    for (const actor of [ben, cai, olga]) expect(nextStep(room.state, idOf(actor), now)).toBeNull();
    expect(nextStep(room.state, null, now)).toBeNull();
    room.does(ana, { type: 'closeRoom' });
    for (const actor of [ben, cai, olga]) expect(nextStep(room.state, idOf(actor), now)).toEqual({ kind: 'outcome' });
  });
});
