import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';

const lists: ReadonlySet<string> = new Set(['bulletList', 'orderedList', 'taskList', 'table']);
const holders: ReadonlySet<string> = new Set(['listItem', 'taskItem', 'blockquote', 'tableCell', 'tableHeader']);

/**
 * An item, quote or cell that the edits of two people left empty has no line to write in. It gets one from the next person who changes the block it
 * stands in next, never from who looks at it. A list that one's own change has emptied goes with its last item.
 */
export const FilledUp = Extension.create({
  name: 'filledUp',
  addProseMirrorPlugins: () => [
    new Plugin({
      appendTransaction: (transactions, before, after) =>
        transactions.some((each) => each.docChanged) && !transactions.some(isFromOthers) ? filledUp(before, after) : null,
    }),
  ],
});

function isFromOthers(transaction: Transaction): boolean {
  return (transaction.getMeta('y-sync$') as { isChangeOrigin?: boolean } | undefined)?.isChangeOrigin === true;
}

interface Empty {
  readonly node: Node;
  readonly at: number;
  readonly parent: Node;
}

function filledUp({ doc: before }: EditorState, { doc, tr, schema }: EditorState): Transaction | null {
  const same = new Set(before.children);
  const changed = new Set(doc.children.filter((block) => !same.has(block)));
  if (changed.size === 0) return null;
  const kept = new Set(doc.children);
  const emptyBefore = new Set(
    before.children.filter((block) => !kept.has(block)).flatMap((block) => emptiesIn(block, 0, before).map(({ node }) => node)),
  );
  const empties: Empty[] = [];
  doc.forEach((block, at) => {
    if (changed.has(block)) empties.push(...emptiesIn(block, at, doc));
  });
  const line = () => schema.nodes.paragraph?.create() ?? [];
  for (const { node, at, parent } of empties.reverse()) {
    if (holders.has(node.type.name)) tr.insert(at + 1, line());
    else if (emptyBefore.has(node)) continue;
    else if (parent.childCount === 1) tr.replaceWith(at, at + node.nodeSize, line());
    else tr.delete(at, at + node.nodeSize);
  }
  return tr.docChanged ? tr : null;
}

/** Lists, items, quotes and cells in a block, itself too, that hold nothing, in their order. */
function emptiesIn(block: Node, at: number, parent: Node): Empty[] {
  if (block.isTextblock || !(lists.has(block.type.name) || holders.has(block.type.name) || block.type.name === 'tableRow')) return [];
  if (block.childCount === 0) return block.type.name === 'tableRow' ? [] : [{ node: block, at, parent }];
  const found: Empty[] = [];
  block.forEach((child, offset) => found.push(...emptiesIn(child, at + 1 + offset, block)));
  return found;
}
