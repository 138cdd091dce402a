import { Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { EditorState, TextSelection } from '@tiptap/pm/state';
import { addRowAfter, goToNextCell } from '@tiptap/pm/tables';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bringTableEditing } from './draftTables.ts';
import { draftExtensions } from './extensions.ts';

let editor: Editor;
beforeAll(async () => void (await bringTableEditing()));
beforeEach(() => {
  editor = new Editor({ element: null, extensions: draftExtensions(), content: { type: 'doc', content: [{ type: 'paragraph' }] } });
});
afterEach(() => editor.destroy());

/** A table of rows of words, with a paragraph behind it. */
function tableOf(...rows: readonly (readonly string[])[]): Node {
  return editor.schema.nodeFromJSON({
    type: 'doc',
    content: [
      {
        type: 'table',
        content: rows.map((words) => ({
          type: 'tableRow',
          content: words.map((text) => ({ type: 'tableCell', content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] })),
        })),
      },
      { type: 'paragraph' },
    ],
  });
}

const stateOf = (doc: Node): EditorState => EditorState.create({ doc, plugins: editor.extensionManager.plugins });
const shapeOf = ({ doc }: EditorState): number[] => doc.firstChild?.children.map(({ childCount }) => childCount) ?? [];

describe('[ED17] a table that is not rectangular', () => {
  it('is left alone by who only gets it, and by who types in it', () => {
    const square = stateOf(tableOf(['a', 'b'], ['c', 'd']));
    const ragged = tableOf(['a', 'b', 'x'], ['c', 'd']);
    const got = square.apply(
      square.tr.replaceWith(0, square.doc.content.size, ragged.content).setMeta('y-sync$', { isChangeOrigin: true }),
    );
    expect(shapeOf(got)).toEqual([3, 2]);
    expect(shapeOf(got.apply(got.tr.insertText('!', 4)))).toEqual([3, 2]);
  });

  it('is filled up by who changes its shape', () => {
    const ragged = stateOf(tableOf(['a', 'b', 'x'], ['c', 'd']));
    let after = ragged.apply(ragged.tr.setSelection(TextSelection.create(ragged.doc, 4)));
    addRowAfter(after, (transaction) => (after = after.apply(transaction)));
    expect(shapeOf(after)).toEqual([3, 3, 3]);
  });

  it('may be one that nobody types cells into: a caret goes from cell to cell', () => {
    const square = stateOf(tableOf(['a', 'b'], ['c', 'd']));
    let after = square.apply(square.tr.setSelection(TextSelection.create(square.doc, 4)));
    const words: string[] = [];
    while (goToNextCell(1)(after, (transaction) => (after = after.apply(transaction))))
      words.push(after.selection.$from.parent.textContent);
    expect(words).toEqual(['b', 'c', 'd']);
  });
});
