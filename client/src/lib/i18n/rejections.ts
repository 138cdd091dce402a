import type { Refusal, RefusalCode } from '../api/refusal.ts';
import { Formats } from './formats.ts';
import type * as room from './roomRejections.ts';

/** A sentence for each code; its facts come from the rejection itself. */
export type Sentences = { readonly [Code in RefusalCode]: (refusal: Extract<Refusal, { code: Code }>) => string };

/** What can be refused outside of a room too; the rest is in roomRejections.ts. A code that is in neither does not compile. */
type Site = Omit<Sentences, keyof typeof room.en>;

/** What of it is damaged, and what follows for the person. */
const damagedThings = {
  en: {
    room: 'What is stored of this room is damaged, so it cannot be opened until it is brought back from a backup.',
    draft: 'What is stored of this draft is damaged, so it cannot be opened until it is brought back from a backup.',
    file: 'What is stored of this file is damaged. Please add it again.',
    record: 'An entry this rests on is damaged, so this cannot be done until it is brought back from a backup.',
  },
  zh: {
    room: '本会商室保存的内容已损坏，用备份恢复之前无法打开。',
    draft: '这份草案保存的内容已损坏，用备份恢复之前无法打开。',
    file: '这个文件保存的内容已损坏，请重新添加。',
    record: '所需的一条记录已损坏，用备份恢复之前无法进行此操作。',
  },
} as const;

/** A newer server may name what this page does not know. */
function damagedThing(language: 'en' | 'zh', what: string): string {
  const things: Readonly<Record<string, string>> = damagedThings[language];
  return things[what] ?? damagedThings[language].record;
}

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

export const en: Site = {
  signInNeeded: () => 'Please sign in first.',
  notAllowed: () => 'Your role does not allow this.',
  notFound: () => 'There is nothing here, or it is not open to you.',
  roomClosed: () => 'This room is closed. It can still be read.',
  roomLimit: ({ most }) =>
    `You have made ${most} rooms, and one account may have no more. A deleted room counts until it is removed for good; an administrator can make further ones.`,
  removed: () => 'You were removed from this room.',
  accountSuspended: ({ ask }) =>
    `This account is suspended: nobody can sign in with it. Ask ${ask === undefined ? '' : `${ask}, `}the administrator of this installation.`,
  roomDeleted: ({ goneAt }) =>
    goneAt === undefined ? 'This room was deleted.' : `This room was deleted for good on ${new Formats('en').date(goneAt)}.`,
  alreadySo: () => 'That is the case already.',
  emptyText: () => 'Please write something first.',
  textTooLong: ({ most, got }) => `This is too long: ${got} where ${most} are possible. Please shorten it by ${got - most}.`,
  tooCostly: () => 'These changes are so entangled with others that every page would have stood still.',
  tooMany: ({ most }) => `There can be at most ${most} of these.`,
  malformed: ({ field }) => (field === undefined ? 'Something in this was not understood.' : `This was not understood: ${field}.`),
  tooFast: ({ retryAfterMs }) =>
    seconds(retryAfterMs) === 1
      ? 'That was too fast. Please try again in a second.'
      : `Please try again in ${seconds(retryAfterMs)} seconds.`,
  busy: ({ retryAfterMs }) => `Many people are reading at the moment. Please try again in ${seconds(retryAfterMs)} s.`,
  historyTooLarge: () =>
    'This draft was changed so often that its history cannot be shown here. Its versions and its text can be read as before.',
  storeUnavailable: () => 'Nothing can be saved at the moment. What you wrote stays here; please try again soon.',
  damaged: ({ what }) => `${damagedThing('en', what)} Everything else goes on. Please tell whoever runs this installation.`,
  linkUnknown: () => 'This link is not known. Perhaps a part of it was lost on the way; please ask for it again.',
  linkExpired: () => 'This link has expired. Please ask the moderator for a new one.',
  linkRevoked: () => 'This link was withdrawn. Please ask the moderator for a new one.',
  linkRoomOnly: () =>
    'You came in by a personal link, which counts in its room only. For this, sign in with your own user name and password.',
  guestsNotAllowed: () => 'This room does not admit guests: sign in, or make an account.',
  nameInvisible: () => 'This name holds characters that nobody can see. Please type it again by hand.',
  nameMixed: () => 'A word of this name mixes letters of different alphabets that look alike. Please write each word in one alphabet.',
  handleTaken: () => 'This user name is taken. Please choose another one.',
  handleInvalid: () => 'A user name is 2 to 32 letters or digits; dots, hyphens and underscores may stand between them.',
  passwordTooShort: ({ least }) => `The password needs at least ${least} characters.`,
  wrongCredentials: () => 'User name and password do not match.',
  setupDone: () => 'This installation has its first administrator already. Please sign in.',
  lastAdministrator: () => 'Who keeps this installation can be neither erased nor suspended.',
  wrongOrigin: () => 'This page was opened under an address the server does not know. Please open it under its own address.',
  reloadNeeded: () => 'Shangliang was renewed in the meantime. Please load the page again.',
  offline: () => 'No connection to the server. What you wrote stays here; please try again.',
  broken: () => 'The server did not answer as expected. What you wrote stays here; please try again.',
};

export const zh: Site = {
  signInNeeded: () => '请先登录。',
  notAllowed: () => '您当前的身份不能进行此操作。',
  notFound: () => '此处没有内容，或未对您开放。',
  roomClosed: () => '本会商室已结束，仍可查看。',
  roomLimit: ({ most }) => `您已建 ${most} 个会商室，每个账号最多这么多。已删除的在彻底清除前仍计算在内；管理员不受此限。`,
  removed: () => '您已被移出本会商室。',
  accountSuspended: ({ ask }) => `此账号已被停用，不能登录。请联系本系统的管理员${ask ?? ''}。`,
  roomDeleted: ({ goneAt }) => (goneAt === undefined ? '本会商室已删除。' : `本会商室已于${new Formats('zh').date(goneAt)}彻底删除。`),
  alreadySo: () => '已经是这样了。',
  emptyText: () => '请先写点内容。',
  textTooLong: ({ most, got }) => `内容太长：最多 ${most}，现有 ${got}，请再删去 ${got - most}。`,
  tooCostly: () => '这些改动与其他改动交错过多，会使所有人的页面停顿。',
  tooMany: ({ most }) => `最多只能有 ${most} 个。`,
  malformed: ({ field }) => (field === undefined ? '提交的内容无法识别。' : `这一项无法识别：${field}。`),
  tooFast: ({ retryAfterMs }) => `操作太快，请在 ${seconds(retryAfterMs)} 秒后再试。`,
  busy: ({ retryAfterMs }) => `当前查看的人较多，请在 ${seconds(retryAfterMs)} 秒后再试。`,
  historyTooLarge: () => '本文稿改动次数过多，无法在此展示全部历史；各版本和正文仍可查看。',
  storeUnavailable: () => '目前无法保存。您写的内容仍在这里，请稍后再试。',
  damaged: ({ what }) => `${damagedThing('zh', what)}其他一切照常。请告知本系统的管理员。`,
  linkUnknown: () => '无法识别这个链接，可能没有复制完整，请重新索取。',
  linkExpired: () => '这个链接已过期，请向主持人索取新的链接。',
  linkRevoked: () => '这个链接已被收回，请向主持人索取新的链接。',
  linkRoomOnly: () => '您是凭专属链接进入的，该链接只在其会商室内有效。如需进行此操作，请用自己的用户名和密码登录。',
  guestsNotAllowed: () => '本会商室不接受访客，请登录或注册账号。',
  nameInvisible: () => '姓名中含有看不见的字符，请重新手工输入。',
  nameMixed: () => '姓名中混用了外形相似的不同字母，请每个词只用一种字母。',
  handleTaken: () => '这个用户名已有人使用，请换一个。',
  handleInvalid: () => '用户名须为 2 至 32 个汉字、字母或数字，中间可用点、连字符或下划线。',
  passwordTooShort: ({ least }) => `密码至少需要 ${least} 个字符。`,
  wrongCredentials: () => '用户名或密码不正确。',
  setupDone: () => '本系统已有管理员，请直接登录。',
  lastAdministrator: () => '本系统的管理员不能被清除或停用。',
  wrongOrigin: () => '当前网址不是服务器认可的地址，请用正式网址打开。',
  reloadNeeded: () => '系统已更新，请重新加载页面。',
  offline: () => '连接不上服务器。您写的内容仍在这里，请再试一次。',
  broken: () => '服务器的答复异常。您写的内容仍在这里，请再试一次。',
};

/** What to tell a person about a refusal. */
export function sentenceFor(sentences: Sentences, refusal: Refusal): string {
  // The table pairs each code with a function over just that rejection, which TypeScript cannot follow through an index.
  const say = sentences[refusal.code] as ((refusal: Refusal) => string) | undefined;
  return say === undefined ? sentences.broken({ code: 'broken', status: 0 }) : say(refusal);
}
