import { expect, test } from 'vitest';
import { isSamePace, paceOfSettings, paceProblem, settingsOfPace } from './paceSettings.ts';

const settings = { visibility: 'public', whoComments: 'participants', guests: false } as const;

test('[DIS9] the dialog gives back the pace it was given, and refuses a limit that is none', () => {
  const given = { ...settings, slowModeMs: 30_000, commentsPerPerson: 3, review: 'observers' } as const;
  expect(settingsOfPace(paceOfSettings(given))).toEqual({ slowModeMs: 30_000, commentsPerPerson: 3, review: 'observers' });
  expect(isSamePace(given, paceOfSettings(given))).toBe(true);
  expect(isSamePace(settings, paceOfSettings(settings))).toBe(true);
  expect(isSamePace(settings, { ...paceOfSettings(settings), perPerson: '２' })).toBe(false);
  const problem = (perPerson: string) => paceProblem({ slowSeconds: 0, perPerson, reviewObservers: false });
  expect(['', ' 5 ', '１０', '10000'].map(problem)).toEqual([false, false, false, false]);
  expect(['-1', '1.5', 'x', '10001'].map(problem)).toEqual([true, true, true, true]);
});
