import { expect, test } from 'vitest';
import { prefill } from './prefill.ts';

test.each([
  ['建议间距改为二百米。', { ask: '建议间距改为二百米。', problem: '', reason: '' }],
  [
    '目前出入口太少。建议间距改为二百米。因为老人走不远。',
    { ask: '建议间距改为二百米。', problem: '目前出入口太少。', reason: '因为老人走不远。' },
  ],
  [
    'There is a problem at the north gate. You should add a ramp of 1.5 metres! Because wheelchairs cannot pass.',
    {
      ask: 'You should add a ramp of 1.5 metres!',
      problem: 'There is a problem at the north gate.',
      reason: 'Because wheelchairs cannot pass.',
    },
  ],
  ['One. Two.', { ask: 'One.', problem: '', reason: '' }],
  ['   ', { ask: '', problem: '', reason: '' }],
])('[BRD3] the form is filled from what was said: %s', (said, words) => expect(prefill(said)).toEqual(words));

test('[BRD3] no word is added', () => {
  const said = '现在太挤。请开西门；因为学校在西边。谢谢！';
  const { ask, problem, reason } = prefill(said);
  for (const part of [ask, problem, reason]) expect(said).toContain(part);
});
