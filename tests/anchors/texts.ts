import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/**
 * The lines of a revision of a real text (0 is the first, -1 the last), without empty ones; null where the collection is not there.
 * It is read where it lies beside the project and never copied.
 */
export function realLines(path: string, revision: number): string[] | null {
  const file = new URL(`../../../shared/data/${path}`, import.meta.url);
  if (!existsSync(file)) return null;
  const rows = gunzipSync(readFileSync(file)).toString().trim().split('\n');
  const { text } = JSON.parse(rows.at(revision) ?? '{"text":""}') as { text: string };
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** Articles that differ in little, as articles do. */
function articles(count: number, article: (n: number) => readonly string[]): string[] {
  return Array.from({ length: count }, (_, n) => article(n + 1)).flat();
}

export const chineseLines: readonly string[] = [
  '# 社区公园入口设置议事稿',
  '为方便居民出入，拟在公园东侧增设一处入口，宽度不小于三米，并设无障碍坡道。',
  '经征求意见，多数居民赞成增设入口，少数居民担心夜间噪声，要求设置开放时间。',
  ...articles(7, (n) => [
    `第${'一二三四五六七'[n - 1] ?? ''}条 前项规定由主管单位会同居民代表于${n * 10}日内定之，并公布于公告栏。`,
    `管理单位应当公布联系电话，并于${n}日内答复居民意见；逾期未答复者，居民得向${'东西南北中上下'[n - 1] ?? ''}段办公室反映。`,
    `- 开放时间为每日${n}时至二十二时，夏季可延长一小时。`,
  ]),
  '| 时段 | 夏季 | 冬季',
  '| 早间开放 | 五时三十分 | 六时三十分',
  '| 夜间关闭 | 二十三时 | 二十二时整',
  '𠮷祥巷一侧的围墙予以保留，😀图示见附件。',
];

export const englishLines: readonly string[] = [
  '# Where the park opens',
  'The council proposes a new entrance on the east side, at least three metres wide, with a step-free ramp.',
  'Most residents asked for it; some fear noise at night and want opening hours to be written into the text.',
  ...articles(6, (n) => [
    `${n}. The rules of this section shall be set by the manager together with the residents within ${n * 10} days.`,
    `The manager shall publish a telephone number and answer within ${n} days; gate ${n} stays open for the ${['school', 'market', 'clinic', 'bus', 'church', 'pool'][n - 1] ?? ''}.`,
    `- Gate ${n} shall be open from ${n} in the morning until ten at night.`,
  ]),
  '| Gate | In summer | In winter',
  '| school | from five in the morning | from six in the morning',
  '| market | until eleven at night | until ten at night',
  'See the figure 😀 in the annex; it isn’t part of the text.',
];

export const chineseWords: readonly string[] = ['的', '居民', '应当', '三日', '第', '条', '，', '並', '投票', '公民投票', '前項規定', '😀'];
export const englishWords: readonly string[] = ['the ', 'shall ', 'a', 'e', ' ', 'council ', 'of this section ', 'er', ', ', 'not '];
