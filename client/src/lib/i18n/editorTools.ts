import type { TableAct } from '../drafts/tableActs.ts';
import { chineseNumber } from '../drafts/chineseNumber.ts';

/** The words of what stands beside the text of a draft: tables and tasks, finding, outline, numbers of clauses. */
export const en = {
  taskList: 'Task list',
  table: 'Table',
  task: (words: string) => (words === '' ? 'Task without words' : `Task: ${words}`),
  tableActs: {
    rowAbove: 'Row above',
    rowBelow: 'Row below',
    columnBefore: 'Column before',
    columnAfter: 'Column after',
    headerRow: 'Heading row',
    dropRow: 'Delete row',
    dropColumn: 'Delete column',
    dropTable: 'Delete table',
  } satisfies Record<TableAct, string>,
  tableTools: 'Change the table',
  dropped: 'This was not taken over: it would be nested too deeply, or a table would become too large.',
  pasteTooLarge: 'That is too much to paste at once. Please paste it in parts.',
  find: 'Find in the text',
  findWhat: 'Find',
  findNext: 'Next place',
  findPrevious: 'Previous place',
  findClose: 'Close the search',
  found: (at: number, count: number) => (count === 0 ? 'Not found' : at === 0 ? `${count} found` : `${at} of ${count}`),
  authors: 'Who wrote what',
  authorsUnread: 'Who wrote what could not be read. Please try again.',
  outline: 'Outline',
  outlineEmpty: 'Headings and clauses appear here as soon as there are some.',
  outlineClose: 'Close the outline',
  clause: (label: string) => `${label}`,
  renumber: 'Renumber clauses',
  renumberHint: 'Counts 1, 2, 3 … in the order they stand in now.',
  renumberAlready: 'The clauses are counted in their order as they are.',
  renumberTooMany: 'This draft has too many clauses to be renumbered at once.',
  print: 'Print this draft',
};

export const zh: typeof en = {
  taskList: '任务列表',
  table: '表格',
  task: (words) => (words === '' ? '没有文字的任务' : `任务：${words}`),
  tableActs: {
    rowAbove: '上方加行',
    rowBelow: '下方加行',
    columnBefore: '前面加列',
    columnAfter: '后面加列',
    headerRow: '表头行',
    dropRow: '删除本行',
    dropColumn: '删除本列',
    dropTable: '删除表格',
  },
  tableTools: '修改表格',
  dropped: '没有写入：嵌套太深，或表格太大。',
  pasteTooLarge: '一次粘贴的内容太多，请分几次粘贴。',
  find: '在正文中查找',
  findWhat: '查找',
  findNext: '下一处',
  findPrevious: '上一处',
  findClose: '关闭查找',
  found: (at, count) => (count === 0 ? '没有找到' : at === 0 ? `共 ${count} 处` : `第 ${at} 处，共 ${count} 处`),
  authors: '谁写的',
  authorsUnread: '未能读取谁写了什么，请重试。',
  outline: '目录',
  outlineEmpty: '有了标题和条款，会列在这里。',
  outlineClose: '关闭目录',
  // A clause that was put in behind 5 later is 第五条之一, as statutes have it. The line may be broken before 之.
  clause: (label) => {
    const [first = '', ...inside] = String(label).split('-');
    return `第${chineseNumber(Number(first))}条${inside.length > 0 ? '\u200b' : ''}${inside.map((part) => `之${chineseNumber(Number(part))}`).join('')}`;
  },
  renumber: '重新编号',
  renumberHint: '按现在的顺序编为第一条、第二条……',
  renumberAlready: '条款已按现在的顺序编号。',
  renumberTooMany: '这份草案的条款太多，无法一次重新编号。',
  print: '打印这份草案',
};
