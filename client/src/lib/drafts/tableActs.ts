/** What can be done to the table at the caret. */
export const tableActs = [
  'rowAbove',
  'rowBelow',
  'columnBefore',
  'columnAfter',
  'headerRow',
  'dropRow',
  'dropColumn',
  'dropTable',
] as const;
export type TableAct = (typeof tableActs)[number];
