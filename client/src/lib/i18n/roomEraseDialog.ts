import type { ErasedThing } from '#shared/domain/erasing/events.ts';

type Kind = ErasedThing['kind'];

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
};
