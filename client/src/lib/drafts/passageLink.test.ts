import { expect, test } from 'vitest';
import { passageHash, passageOf } from './passageLink.ts';

const anchor = {
  draftId: 'aB3_-x',
  runs: [
    [4_294_967_295, 12, 6],
    [7, 0, 1],
  ],
  quote: '第一段无障碍的路',
  before: '经过的 😀',
  after: 'after\nthat',
} as const;

test('[DIS6] a link to a passage holds its anchor, whole', () => {
  const hash = passageHash(anchor);
  expect(hash).toMatch(/^#at=[\w-]+$/);
  expect(passageOf(hash)).toEqual(anchor);
});

test('[DIS6] a sentence of forty Chinese characters fits into 300', () => {
  const sentence = '出入口的设置应当先问走路的人，再问停车的人，临近小学医院和公交站点的应当更近。一二三四';
  const hash = passageHash({ ...anchor, quote: sentence, before: sentence.slice(0, 32), after: sentence.slice(0, 32) });
  expect(hash.length).toBeLessThan(340);
});

test('[DIS6] whatever else stands behind the # is no passage, and nothing breaks', () => {
  const hash = passageHash(anchor);
  for (const broken of ['', '#', '#comment-3', '#at=', '#at=%%%', '#at=AAAA', `${hash}AAAA`, `#at=${'A'.repeat(9_000)}`]) {
    expect(passageOf(broken), broken).toBeNull();
  }
  for (let length = 5; length < hash.length; length += 1) {
    expect(() => passageOf(hash.slice(0, length))).not.toThrow();
  }
  expect(passageOf('#at=Af____8P')).toBeNull();
});
