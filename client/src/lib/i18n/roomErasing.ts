/** What a room says of erased words and former members. `en` gives the shape, `zh` must have the same. */
export const en = {
  formerMember: 'A former member',
  by: { administrator: 'the administration', former: 'their author, who left' },
  gone: (who: string, when: string) => `Text erased by ${who}, ${when}`,
  goneWhy: (who: string, when: string, reason: string) => `Text erased by ${who}, ${when}: ${reason}`,
  fileGone: (who: string, when: string) => `File erased by ${who}, ${when}`,
  erase: 'Erase the words…',
  eraseFile: (name: string) => `Erase “${name}” for good…`,
  erasePassage: 'Erase…',
  erasePassageTitle: 'Erase these words for good, here and in the history',
  eraseWords: 'Erase words of the text…',
  record: {
    comment: (number: number, author: string) => `erased the words of comment ${number} by ${author}`,
    suggestion: (number: number) => `erased the words of suggestion ${number}`,
    file: 'erased a background file',
    passage: 'erased a passage of the text',
    ownPerson: 'A member erased the own account.',
    person: 'The administration erased the data of a member.',
    fileUnnamed: '(erased)',
  },
};

export const zh: typeof en = {
  formerMember: '已注销的成员',
  by: { administrator: '管理员', former: '已注销的作者本人' },
  gone: (who, when) => `文字已由${who}于 ${when} 清除`,
  goneWhy: (who, when, reason) => `文字已由${who}于 ${when} 清除：${reason}`,
  fileGone: (who, when) => `文件已由${who}于 ${when} 清除`,
  erase: '彻底清除文字……',
  eraseFile: (name) => `彻底清除“${name}”……`,
  erasePassage: '清除……',
  erasePassageTitle: '彻底清除这些文字，连同历史记录',
  eraseWords: '彻底清除文本中的文字……',
  record: {
    comment: (number, author) => `清除了${author}的第 ${number} 条留言的文字`,
    suggestion: (number) => `清除了第 ${number} 项意见建议的文字`,
    file: '清除了一份背景材料',
    passage: '清除了文本中的一段文字',
    ownPerson: '一位成员注销了自己的账号。',
    person: '管理员清除了一位成员的资料。',
    fileUnnamed: '（已清除）',
  },
};
