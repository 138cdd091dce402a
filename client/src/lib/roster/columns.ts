import type { Role } from '#shared/domain/participants/roles.ts';

export const columns = ['displayName', 'handle', 'organisation', 'level', 'sector', 'role'] as const;
export type Column = (typeof columns)[number];

const headings: Readonly<Record<Column, readonly string[]>> = {
  displayName: [
    '姓名',
    '名字',
    '名称',
    '委员姓名',
    '代表姓名',
    '人员姓名',
    '参会人',
    '参会人员',
    'name',
    'fullname',
    'displayname',
    'participant',
    'person',
  ],
  handle: ['用户名', '账号', '帐号', '登录名', 'handle', 'username', 'user', 'login', 'account'],
  organisation: [
    '单位',
    '工作单位',
    '所在单位',
    '单位及职务',
    '单位职务',
    '单位名称',
    '工作单位及职务',
    '机构',
    '组织',
    '部门',
    '职务',
    'organisation',
    'organization',
    'org',
    'company',
    'unit',
    'affiliation',
    'institution',
    'department',
  ],
  level: ['级别', '层级', '级', '委员级别', 'level', 'tier'],
  sector: ['界别', '所属界别', '界', '党派', '组别', '小组', 'sector', 'constituency', 'group', 'section'],
  role: ['角色', '身份', '参会身份', '会议角色', 'role', 'function', 'capacity'],
};

/** Columns of other people's lists that are nothing to a room. */
const ignored: readonly string[] = [
  '序号',
  '编号',
  '号',
  '序',
  '性别',
  '民族',
  '年龄',
  '出生年月',
  '电话',
  '手机',
  '手机号',
  '手机号码',
  '联系电话',
  '联系方式',
  '备注',
  '邮箱',
  '电子邮箱',
  '签到',
  '签名',
  '座位',
  '座位号',
  'no',
  'nr',
  'number',
  '#',
  'id',
  'gender',
  'sex',
  'age',
  'phone',
  'mobile',
  'tel',
  'email',
  'mail',
  'remark',
  'remarks',
  'notes',
  'note',
  'seat',
  'signature',
];

const roleWords: Readonly<Record<Role, readonly string[]>> = {
  moderator: ['主持人', '主持', '召集人', '主席', 'moderator', 'chair', 'chairperson', 'chairman', 'chairwoman', 'host', 'facilitator'],
  recorder: ['记录员', '记录', '记录人', '秘书', '工作人员', 'recorder', 'secretary', 'notetaker', 'clerk', 'minutetaker'],
  member: ['委员', '代表', '成员', '参会', '参会人', '参会人员', '与会者', '正式', 'member', 'delegate', 'participant', 'attendee'],
  observer: ['旁听', '旁听者', '旁听人员', '列席', '列席人员', '观察员', '嘉宾', 'observer', 'guest', 'viewer', 'audience'],
};

function folded(word: string): string {
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-.:：*()（）]/g, '');
}

/** What a heading names: a column, `ignored` for one we do not want, or null for what is no heading we know. */
export function columnOf(heading: string): Column | 'ignored' | null {
  const word = folded(heading);
  if (word === '') return null;
  for (const column of columns) if (headings[column].includes(word)) return column;
  return ignored.map(folded).includes(word) || heading.trim() === '#' ? 'ignored' : null;
}

/** The role a word means, in Chinese or English; null for none we know. */
export function roleOf(word: string): Role | null {
  const wanted = folded(word);
  for (const [role, words] of Object.entries(roleWords)) if (words.includes(wanted)) return role as Role;
  return null;
}
