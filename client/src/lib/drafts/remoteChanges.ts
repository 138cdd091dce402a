import { Extension } from '@tiptap/core';
import { Fragment, Slice } from '@tiptap/pm/model';
import type { Node } from '@tiptap/pm/model';
import { Selection, TextSelection } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { ReplaceStep } from '@tiptap/pm/transform';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import type { ProsemirrorBinding } from '@tiptap/y-tiptap';
import * as Y from 'yjs';

/**
 * The binding replaces the whole document with every change of others. Here that becomes steps over what differs, so that marks,
 * numbers and carets are mapped instead of made anew, and the editor draws nothing but that.
 */
export const RemoteChanges = Extension.create({
  name: 'remoteChanges',
  priority: 9_000,
  dispatchTransaction({ transaction, next }) {
    const small = narrowed(transaction, this.editor.state);
    next(small);
    const { binding } = (ySyncPluginKey.getState(this.editor.state) ?? {}) as { binding?: ProsemirrorBinding };
    if (small !== transaction && binding !== undefined) realign(binding.type, this.editor.state.doc, binding.mapping);
  },
});

/** Has the binding's table name the nodes that are in the document, where the steps made others that are equal. */
export function realign(type: Y.XmlFragment, node: Node, mapping: ProsemirrorBinding['mapping']): void {
  let at = 0;
  for (const child of type.toArray()) {
    if (!(child instanceof Y.XmlElement)) continue;
    while (node.maybeChild(at)?.isText === true) at += 1;
    const shown = node.maybeChild(at);
    at += 1;
    if (shown === null || mapping.get(child) === shown) continue;
    mapping.set(child, shown);
    realign(child, shown, mapping);
  }
}

/** The same change as steps over what differs; the transaction itself where it is no replacement of a whole document by the binding. */
export function narrowed(transaction: Transaction, state: EditorState): Transaction {
  const sync: unknown = transaction.getMeta(ySyncPluginKey);
  const { doc } = state;
  const [step] = transaction.steps;
  const isWhole = step instanceof ReplaceStep && transaction.steps.length === 1 && step.from === 0 && step.to === doc.content.size;
  if ((sync as { isChangeOrigin?: boolean } | undefined)?.isChangeOrigin !== true || !isWhole) return transaction;
  const small = state.tr;
  const steps: ReplaceStep[] = [];
  difference(doc, transaction.doc, 0, steps);
  // From behind, so that the places of those before stay what they are.
  for (const each of steps.reverse()) small.step(each);
  if (!small.doc.eq(transaction.doc)) return transaction;
  small.setSelection(selectionAfter(small, transaction, state));
  small.setMeta(ySyncPluginKey, sync).setMeta('addToHistory', transaction.getMeta('addToHistory'));
  return transaction.scrolledIntoView ? small.scrollIntoView() : small;
}

/**
 * Where the selection is behind the steps: where its ends were moved to. The binding looks for them by identity and, where it doubts the
 * answer, for blocks with the same words, so that a caret at the beginning of the draft leapt into another block like its own. Its
 * answer counts for an end that stood inside of what was replaced.
 */
function selectionAfter(small: Transaction, transaction: Transaction, { selection }: EditorState): Selection {
  const theirs = Selection.fromJSON(small.doc, transaction.selection.toJSON() as object);
  if (!(selection instanceof TextSelection) || !(theirs instanceof TextSelection)) return theirs;
  const { mapping } = small;
  const moved = (position: number, otherwise: number): number => {
    let at = position;
    for (const map of mapping.maps) {
      let isInside = false;
      map.forEach((from, to) => (isInside ||= from < at && at < to));
      if (isInside) return otherwise;
      at = map.map(at, -1);
    }
    return at;
  };
  const anchor = small.doc.resolve(moved(selection.anchor, theirs.anchor));
  return TextSelection.between(anchor, small.doc.resolve(moved(selection.head, theirs.head)));
}

/** The steps that make the content of one node that of another, in order. `start`: where that content begins. */
function difference(before: Node, after: Node, start: number, steps: ReplaceStep[]): void {
  if (before.inlineContent && after.inlineContent) {
    const step = inlineDifference(before.content, after.content, start);
    if (step !== null) steps.push(step);
    return;
  }
  const places = new Map<Node, number>();
  after.forEach((node, _, index) => places.set(node, index));
  /** Where the run of blocks begins that are not the same objects on both sides: in either node, and as a position. */
  let [from, next, at] = [0, 0, start];
  let position = start;
  for (let index = 0; index <= before.childCount; index += 1) {
    const size = index < before.childCount ? before.child(index).nodeSize : 0;
    const kept = index < before.childCount ? (places.get(before.child(index)) ?? -1) : after.childCount;
    if (kept >= next) {
      runDifference(nodesOf(before, from, index), nodesOf(after, next, kept), at, steps);
      [from, next, at] = [index + 1, kept + 1, position + size];
    }
    position += size;
  }
}

function runDifference(gone: readonly Node[], come: readonly Node[], start: number, steps: ReplaceStep[]): void {
  let first = 0;
  let at = start;
  while (first < gone.length && first < come.length && gone[first]?.eq(come[first] as Node) === true) {
    at += gone[first]?.nodeSize ?? 0;
    first += 1;
  }
  let last = 0;
  while (last < Math.min(gone.length, come.length) - first && gone.at(-1 - last)?.eq(come.at(-1 - last) as Node) === true) last += 1;
  const old = gone.slice(first, gone.length - last);
  const fresh = come.slice(first, come.length - last);
  if (old.length === fresh.length) {
    for (const [index, node] of old.entries()) {
      const other = fresh[index] as Node;
      if (node.sameMarkup(other) && !node.isLeaf) difference(node, other, at + 1, steps);
      else if (!node.eq(other)) steps.push(replacing(at, at + node.nodeSize, [other]));
      at += node.nodeSize;
    }
  } else {
    const to = old.reduce((sum, { nodeSize }) => sum + nodeSize, at);
    steps.push(replacing(at, to, fresh));
  }
}

function replacing(from: number, to: number, nodes: readonly Node[]): ReplaceStep {
  return new ReplaceStep(from, to, new Slice(Fragment.fromArray([...nodes]), 0, 0));
}

function nodesOf(parent: Node, from: number, to: number): readonly Node[] {
  const nodes: Node[] = [];
  for (let at = from; at < to; at += 1) nodes.push(parent.child(at));
  return nodes;
}

function inlineDifference(before: Fragment, after: Fragment, start: number): ReplaceStep | null {
  const from = before.findDiffStart(after);
  const end = before.findDiffEnd(after);
  if (from === null || end === null) return null;
  // What is equal from both sides may overlap, as in "aa" that became "aaa".
  const overlap = Math.max(0, from - Math.min(end.a, end.b));
  return new ReplaceStep(start + from, start + end.a + overlap, new Slice(after.cut(from, end.b + overlap), 0, 0));
}
