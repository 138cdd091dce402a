import { expect, test } from 'vitest';
import type { Result } from '../api/refusal.ts';
import { Submission } from './submission.svelte.ts';

test('[UI11] a form on its way is sent once, and again after the answer', async () => {
  const submission = new Submission();
  let sent = 0;
  let answer: (result: Result<string>) => void = () => {};
  const work = () => {
    sent += 1;
    return new Promise<Result<string>>((resolve) => (answer = resolve));
  };
  const first = submission.send(work);
  expect(submission.busy).toBe(true);
  expect(await submission.send(work)).toBe(null);
  answer({ ok: false, rejection: { code: 'offline' } });
  expect(await first).toBe(null);
  expect([sent, submission.busy, submission.refusal]).toEqual([1, false, { code: 'offline' }]);

  const second = submission.send(work);
  expect(submission.refusal).toBe(null);
  answer({ ok: true, value: 'done' });
  expect(await second).toEqual({ value: 'done' });
  expect([sent, submission.busy]).toEqual([2, false]);
});

test('[UI11] a form whose work breaks is not busy for ever', async () => {
  const submission = new Submission();
  await expect(submission.send(() => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
  expect(submission.busy).toBe(false);
});
