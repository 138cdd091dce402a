import { describe, expect, test } from 'vitest';
import { blockIds, clauseIds } from '#shared/document/clauseIds.ts';
import { clauseLabels } from '#shared/domain/drafts/clauses.ts';
import type { ClauseId, NumberedClause } from '#shared/domain/drafts/events.ts';
import { clauseNumbers } from '#client/lib/drafts/draftClauses.ts';
import { schema, stateOf, Writer } from './writer.ts';

const lines = ['# 总则', '甲条款的正文。', '乙条款的正文。', '', '丙条款的正文。'];

const present = (writer: Writer): readonly ClauseId[] => clauseIds(writer.draft).filter((id) => id !== null);

/** Somebody at an editor, and the numbers that the clauses were sealed with. */
function sealed(): { ana: Writer; ben: Writer; numbers: (writer: Writer) => readonly string[] } {
  const start = stateOf(lines);
  const [ana, ben] = [new Writer(101, start), new Writer(202, start)];
  const frozen: readonly NumberedClause[] = present(ana).map((id, index) => ({ id, label: String(index + 1) }));
  const numbers = (writer: Writer): readonly string[] => {
    const shown = clauseNumbers(writer.node, frozen, blockIds(writer.draft));
    // What the editor shows is what the server would seal.
    expect(shown).toEqual(clauseLabels(present(writer), frozen));
    return shown;
  };
  return { ana, ben, numbers };
}

/** Where the words of a block begin. */
function startOf(writer: Writer, block: number): number {
  let position = 1;
  for (let index = 0; index < block; index += 1) position += writer.node.child(index).nodeSize;
  return position;
}

describe('[ED10] [CLA1] a clause is the same clause', () => {
  test('whatever is typed into it, made bold in it, or joined to its end', () => {
    const { ana, numbers } = sealed();
    expect(numbers(ana)).toEqual(['1', '2', '3']);
    expect(ana.edit((transform) => transform.insert(startOf(ana, 1), schema.text('新')))).toBe(true);
    expect(ana.edit((transform) => transform.addMark(startOf(ana, 2), startOf(ana, 2) + 3, schema.mark('bold')))).toBe(true);
    expect(ana.edit((transform) => transform.delete(startOf(ana, 1) + 2, startOf(ana, 1) + 5))).toBe(true);
    expect(numbers(ana)).toEqual(['1', '2', '3']);
    expect(ana.edit((transform) => transform.join(startOf(ana, 2) - 1))).toBe(true);
    expect(numbers(ana)).toEqual(['1', '3']);
  });

  test('in its first part when it is split, and the rest is named after it', () => {
    const { ana, ben, numbers } = sealed();
    expect(ana.edit((transform) => transform.split(startOf(ana, 1) + 3))).toBe(true);
    expect(numbers(ana)).toEqual(['1', '1-1', '2', '3']);
    ana.sendTo(ben);
    expect(numbers(ben)).toEqual(['1', '1-1', '2', '3']);
  });

  test('when an empty line is put in before it, and then filled', () => {
    const { ana, numbers } = sealed();
    // As the editor does it at the beginning of a line; a split would give the old block to the empty line.
    expect(ana.edit((transform) => transform.insert(startOf(ana, 2) - 1, schema.node('paragraph')))).toBe(true);
    expect(numbers(ana)).toEqual(['1', '2', '3']);
    expect(ana.edit((transform) => transform.insert(startOf(ana, 2), schema.text('补充')))).toBe(true);
    expect(numbers(ana)).toEqual(['1', '1-1', '2', '3']);
  });

  test('on every page, when two people put clauses in at once', () => {
    const { ana, ben, numbers } = sealed();
    expect(ana.edit((transform) => transform.insert(startOf(ana, 2) - 1, schema.node('paragraph', null, [schema.text('安娜的')])))).toBe(
      true,
    );
    expect(ben.edit((transform) => transform.insert(startOf(ben, 2) - 1, schema.node('paragraph', null, [schema.text('本的')])))).toBe(
      true,
    );
    ana.sendTo(ben);
    ben.sendTo(ana);
    expect(numbers(ana)).toEqual(['1', '1-1', '1-2', '2', '3']);
    expect(numbers(ben)).toEqual(numbers(ana));
  });
});
