import { Transform } from '@tiptap/pm/transform';
import { Slice } from '@tiptap/pm/model';
import { expect, test } from 'vitest';
import { replacementsFor } from '#client/lib/drafts/restoring.ts';
import { Weave } from '#shared/document/history/weave.ts';
import { textAt } from '#shared/document/history/textAt.ts';
import type { ShownNode, ShownText } from '#shared/document/history/textAt.ts';
import { documentOf, Writer } from '../anchors/writer.ts';
import { storm } from './storm.ts';

function becomes(now: ReturnType<typeof documentOf>, then: ReturnType<typeof documentOf>): ReturnType<typeof documentOf> {
  const transform = new Transform(now);
  for (const { from, to, content } of replacementsFor(now, then)) transform.replace(from, to, new Slice(content, 0, 0));
  return transform.doc;
}

test('[HI10] what is done to bring a text back leads to that text, and leaves alone what stays', () => {
  const pairs: readonly (readonly [readonly string[], readonly string[]])[] = [
    [
      ['甲', '乙', '丙'],
      ['甲', '丙'],
    ],
    [['甲'], ['乙', '甲', '丙']],
    [
      ['出入口间距不大于二百米。', '第二条'],
      ['出入口间距不大于三百米。', '第二条'],
    ],
    [
      ['# 标题', '- 一', '- 二'],
      ['标题', '- 一', '段落'],
    ],
    [
      ['| a | b', '| c | d'],
      ['| a | b', '| c | x'],
    ],
    [['one two three four'], ['one 2 three 4']],
    [[''], ['x']],
  ];
  for (const [from, to] of pairs) {
    const [now, then] = [documentOf(from), documentOf(to)];
    expect(becomes(now, then).toJSON()).toEqual(then.toJSON());
    expect(becomes(then, now).toJSON()).toEqual(now.toJSON());
    expect(replacementsFor(now, now)).toEqual([]);
  }
  const [only] = replacementsFor(documentOf(['出入口间距不大于二百米。', '同']), documentOf(['出入口间距不大于三百米。', '同']));
  expect((only?.to ?? 0) - (only?.from ?? 0)).toBeLessThanOrEqual(3);
});

for (const seed of [11, 12, 13]) {
  test(`[HI10] any moment can be brought back from any other; what stayed keeps its author (seed ${seed})`, () => {
    const { entries } = storm(seed, 50);
    const weave = new Weave();
    for (const entry of entries) weave.take(entry);
    const writer = new Writer(77);
    for (const entry of entries) if (entry.kind === 'update') writer.receive(entry.bytes);
    const draft = weave.draft(
      'd',
      'l',
      weave.entries.map((_, index) => index),
    );
    const past = new Writer(78);
    for (const entry of entries.slice(0, entries.length >> 1)) if (entry.kind === 'update') past.receive(entry.bytes);
    expect(becomes(writer.node, past.node).toJSON()).toEqual(past.node.toJSON());

    const updates: Uint8Array[] = [];
    writer.doc.on('update', (update: Uint8Array) => updates.push(update));
    for (const { from, to, content } of replacementsFor(writer.node, past.node)) {
      writer.edit((transform) => transform.replace(from, to, new Slice(content, 0, 0)));
    }
    expect(writer.node.toJSON()).toEqual(past.node.toJSON());
    const before = textAt(draft, draft.moments.length - 1);
    const at = (entries.at(-1)?.at ?? 0) + 1;
    for (const bytes of updates) weave.take({ ordinal: weave.ordinal + 1, kind: 'update', actorId: 'dan', at, bytes });
    const after = textAt(weave.draft('d', 'l', [weave.entries.length - 1]), 0);
    // Whoever restores becomes the author of what he brings back, and of nothing else.
    const own = authored(after).filter(([, by]) => by !== 'dan');
    const known = new Set(authored(before).map(([id]) => id));
    for (const [id] of own) expect(known.has(id)).toBe(true);
    expect(own.length).toBeGreaterThan(0);
  });
}

/** Every character as who it is in Yjs and who wrote it. */
function authored(nodes: readonly (ShownNode | ShownText)[]): (readonly [string, string])[] {
  return nodes.flatMap((node) =>
    'text' in node
      ? Array.from({ length: node.text.length }, (_, n) => [`${node.id[0]}/${node.id[1] + n}`, node.by] as const)
      : authored(node.content ?? []),
  );
}
