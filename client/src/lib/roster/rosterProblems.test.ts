import { expect, test } from 'vitest';
import { defaultLimits } from '#shared/domain/limits.ts';
import type { RosterLine } from './parseRoster.ts';
import { checkRoster, partsOf } from './rosterProblems.ts';
import type { Given } from './rosterProblems.ts';

const given: Given = { limits: defaultLimits, known: [], role: 'member', mayListModerators: true };
const line = (displayName: string, more: Partial<RosterLine> = {}): RosterLine => ({
  displayName,
  handle: '',
  organisation: '',
  level: '',
  sector: '',
  role: '',
  ...more,
});
const codes = (list: readonly RosterLine[], change: Partial<Given> = {}) =>
  checkRoster(list, { ...given, ...change }).lines.map(({ problems }) => problems.map(({ field, code }) => `${field}:${code}`).join(' '));

test('[ROS2] every mistake is marked beside its line and field', () => {
  expect(
    codes([
      line('王芳'),
      line('  '),
      line('长'.repeat(41)),
      line('王芳'),
      line('李', { handle: 'a b', organisation: '局'.repeat(101) }),
      line('赵', { handle: 'Zhao' }),
      line('钱', { handle: 'zhao' }),
      line('孙', { role: '财务' }),
    ]),
  ).toEqual([
    '',
    'displayName:empty',
    'displayName:tooLong',
    'displayName:twice',
    'handle:handleInvalid organisation:tooLong',
    '',
    'handle:handleTwice',
    'role:unknownRole',
  ]);
});

test('[ROS2] the same name from two houses is no mistake, and the same line twice is', () => {
  expect(codes([line('张伟', { organisation: '一中' }), line('张伟', { organisation: '二中' })])).toEqual(['', '']);
  expect(codes([line('张伟', { organisation: '一中' }), line('张伟 ', { organisation: ' 一中' })])).toEqual(['', 'displayName:twice']);
});

test('[ROS2] who may not steer participants is told at the line, also where the list has a role for all', () => {
  expect(codes([line('王芳', { role: 'moderator' })], { mayListModerators: false })).toEqual(['role:moderatorNotAllowed']);
  expect(codes([line('王芳')], { mayListModerators: false, role: 'moderator' })).toEqual(['role:moderatorNotAllowed']);
});

test('[ROS1] who came by an earlier list counts as present and not as new', () => {
  const known = [{ participantId: 'x', displayName: '王芳', sector: '教育界', role: 'member', link: null } as const];
  const checked = checkRoster([line('王芳', { sector: '教育界' }), line('王芳'), line('李建国')], { ...given, known });
  expect(checked.lines.map(({ present }) => present)).toEqual([true, false, false]);
  expect(checked.fresh).toBe(2);
});

test('[ROS2] too many people are said before anything is sent', () => {
  const list = Array.from({ length: 6 }, (_, index) => line(`第${index}人`));
  const limits = { ...defaultLimits, rosterSize: 6 };
  expect(checkRoster(list, { ...given, limits }).tooMany).toBe(false);
  expect(checkRoster([...list, line('甲')], { ...given, limits }).tooMany).toBe(true);
});

test('a long list is sent in parts that each fit into a request, in order and whole', () => {
  const list = Array.from({ length: 1000 }, (_, index) => line(`委员${index}`, { organisation: '某某市某某局某某处', sector: '教育界' }));
  const parts = partsOf(list, 'member', 48_000);
  expect(parts.length).toBeGreaterThan(1);
  for (const people of parts) expect(new TextEncoder().encode(JSON.stringify({ people })).length).toBeLessThanOrEqual(48_000);
  expect(parts.flat().map(({ displayName }) => displayName)).toEqual(list.map(({ displayName }) => displayName));
  expect(parts.flat()[0]).toEqual({ displayName: '委员0', role: 'member', organisation: '某某市某某局某某处', sector: '教育界' });
});
