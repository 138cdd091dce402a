import { expect, test } from 'vitest';
import { emptyRoom } from '#shared/domain/state.ts';
import { paceOf } from './pace.ts';

const person = (id: string, role: 'member' | 'recorder') => ({ id, role, standing: 'active', joinedAt: 0 }) as const;
const settings = { visibility: 'public', whoComments: 'members', guests: false, slowModeMs: 30_000, commentsPerPerson: 3 } as const;
const state = {
  ...emptyRoom(),
  settings,
  participants: new Map([
    ['ben', person('ben', 'member')],
    ['cai', person('cai', 'recorder')],
  ]),
  commented: new Map([
    ['ben', { lastAt: 1_000, count: 2 }],
    ['cai', { lastAt: 1_000, count: 9 }],
  ]),
};

test('[DIS9] a member waits from his last comment on and sees how many he has written; a recorder does not', () => {
  expect(paceOf(state, 'ben')).toEqual({ readyAt: 31_000, written: 2, most: 3 });
  expect(paceOf(state, 'cai')).toEqual({ readyAt: null, written: 0, most: null });
  expect(paceOf(state, null).most).toBeNull();
  expect(paceOf({ ...state, commented: new Map() }, 'ben')).toEqual({ readyAt: null, written: 0, most: 3 });
  expect(paceOf({ ...state, settings: { ...settings, slowModeMs: 0, commentsPerPerson: 0 } }, 'ben')).toMatchObject({
    readyAt: null,
    most: null,
  });
});
