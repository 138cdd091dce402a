import type { Rejection } from '#shared/domain/rejections.ts';

type Of<Code extends Rejection['code']> = Extract<Rejection, { code: Code }>;

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

/** Sentences for what is refused in a room and nowhere else. `en` gives the shape, `zh` must have the same. */
export const en = {
  roomOpen: () => 'This room is still open.',
  roomExists: () => 'This room exists already.',
  muted: () => 'The moderator has muted you: you can read, but not write for now.',
  commentingClosed: () => 'Commenting is closed at the moment.',
  draftLocked: () => 'The draft is locked: it can be read, but not changed.',
  unknownDraft: () => 'This draft does not exist.',
  unknownComment: () => 'This comment does not exist.',
  unknownParticipant: () => 'This person is not in the room.',
  roomPaused: () => 'The moderator has paused the room: nobody writes until it goes on.',
  slowMode: ({ retryAfterMs }: Of<'slowMode'>) =>
    seconds(retryAfterMs) === 1
      ? 'Slow mode: one second until your next comment.'
      : `Slow mode: ${seconds(retryAfterMs)} seconds until your next comment.`,
  commentLimit: ({ most }: Of<'commentLimit'>) =>
    most === 1 ? 'Each person may write one comment here.' : `Each person may write ${most} comments here.`,
  unknownSuggestion: () => 'This suggestion does not exist.',
  unknownFile: () => 'This file is not here any more.',
  unknownPassage: () => 'These words never stood in the text, or were erased already.',
  fileTypeRefused: () => 'Files of this kind are not taken: PDF, Word, pictures and plain text are.',
  fileTooLarge: ({ most }: Of<'fileTooLarge'>) => `This file is too large: at most ${Math.floor(most / 1_048_576)} MB are possible.`,
  roomFull: () =>
    'This room is full: its texts and its discussion have reached what one room may hold. It can be read, exported and closed, and a last comment still goes through. A new room can be made after this one.',
  filesFull: ({ most }: Of<'filesFull'>) =>
    `The background files of this room may take up ${Math.floor(most / 1_048_576)} MB together, and this one would be too much. Remove one that is not needed any more.`,
  commentHidden: () => 'This comment was hidden by a moderator.',
  commentWithdrawn: () => 'This comment was withdrawn by its author.',
  notYours: () => 'Only the author can do this.',
  textErased: () => 'This text was erased. Only its place is left.',
  lastModerator: () => 'A room needs a moderator: name another one first.',
  commandIdReused: () => 'This was sent before with other content. Please try it once more.',
};

export const zh: typeof en = {
  roomOpen: () => '本会商室仍在进行。',
  roomExists: () => '该会商室已存在。',
  muted: () => '主持人已暂停您的发言：您仍可查看。',
  commentingClosed: () => '目前未开放留言。',
  draftLocked: () => '文本已锁定，可以查看，不能修改。',
  unknownDraft: () => '没有这份文本。',
  unknownComment: () => '没有这条留言。',
  unknownParticipant: () => '此人不在本会商室。',
  roomPaused: () => '主持人已暂停会商，恢复之前任何人都不能写。',
  slowMode: ({ retryAfterMs }) => `发言间隔：${seconds(retryAfterMs)} 秒后可再次留言。`,
  commentLimit: ({ most }) => `在此每人最多留言 ${most} 条。`,
  unknownSuggestion: () => '没有这项意见建议。',
  unknownFile: () => '这个文件已不在此处。',
  unknownPassage: () => '文本中从未有过这些文字，或已经清除。',
  fileTypeRefused: () => '不接受此类文件，可以上传 PDF、Word、图片和纯文本。',
  fileTooLarge: ({ most }) => `文件太大，最多 ${Math.floor(most / 1_048_576)} MB。`,
  roomFull: () => '本会商室已满：文本和讨论的总量已达上限。仍可查看、导出和结束，也还能留下最后几句话；可以照此新建一间会商室继续。',
  filesFull: ({ most }) => `本会商室的背景文件合计最多 ${Math.floor(most / 1_048_576)} MB，再加这个就超出了。请先移除不再需要的文件。`,
  commentHidden: () => '这条留言已被主持人隐藏。',
  commentWithdrawn: () => '这条留言已由作者撤回。',
  notYours: () => '只有作者本人可以这样做。',
  textErased: () => '这段文字已被清除，只留下原处的标记。',
  lastModerator: () => '会商室至少要有一位主持人，请先指定另一位。',
  commandIdReused: () => '此前已用不同内容提交过，请再试一次。',
};
