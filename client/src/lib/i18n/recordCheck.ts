import type { RecordCounts } from '../record/checkRecord.ts';

type Lines = (counts: RecordCounts, n: (value: number) => string) => readonly string[];

const some = (count: number, one: string, many: string, n: (value: number) => string): string => `${n(count)} ${count === 1 ? one : many}`;

const figuresEn: Readonly<Record<string, string>> = {
  people: 'people',
  participations: 'times somebody took part',
  comments: 'comments',
  replies: 'replies',
  hidden: 'hidden comments',
  suggestions: 'suggestions',
  gathered: 'suggestions before merging',
  confirmed: 'confirmed suggestions',
  agreement: 'points of agreement',
  disagreement: 'points of disagreement',
};

/** Checking a record: what was checked, what could not be, and what to do when it does not hold. Loaded when somebody asks. */
export const en = {
  reading: (read: string) => `Reading the record: ${read} entries so far …`,
  soundTitle: 'This record holds together.',
  sound: (lastAt: string) => `Checked just now in this browser, from the first entry to the last one of ${lastAt}.`,
  checkedTitle: 'What was checked',
  checked: ((c, n) => [
    `${some(c.entries, 'entry', 'entries', n)} of the room, each following from the one before it: none taken out, put in, moved or changed.`,
    `${some(c.texts, 'text', 'texts', n)} against the mark left when it was written.`,
    `${n(c.figures)} figures of this page, with their rows, counted anew; ${some(c.comments, 'comment', 'comments', n)} and ${some(c.suggestions, 'suggestion', 'suggestions', n)}, word by word.`,
    `${some(c.edits, 'edit', 'edits', n)} of the draft, played again: ${c.edits === 1 ? 'it gives' : 'they give'} ${some(c.versions, 'sealed version', 'sealed versions', n)} and ${some(c.finalTexts, 'final text', 'final texts', n)}, letter by letter.`,
    ...(c.marks === 0
      ? []
      : [`${some(c.marks, 'mark', 'marks', n)} that the server signed at earlier times: all of them lie on this record.`]),
  ]) as Lines,
  uncheckedTitle: 'What cannot be checked here',
  unchecked: ((c, n) => [
    ...(c.withheld === 0
      ? []
      : [
          `${some(c.withheld, 'text or edit', 'texts or edits', n)} that you may not read or that were erased: places and marks are right, the words were not read.`,
        ]),
    ...(c.marks > c.signatures ? ['The signatures of the marks: a browser checks them only over a secure connection.'] : []),
    ...(c.unreadVersions === 0
      ? []
      : [`${some(c.unreadVersions, 'sealed version', 'sealed versions', n)} of a draft of which something was erased.`]),
    'Who stands behind a name: names are kept apart from the record, so that they can be erased.',
    'Whether the server shows everybody the same record. Compare the number below with somebody else, or with an export kept elsewhere.',
  ]) as Lines,
  mark: 'Mark of this record',
  wrongTitle: 'This record does not hold.',
  wrong: (sentence: string) => `The first thing that is wrong: ${sentence}`,
  wrongAdvice: 'Reload the page and check again. If it stays so, keep this page and tell who runs this installation.',
  unread: 'The record could not be read to its end, so nothing is said about it.',
  noLine: 'There is no connection to the server; try again when it is back.',
  draftPlace: 'Draft: ',
  figure: (name: string) => figuresEn[name] ?? name,
};

const figuresZh: Readonly<Record<string, string>> = {
  people: '人数',
  participations: '人次',
  comments: '留言',
  replies: '回复',
  hidden: '已隐藏留言',
  suggestions: '意见建议',
  gathered: '合并前的意见建议',
  confirmed: '已确认的意见建议',
  agreement: '共识',
  disagreement: '分歧',
};

export const zh: typeof en = {
  reading: (read) => `正在读取记录：已读 ${read} 条……`,
  soundTitle: '这份记录前后一致。',
  sound: (lastAt) => `刚刚在本浏览器中核验，自第一条起，至 ${lastAt} 的最后一条。`,
  checkedTitle: '核验了什么',
  checked: (c, n) => [
    `会商室的 ${n(c.entries)} 条记录，条条衔接：没有抽走、插入、移动或改动。`,
    `${n(c.texts)} 段文字，逐一与写入时留下的印记相符。`,
    `本页 ${n(c.figures)} 项数字及其明细，重新计算；${n(c.comments)} 条留言、${n(c.suggestions)} 项意见建议，逐字比对。`,
    `草案的 ${n(c.edits)} 次编辑，重新演算：得出 ${n(c.versions)} 个定稿和 ${n(c.finalTexts)} 份最终文本，一字不差。`,
    ...(c.marks === 0 ? [] : [`服务器先前签署的 ${n(c.marks)} 个印记：都在这份记录上。`]),
  ],
  uncheckedTitle: '这里核验不了什么',
  unchecked: (c, n) => [
    ...(c.withheld === 0 ? [] : [`${n(c.withheld)} 处您无权阅读或已被删除的文字或编辑：位置和印记无误，文字未经阅读。`]),
    ...(c.marks > c.signatures ? ['印记的签名：浏览器只在安全连接下才能核验。'] : []),
    ...(c.unreadVersions === 0 ? [] : [`${n(c.unreadVersions)} 个定稿，其草案中有内容已被删除。`]),
    '姓名背后是谁：姓名与记录分开保存，以便删除。',
    '服务器给每个人看的是否同一份记录。可将下面的印记与他人的、或别处保存的导出件对照。',
  ],
  mark: '本记录的印记',
  wrongTitle: '这份记录对不上。',
  wrong: (sentence) => `第一处不对：${sentence}`,
  wrongAdvice: '请刷新页面再核验一次。若仍如此，请保留本页，并告知本站的管理者。',
  unread: '未能读完记录，因此不作结论。',
  noLine: '目前连接不上服务器，恢复后请再核验一次。',
  draftPlace: '草案：',
  figure: (name) => figuresZh[name] ?? name,
};
