import { describe, expect, test } from 'vitest';
import { decodeText } from './decodeText.ts';
import { parseRoster } from './parseRoster.ts';

/** Each line in one word: name|organisation|level|sector|role|handle, without what is empty at the end. */
function read(text: string): readonly string[] {
  return parseRoster(text).map(({ displayName, organisation, level, sector, role, handle }) =>
    [displayName, organisation, level, sector, role, handle].join('|').replace(/\|+$/, ''),
  );
}

describe('[ROS4] what people paste is read as a list of names', () => {
  test.each([
    ['a column', '王芳\n李建国\n\n赵敏\n', ['王芳', '李建国', '赵敏']],
    ['Windows line ends and a mark of order', '\ufeff王芳\r\n李建国\r\n', ['王芳', '李建国']],
    ['numbers before the names', '1. 王芳\n2、李建国\n（3）赵敏\n④ 钱进\n四、孙涛', ['王芳', '李建国', '赵敏', '④ 钱进', '孙涛']],
    ['bullets of a document', '• 王芳\n·李建国\n- Anna Berg\n— Ben Carter', ['王芳', '李建国', 'Anna Berg', 'Ben Carter']],
    ['names of two characters set to the width of three', '王　芳\n李建国\n赵 敏', ['王芳', '李建国', '赵敏']],
    ['a sentence of a document', '参会人员（4 人）：王芳、李建国、欧阳修文、赵　敏。', ['王芳', '李建国', '欧阳修文', '赵敏']],
    [
      'a document by sectors',
      '一、教育界（2人）\n王　芳　李建国\n农业界（1人）：赵敏\n钱进',
      ['王芳|||教育界', '李建国|||教育界', '赵敏|||农业界', '钱进|||农业界'],
    ],
    ['names apart by spaces', '王　芳　李建国　赵　敏　欧阳修文', ['王芳', '李建国', '赵敏', '欧阳修文']],
    ['sex and people behind the name', '王芳（女）\n阿依古丽（女，维吾尔族）\n马伟(回族)', ['王芳', '阿依古丽', '马伟']],
    ['Latin names keep their spaces', 'Anna-Maria  Berg\nJosé  da Silva', ['Anna-Maria Berg', 'José da Silva']],
    ['letters in pieces are put together', 'Jose\u0301', ['José']],
    ['marks that cannot be seen are gone', '\u200b王芳\u200f\n李\u2060建国\u00a0', ['王芳', '李建国']],
  ])('%s', (_title, text, names) => {
    expect(read(text)).toEqual(names);
  });

  test('a spreadsheet with a title above, headings, numbers, other columns and a sum below', () => {
    const text = [
      '市政协委员名单\t\t\t\t\t\t',
      '（2026 年 11 月）\t\t\t\t\t\t',
      '序号\t姓 名\t性别\t界别\t工作单位及职务\t联系电话\t身份',
      '1\t王　芳\t女\t教育界\t市第一中学副校长\t13800000000\t委员',
      '2\t李建国\t男\t同上\t"市供电公司\n总工程师"\t13900000000\t主持人',
      '3\t赵敏\t女\t农业界\t\t\t列席',
      '\t\t\t\t\t\t',
      '合计：3 人\t\t\t\t\t\t',
    ].join('\r\n');
    expect(read(text)).toEqual([
      '王芳|市第一中学副校长||教育界|member',
      '李建国|市供电公司 总工程师||教育界|moderator',
      '赵敏|||农业界|observer',
    ]);
  });

  test('a file with commas, quotes, English headings in any case, and the headings once more on the next page', () => {
    const text = [
      'Name,Organisation,Sector,Role,User name,E-Mail',
      '"Berg, Anna","Northern Grid ""Plus"" Ltd",Energy,Chair,anna,a@example.org',
      'Name,Organisation,Sector,Role,User name,E-Mail',
      'Ben Carter,,Energy,note-taker,,',
      ',Nobody Ltd,,,,',
    ].join('\n');
    expect(read(text)).toEqual([
      'Berg, Anna|Northern Grid "Plus" Ltd||Energy|moderator|anna',
      'Ben Carter|||Energy|recorder',
      '|Nobody Ltd',
    ]);
  });

  test('semicolons, as spreadsheets of other countries write them', () => {
    expect(read('Name;Unit;Level\nAnna Berg;City Hall;city')).toEqual(['Anna Berg|City Hall|city']);
  });

  test('Chinese commas without headings: what stands where is guessed', () => {
    expect(read('1，王芳，教育界，委员\n2，李建国，农业界，旁听')).toEqual(['王芳|||教育界|member', '李建国|||农业界|observer']);
    expect(read('王芳\t市一中\t区级\n李建国\t供电公司\t市级')).toEqual(['王芳|市一中|区级', '李建国|供电公司|市级']);
  });

  test('house and office in two columns are told both; a word that is no role stays to be corrected', () => {
    expect(read('姓名\t单位\t职务\t角色\n王芳\t市一中\t副校长\t财务')).toEqual(['王芳|市一中 副校长|||财务']);
  });

  test('a quote nobody closes is a letter, and one line does not swallow the rest', () => {
    expect(read('"王芳\n李建国')).toEqual(['"王芳', '李建国']);
  });

  test('nothing is nothing', () => {
    expect(read('')).toEqual([]);
    expect(read(' \n\t\n　\n')).toEqual([]);
    expect(read('姓名\t单位\n')).toEqual([]);
  });

  test('eighty-five people from one sheet are eighty-five', () => {
    const rows = Array.from({ length: 85 }, (_, index) => `${index + 1}\t委员${index + 1}\t第${(index % 9) + 1}界`);
    expect(parseRoster(['序号\t姓名\t界别', ...rows].join('\r\n')).length).toBe(85);
  });
});

describe('[ROS4] files come from old programs too', () => {
  const words = '姓名,界别\n王芳,教育界\n赵㼆,农业界\n';

  test('UTF-8 with and without its mark', () => {
    const bytes = new TextEncoder().encode(words);
    expect(decodeText(bytes)).toBe(words);
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes))).toBe(words);
  });

  test('GB18030, as Chinese spreadsheets write it', () => {
    // 姓名\n王芳\n㼆 (four bytes) in GB18030
    const bytes = Uint8Array.of(0xd0, 0xd5, 0xc3, 0xfb, 0x0a, 0xcd, 0xf5, 0xb7, 0xbc, 0x0a, 0x82, 0x30, 0xaf, 0x38);
    const text = decodeText(bytes);
    expect(text.startsWith('姓名\n王芳\n')).toBe(true);
    expect(text).not.toContain('\ufffd');
    expect(read(text)[0]).toBe('王芳');
  });

  test('UTF-16, as "Unicode text" is', () => {
    const little = [...words].flatMap((letter) => [letter.charCodeAt(0) & 0xff, letter.charCodeAt(0) >> 8]);
    expect(decodeText(Uint8Array.of(0xff, 0xfe, ...little))).toBe(words);
    const big = [...words].flatMap((letter) => [letter.charCodeAt(0) >> 8, letter.charCodeAt(0) & 0xff]);
    expect(decodeText(Uint8Array.of(0xfe, 0xff, ...big))).toBe(words);
  });
});
