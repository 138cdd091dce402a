/** The words of several drafts in a room. `en` gives the shape, `zh` must have the same. */
export const en = {
  drafts: 'Drafts',
  draftShown: 'Draft shown',
  untitled: 'Draft',
  locked: 'locked',
  unsaved: 'not saved',
  add: 'New draft…',
  addTitle: 'New draft',
  addDo: 'Create',
  rename: 'Rename this draft…',
  renameTitle: 'Rename the draft',
  renameDo: 'Rename',
  title: 'Title of the draft',
  titleMissing: 'Please give the draft a title.',
  titleTooLong: (most: number) => `At most ${most} characters.`,
  inDraft: (title: string) => `In the draft “${title}”`,

  recordRenamed: (title: string) => `named a draft “${title}”`,
  recordNumbered: 'renumbered the clauses',
  recordIn: (act: string, title: string) => `${act} (${title})`,
};

export const zh: typeof en = {
  drafts: '草案',
  draftShown: '显示的草案',
  untitled: '草案',
  locked: '已锁定',
  unsaved: '未保存',
  add: '新建草案……',
  addTitle: '新建草案',
  addDo: '新建',
  rename: '给这份草案改名……',
  renameTitle: '给草案改名',
  renameDo: '改名',
  title: '草案标题',
  titleMissing: '请写上草案标题。',
  titleTooLong: (most) => `最多 ${most} 个字符。`,
  inDraft: (title) => `在草案《${title}》中`,

  recordRenamed: (title) => `把草案改名为《${title}》`,
  recordNumbered: '重新编了条款号',
  recordIn: (act, title) => `${act}（${title}）`,
};
