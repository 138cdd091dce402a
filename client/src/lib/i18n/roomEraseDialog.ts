import type { ErasedText } from '#shared/domain/erasing/events.ts';

type Kind = ErasedText['kind'];

/** The dialog that erases a text. `en` gives the shape, `zh` must have the same. */
export const en = {
  title: {
    comment: 'Erase these words for good?',
    suggestion: 'Erase this suggestion for good?',
    file: 'Erase this file for good?',
  } as Record<Kind, string>,
  goes: 'What goes',
  goesWhat: {
    comment:
      'The words with all earlier versions, the passage they quote, and what suggestions quote of them: here, in the record, in exports and in the database.',
    suggestion:
      'What it asks for, with problem, reason, quotes and the remarks on it: here, in the record, in exports and in the database.',
    file: 'The file and its name: here, in the record, in exports and on the server’s disk.',
  } as Record<Kind, string>,
  stays: 'What stays',
  staysWhat: {
    comment: (name: string) =>
      `That ${name} said something here, when, and who supported it. In the place of the words stands who erased them.`,
    suggestion: (name: string) =>
      `Its number, that ${name} gathered it, what it rests on and who supports it. In the place of the words stands who erased them.`,
    file: (name: string) => `That ${name} added a file here, and its fingerprint. In its place stands who erased it.`,
  } as Record<Kind, (name: string) => string>,
  elsewhere: 'Not reached: older backups, files exported before, and what others have copied.',
  sure: 'I know that nobody can bring this back.',
  sureFirst: 'Please confirm first that nobody can bring this back.',
  erase: 'Erase for good',
  asAdministrator: 'You erase as the administrator. The room’s record says so.',
  done: 'Erased.',
  passage: {
    title: 'Erase words of the text for good?',
    words: 'Which words?',
    wordsHint: 'Exactly as they stand, or once stood, in the text. Large and small letters count.',
    lookUp: 'Look them up',
    looking: 'Looking through the whole history …',
    found: (places: string) => `Found at ${places} in the text or its history.`,
    foundMore: (places: string) => `Found at ${places} and more. What is left then has to be erased once more.`,
    places: (count: number, n: string) => (count === 1 ? 'one place' : `${n} places`),
    elsewhere: (places: string) => `Also at ${places} more, where exactly these words stand or once stood`,
    elsewhereNot: 'They stood nowhere else.',
    under: (words: string) => `Also what was written in the same place and deleted: ${words}`,
    goes: 'The words, in the text and at every moment of its history; quotes of them beside comments and suggestions. In versions, film and comparison, in the record, in exports and in the database.',
    stays:
      'That somebody wrote here, who and when, and all other words. The record says who erased, when and why, not what. Versions in which the words stood stay, but their text can no longer be checked.',
    elsewhereNotReached:
      'Not reached: what people say about it in comments of their own, the same words spelt otherwise, older backups, files exported before, and what others have copied.',
    lookFirst: 'Please look the words up first.',
    done: 'Erased. Nobody reads these words here any more.',
  },
};

export const zh: typeof en = {
  title: { comment: '彻底清除这段文字？', suggestion: '彻底清除这项意见建议？', file: '彻底清除这个文件？' },
  goes: '会消失的',
  goesWhat: {
    comment: '留言的文字及其所有早先版本、所引的草案原文，以及意见建议中对它的引用：页面、记录、导出文件和数据库中都不再保留。',
    suggestion: '建议的内容、问题、理由、引文以及对它的说明：页面、记录、导出文件和数据库中都不再保留。',
    file: '文件及其名称：页面、记录、导出文件和服务器磁盘上都不再保留。',
  },
  stays: '会留下的',
  staysWhat: {
    comment: (name) => `${name}曾在此发言、发言时间和附议者。原处写明由谁清除。`,
    suggestion: (name) => `编号、由${name}归集、所依据的来源和附议者。原处写明由谁清除。`,
    file: (name) => `${name}曾在此添加文件，以及文件的指纹。原处写明由谁清除。`,
  },
  elsewhere: '以下无法触及：较早的备份、此前导出的文件，以及他人已复制的内容。',
  sure: '我知道清除后任何人都无法恢复。',
  sureFirst: '请先确认：清除后任何人都无法恢复。',
  erase: '彻底清除',
  asAdministrator: '您以管理员身份清除，会商室的记录会写明这一点。',
  done: '已清除。',
  passage: {
    title: '彻底清除文本中的文字？',
    words: '哪些文字？',
    wordsHint: '须与文本中现有或曾有的文字完全一致，区分大小写。',
    lookUp: '查找',
    looking: '正在查找全部历史……',
    found: (places) => `在文本及其历史中找到${places}。`,
    foundMore: (places) => `找到${places}以上，余下的需再清除一次。`,
    places: (_count, n) => ` ${n} 处`,
    elsewhere: (places) => `一并清除另外${places}：那里现有或曾有完全相同的文字`,
    elsewhereNot: '其他地方没有出现过。',
    under: (words) => `一并清除在同一位置写过又删去的文字：${words}`,
    goes: '这些文字：现在的文本和历史上的每一刻，以及留言和意见建议旁对它的引用。版本、回放、比较、记录、导出文件和数据库中都不再保留。',
    stays:
      '有人曾在此书写、是谁、何时，以及其他所有文字。记录写明由谁、何时、因何清除，不写内容。含有这些文字的版本仍在，但其文本无法再核验。',
    elsewhereNotReached:
      '以下无法触及：他人在自己的留言中谈到的内容、写法不同的同一内容、较早的备份、此前导出的文件，以及他人已复制的内容。',
    lookFirst: '请先查找这些文字。',
    done: '已清除。这些文字在此不再可见。',
  },
};
