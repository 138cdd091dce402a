import { chineseClause } from '../lib/chineseNumber.ts';

/** The languages a record is written in. */
export const outcomeLangs = ['zh', 'en'] as const;
export type OutcomeLang = (typeof outcomeLangs)[number];

export function isOutcomeLang(lang: string): lang is OutcomeLang {
  return lang === 'zh' || lang === 'en';
}

/** The figures of a record, in the order they stand in. */
export const outcomeFigures = ['people', 'participations', 'comments', 'suggestions', 'confirmed'] as const;
export type OutcomeFigure = (typeof outcomeFigures)[number];

/**
 * The words of a record. Page and files say the same: what a figure counts is defined in one place. `n` is the number, for the
 * languages that tell one from many.
 */
export interface OutcomeWords {
  readonly preview: string;
  readonly figure: Readonly<Record<OutcomeFigure, (n: number) => string>>;
  readonly definition: Readonly<Record<OutcomeFigure, string>>;
  /** What was not counted, behind the definition of comments. */
  readonly hidden: (n: number) => string;
  readonly replies: (n: number) => string;
  readonly gathered: (n: number) => string;
  readonly agreement: string;
  readonly agreementMeans: string;
  readonly noAgreement: string;
  readonly disagreement: string;
  readonly disagreementMeans: string;
  readonly noDisagreement: string;
  readonly support: (n: number) => string;
  readonly reserved: (n: number) => string;
  readonly against: (n: number) => string;
  readonly supportBy: string;
  readonly reservedBy: string;
  readonly againstBy: string;
  readonly nobody: string;
  readonly fromComments: (n: number) => string;
  readonly finalText: string;
  readonly draftText: string;
  readonly sealed: (number: number, when: string) => string;
  readonly notSealed: string;
  readonly emptyText: string;
  /** A clause by its number. */
  readonly clause: (label: string) => string;
  readonly suggestions: string;
  readonly noSuggestions: string;
  readonly problem: string;
  readonly reason: string;
  readonly sources: string;
  readonly sourceComment: (number: number) => string;
  readonly sourcePassage: string;
  readonly spokenBy: (name: string, enteredBy: string) => string;
  readonly confirmedBy: (names: string) => string;
  readonly disputedBy: (names: string) => string;
  readonly unanswered: (names: string) => string;
  readonly noAuthor: string;
  readonly mergedInto: (number: number) => string;
  readonly someone: string;
  readonly formerMember: string;
  /** In the place of a text that was erased: by whom, and when. */
  readonly erased: (who: string, when: string) => string;
  /** Who erased, where he has no name in the room: who keeps the installation, and who erased himself. */
  readonly erasedBy: { readonly administrator: string; readonly former: string };
  /** Between the items of a list, before what a word names, and around somebody's words. */
  readonly separator: string;
  readonly colon: string;
  readonly quote: (words: string) => string;
  readonly minutes: (n: number) => string;
  readonly hours: (n: number) => string;
  readonly days: (n: number) => string;
  readonly noComments: string;
}

const one = (n: number, singular: string, plural: string): string => (n === 1 ? singular : plural);

const en: OutcomeWords = {
  preview: 'Preview: the room is still open, and this is not final.',
  figure: {
    people: (n) => one(n, 'person', 'people'),
    participations: (n) => one(n, 'participation', 'participations'),
    comments: (n) => one(n, 'comment', 'comments'),
    suggestions: (n) => one(n, 'suggestion', 'suggestions'),
    confirmed: () => 'confirmed',
  },
  definition: {
    people:
      'Everybody with at least one counted act: a published comment, a recorded speech, support, or an answer to a suggestion. Each person counts once.',
    participations:
      'Each published comment that opens a thread, and each recorded speech. Replies go on with what was begun and are not counted again.',
    comments: 'Published comments, replies and recorded speeches included. Hidden, held and withdrawn ones are not counted.',
    suggestions: 'Suggestions in the list after merging. What was merged counts with the one it was merged into.',
    confirmed: 'Suggestions in the list of which an author said: this is what I meant.',
  },
  hidden: (n) => `${n} hidden ${one(n, 'comment is', 'comments are')} not counted.`,
  replies: (n) => `${n} of them ${one(n, 'is a reply', 'are replies')}.`,
  gathered: (n) => `${n} ${one(n, 'was', 'were')} gathered before merging.`,
  agreement: 'Agreement',
  agreementMeans: 'At least two people support it, and at most one voice in ten objects.',
  noAgreement: 'Nothing found the support of two people without objections.',
  disagreement: 'Disagreement',
  disagreementMeans: 'Supported by some, objected to by others.',
  noDisagreement: 'Nothing was both supported and objected to.',
  support: (n) => `support ${n}`,
  reserved: (n) => `reserved ${n}`,
  against: (n) => `object ${n}`,
  supportBy: 'Support',
  reservedBy: 'With reservations',
  againstBy: 'Object',
  nobody: 'nobody',
  fromComments: (n) => `from ${n} ${one(n, 'comment', 'comments')}`,
  finalText: 'Final text',
  draftText: 'Text as it stands',
  sealed: (number, when) => `version ${number}, sealed ${when}`,
  notSealed: 'not sealed',
  emptyText: 'No text was written.',
  clause: (label) => label,
  suggestions: 'All suggestions',
  noSuggestions: 'No suggestions were gathered.',
  problem: 'Problem',
  reason: 'Reason',
  sources: 'Sources',
  sourceComment: (number) => `comment ${number}`,
  sourcePassage: 'passage of the text',
  spokenBy: (name, enteredBy) => `${name}, entered by ${enteredBy}`,
  confirmedBy: (names) => `Confirmed by ${names}`,
  disputedBy: (names) => `Not what was meant: ${names}`,
  unanswered: (names) => `Not answered yet: ${names}`,
  noAuthor: 'Made from the text; nobody to confirm it.',
  mergedInto: (number) => `merged into ${number}`,
  someone: 'Somebody',
  formerMember: 'A former member',
  erased: (who, when) => `Text erased by ${who}, ${when}`,
  erasedBy: { administrator: 'the administration', former: 'its author, who left' },
  separator: ', ',
  colon: ': ',
  quote: (words) => `“${words}”`,
  minutes: (n) => `${n} min`,
  hours: (n) => `${n} h`,
  days: (n) => `${n} ${one(n, 'day', 'days')}`,
  noComments: 'Nobody commented.',
};

const zh: OutcomeWords = {
  preview: '预览：会商室尚未结束，以下内容不是最终结果。',
  figure: {
    people: () => '人参与',
    participations: () => '人次',
    comments: () => '条留言',
    suggestions: () => '项意见建议',
    confirmed: () => '项已确认',
  },
  definition: {
    people: '至少有一次计数行为的人：发表过公开的留言、发言被记录、附议过，或答复过意见建议。每人只计一次。',
    participations: '每条开启新话题的已发布留言、每次记录的发言各计一次；回复不另计。',
    comments: '全部公开的留言，含回复和记录的发言。隐藏、待审和撤回的不计。',
    suggestions: '归并后列出的意见建议。被归并的与所并入的一项合并计数。',
    confirmed: '列出的意见建议中，有来源作者确认“这就是我的意思”的。',
  },
  hidden: (n) => `另有 ${n} 条已隐藏的留言未计入。`,
  replies: (n) => `其中回复 ${n} 条。`,
  gathered: (n) => `归并前共归集 ${n} 项。`,
  agreement: '共识',
  agreementMeans: '至少两人支持，且反对者不超过十分之一。',
  noAgreement: '没有得到两人以上支持且无人反对的意见。',
  disagreement: '分歧',
  disagreementMeans: '有人支持，也有人反对。',
  noDisagreement: '没有出现既有支持又有反对的意见。',
  support: (n) => `支持 ${n}`,
  reserved: (n) => `保留 ${n}`,
  against: (n) => `反对 ${n}`,
  supportBy: '支持',
  reservedBy: '保留意见',
  againstBy: '反对',
  nobody: '无',
  fromComments: (n) => `来自 ${n} 条留言`,
  finalText: '最终文本',
  draftText: '当前文本',
  sealed: (number, when) => `第 ${number} 稿，封存于 ${when}`,
  notSealed: '未封存',
  emptyText: '没有写下文本。',
  clause: chineseClause,
  suggestions: '全部意见建议',
  noSuggestions: '没有归集到意见建议。',
  problem: '问题',
  reason: '理由',
  sources: '来源',
  sourceComment: (number) => `留言 ${number}`,
  sourcePassage: '草案原文',
  spokenBy: (name, enteredBy) => `${name}（${enteredBy}代录）`,
  confirmedBy: (names) => `${names}已确认`,
  disputedBy: (names) => `${names}表示并非本意`,
  unanswered: (names) => `${names}尚未答复`,
  noAuthor: '取自草案原文，无需确认。',
  mergedInto: (number) => `已并入第 ${number} 项`,
  someone: '某位参与者',
  formerMember: '已注销的成员',
  erased: (who, when) => `文字已由${who}于 ${when} 清除`,
  erasedBy: { administrator: '管理员', former: '已注销的作者本人' },
  separator: '，',
  colon: '：',
  quote: (words) => `“${words}”`,
  minutes: (n) => `${n} 分钟`,
  hours: (n) => `${n} 小时`,
  days: (n) => `${n} 天`,
  noComments: '没有人留言。',
};

export const outcomeWords: Readonly<Record<OutcomeLang, OutcomeWords>> = { zh, en };

/** How long something took: "1 h 26 min", "3 days". `ms` at least 0. */
export function durationWords(words: OutcomeWords, ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 60) return words.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? words.hours(hours) : `${words.hours(hours)} ${words.minutes(minutes % 60)}`;
  return words.days(Math.round(hours / 24));
}
