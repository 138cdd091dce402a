/** A room that was made of another one's export file: where it comes from. Loaded where there is such a room. */
export const en = {
  title: 'Where this room comes from',
  made: (entries: string, when: string) =>
    `It was made from the exported record of another room, as that record stood at its entry ${entries}, and imported on ${when}. The people named in it are names only: nobody here can write as them.`,
  mark: 'Mark at which that record ended',
};

export const zh: typeof en = {
  title: '本会商室的来历',
  made: (entries, when) =>
    `由另一间会商室的导出文件建立，内容截至其第 ${entries} 条记录，于 ${when} 导入。其中的参与者只留姓名，没有人能以他们的名义发言。`,
  mark: '原记录末条的印记',
};
