import { expect, test } from 'vitest';
import { closeCodes, retryCodes } from '#shared/protocol/close.ts';
import { afterClose } from './afterClose.ts';

test('[ED6] after a refusal the copy is dropped, after an end nothing is tried, else the same copy tries again', () => {
  const named = Object.fromEntries(Object.entries({ ...closeCodes, ...retryCodes }).map(([name, code]) => [name, afterClose(code)]));
  expect(named).toEqual({
    badFrame: 'renew',
    signIn: 'end',
    notAllowed: 'renew',
    notFound: 'endSettingAside',
    editorVersion: 'end',
    damaged: 'end',
    lineage: 'renew',
    content: 'renew',
    diverged: 'renew',
    tooLarge: 'renew',
    tooCostly: 'renew',
    frameTooBig: 'renew',
    presence: 'retry',
    ended: 'endSettingAside',
    restart: 'retry',
    notNow: 'retry',
    slow: 'retry',
  });
  expect([null, 1000, 1006, 4000, 4500].map(afterClose)).toEqual(Array(5).fill('retry'));
  expect([4402, 4499].map(afterClose)).toEqual(['end', 'end']);
});
