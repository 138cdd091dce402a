import { getSchema } from '@tiptap/core';
import { Fragment, Slice } from '@tiptap/pm/model';
import type { Node } from '@tiptap/pm/model';
import { EditorState } from '@tiptap/pm/state';
import { describe, expect, test } from 'vitest';
import { mappingOf } from './commentMarks.ts';
import { draftExtensions } from './extensions.ts';

const schema = getSchema(draftExtensions());
const draft = (...lines: readonly string[]): Node =>
  schema.node(
    'doc',
    null,
    lines.map((line) => schema.node('paragraph', null, line === '' ? [] : [schema.text(line)])),
  );

/** Replaces the whole draft, as the binding does for a change of others, and says where a range went. */
function moved(before: Node, after: Node, from: number, to: number): [number, number] {
  const state = EditorState.create({ schema, doc: before });
  const transaction = state.tr.replace(0, before.content.size, new Slice(Fragment.from(after.content), 0, 0));
  transaction.setMeta('y-sync$', { isChangeOrigin: true });
  const mapping = mappingOf(transaction, before);
  return [mapping.map(from, 1), mapping.map(to, -1)];
}

describe('[ED9] marks keep to their words while others type', () => {
  test('words before, behind and in another line move them by as much as they are long', () => {
    const before = draft('公园的出入口', '第二行');
    expect(moved(before, draft('城市公园的出入口', '第二行'), 4, 7)).toEqual([6, 9]);
    expect(moved(before, draft('公园的出入口设置', '第二行'), 4, 7)).toEqual([4, 7]);
    expect(moved(before, draft('公园的出入口', '第二行话'), 4, 7)).toEqual([4, 7]);
    expect(moved(before, draft('新', '公园的出入口', '第二行'), 4, 7)).toEqual([7, 10]);
  });

  test('a letter repeated, where both ends look the same', () => {
    const before = draft('哈哈哈好');
    const [from, to] = moved(before, draft('哈哈哈哈好'), 4, 5);
    expect([from, to]).toEqual([5, 6]);
    expect(moved(draft('哈哈哈好'), draft('哈哈好'), 4, 5)).toEqual([3, 4]);
  });

  test('nothing changed moves nothing', () => {
    const before = draft('一', '二');
    expect(moved(before, draft('一', '二'), 1, 2)).toEqual([1, 2]);
  });
});
