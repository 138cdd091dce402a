import type { Refusal, RefusalCode } from '../api/refusal.ts';

/** A sentence for each code; its facts come from the rejection itself. */
type Sentences = { readonly [Code in RefusalCode]: (refusal: Extract<Refusal, { code: Code }>) => string };

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

export const en: Sentences = {
  signInNeeded: () => 'Please sign in first.',
  notAllowed: () => 'Your role does not allow this.',
  notFound: () => 'There is nothing here, or it is not open to you.',
  roomClosed: () => 'This room is closed. It can still be read.',
  roomOpen: () => 'This room is still open.',
  roomExists: () => 'This room exists already.',
  removed: () => 'You were removed from this room.',
  muted: () => 'The moderator has muted you: you can read, but not write for now.',
  commentingClosed: () => 'Commenting is closed at the moment.',
  draftLocked: () => 'The draft is locked: it can be read, but not changed.',
  unknownDraft: () => 'This draft does not exist.',
  unknownComment: () => 'This comment does not exist.',
  unknownParticipant: () => 'This person is not in the room.',
  roomPaused: () => 'The moderator has paused the room: nobody writes until it goes on.',
  roomDeleted: () => 'This room was deleted.',
  slowMode: ({ retryAfterMs }) =>
    seconds(retryAfterMs) === 1
      ? 'Slow mode: one second until your next comment.'
      : `Slow mode: ${seconds(retryAfterMs)} seconds until your next comment.`,
  commentLimit: ({ most }) => (most === 1 ? 'Each person may write one comment here.' : `Each person may write ${most} comments here.`),
  unknownSuggestion: () => 'This suggestion does not exist.',
  unknownFile: () => 'This file is not here any more.',
  fileTypeRefused: () => 'Files of this kind are not taken: PDF, Word, pictures and plain text are.',
  fileTooLarge: ({ most }) => `This file is too large: at most ${Math.floor(most / 1_048_576)} MB are possible.`,
  commentHidden: () => 'This comment was hidden by a moderator.',
  commentWithdrawn: () => 'This comment was withdrawn by its author.',
  notYours: () => 'Only the author can do this.',
  alreadySo: () => 'That is the case already.',
  lastModerator: () => 'A room needs a moderator: name another one first.',
  emptyText: () => 'Please write something first.',
  textTooLong: ({ most, got }) => `This is too long: ${got} where ${most} are possible. Please shorten it by ${got - most}.`,
  tooMany: ({ most }) => `There can be at most ${most} of these.`,
  malformed: ({ field }) => (field === undefined ? 'Something in this was not understood.' : `This was not understood: ${field}.`),
  commandIdReused: () => 'This was sent before with other content. Please try it once more.',
  tooFast: ({ retryAfterMs }) =>
    seconds(retryAfterMs) === 1
      ? 'That was too fast. Please try again in a second.'
      : `Please try again in ${seconds(retryAfterMs)} seconds.`,
  storeUnavailable: () => 'Nothing can be saved at the moment. What you wrote stays here; please try again soon.',
  linkUnknown: () => 'This link is not known. Perhaps a part of it was lost on the way; please ask for it again.',
  linkExpired: () => 'This link has expired. Please ask the moderator for a new one.',
  linkRevoked: () => 'This link was withdrawn. Please ask the moderator for a new one.',
  guestsNotAllowed: () => 'This room does not admit guests: sign in, or make an account.',
  handleTaken: () => 'This user name is taken. Please choose another one.',
  handleInvalid: () => 'A user name is 2 to 32 letters or digits; dots, hyphens and underscores may stand between them.',
  passwordTooShort: ({ least }) => `The password needs at least ${least} characters.`,
  wrongCredentials: () => 'User name and password do not match.',
  setupDone: () => 'This installation has its first administrator already. Please sign in.',
  wrongOrigin: () => 'This page was opened under an address the server does not know. Please open it under its own address.',
  reloadNeeded: () => 'Shangliang was renewed in the meantime. Please load the page again.',
  offline: () => 'No connection to the server. What you wrote stays here; please try again.',
  broken: () => 'The server did not answer as expected. What you wrote stays here; please try again.',
};

export const zh: Sentences = {
  signInNeeded: () => '请先登录。',
  notAllowed: () => '您当前的身份不能进行此操作。',
  notFound: () => '此处没有内容，或未对您开放。',
  roomClosed: () => '本会商室已结束，仍可查看。',
  roomOpen: () => '本会商室仍在进行。',
  roomExists: () => '该会商室已存在。',
  removed: () => '您已被移出本会商室。',
  muted: () => '主持人已将您设为只读：暂时可看不可写。',
  commentingClosed: () => '目前未开放留言。',
  draftLocked: () => '文本已锁定，可以查看，不能修改。',
  unknownDraft: () => '没有这份文本。',
  unknownComment: () => '没有这条留言。',
  unknownParticipant: () => '此人不在本会商室。',
  roomPaused: () => '主持人已暂停会商，恢复前谁都不能写。',
  roomDeleted: () => '本会商室已删除。',
  slowMode: ({ retryAfterMs }) => `慢速模式：${seconds(retryAfterMs)} 秒后可再次留言。`,
  commentLimit: ({ most }) => `在此每人最多留言 ${most} 条。`,
  unknownSuggestion: () => '没有这项意见建议。',
  unknownFile: () => '这个文件已不在此处。',
  fileTypeRefused: () => '不接受此类文件，可以上传 PDF、Word、图片和纯文本。',
  fileTooLarge: ({ most }) => `文件太大，最多 ${Math.floor(most / 1_048_576)} MB。`,
  commentHidden: () => '这条留言已被主持人隐藏。',
  commentWithdrawn: () => '这条留言已由作者撤回。',
  notYours: () => '只有作者本人可以这样做。',
  alreadySo: () => '已经是这样了。',
  lastModerator: () => '会商室至少要有一位主持人，请先指定另一位。',
  emptyText: () => '请先写点内容。',
  textTooLong: ({ most, got }) => `内容太长：最多 ${most}，现有 ${got}，请再删去 ${got - most}。`,
  tooMany: ({ most }) => `最多只能有 ${most} 个。`,
  malformed: ({ field }) => (field === undefined ? '提交的内容无法识别。' : `这一项无法识别：${field}。`),
  commandIdReused: () => '此前已用不同内容提交过，请再试一次。',
  tooFast: ({ retryAfterMs }) => `操作太快，请在 ${seconds(retryAfterMs)} 秒后再试。`,
  storeUnavailable: () => '目前无法保存。您写的内容仍在这里，请稍后再试。',
  linkUnknown: () => '无法识别这个链接，可能没有复制完整，请重新索取。',
  linkExpired: () => '这个链接已过期，请向主持人索取新的链接。',
  linkRevoked: () => '这个链接已被收回，请向主持人索取新的链接。',
  guestsNotAllowed: () => '本会商室不接受来宾，请登录或注册账号。',
  handleTaken: () => '这个用户名已有人使用，请换一个。',
  handleInvalid: () => '用户名须为 2 至 32 个汉字、字母或数字，中间可用点、连字符或下划线。',
  passwordTooShort: ({ least }) => `密码至少需要 ${least} 个字符。`,
  wrongCredentials: () => '用户名或密码不正确。',
  setupDone: () => '本系统已有管理员，请直接登录。',
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
