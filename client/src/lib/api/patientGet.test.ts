import { expect, test } from 'vitest';
import { patientGet } from './patientGet.ts';
import type { Refusal, Result } from './refusal.ts';

function asked(refusals: readonly Refusal[]) {
  const waits: number[] = [];
  let asks = 0;
  const api = {
    get: <T>(): Promise<Result<T>> => {
      const rejection = refusals[asks];
      asks += 1;
      return Promise.resolve(rejection === undefined ? { ok: true, value: asks as T } : { ok: false, rejection });
    },
  };
  return { waits, get: () => patientGet<number>(api, '/', (ms) => Promise.resolve(void waits.push(ms))) };
}

test('[DOOR23] what has to wait is asked for again when the server said', async () => {
  const { waits, get } = asked([
    { code: 'busy', retryAfterMs: 1_500 },
    { code: 'tooFast', retryAfterMs: 60_000 },
  ]);
  expect(await get()).toEqual({ ok: true, value: 3 });
  expect(waits).toEqual([1_500, 10_000]);
});

test('[DOOR23] any other refusal is given on, and so is one that does not end', async () => {
  expect(await asked([{ code: 'notFound' }]).get()).toEqual({ ok: false, rejection: { code: 'notFound' } });
  const { waits, get } = asked(Array(20).fill({ code: 'busy', retryAfterMs: 1 }));
  expect(await get()).toMatchObject({ ok: false });
  expect(waits).toHaveLength(7);
});
