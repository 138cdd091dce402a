import type { Editor } from '@tiptap/core';
import { Fragment, Slice } from '@tiptap/pm/model';
import type { Node } from '@tiptap/pm/model';
import { yUndoPluginKey } from '@tiptap/y-tiptap';
import { chineseWords } from '#shared/document/history/compare.ts';
import { difference } from '#shared/document/history/difference.ts';
import type { Stretch } from '#shared/document/history/difference.ts';
import type { Json } from '#shared/lib/canonical.ts';

/** One place of a document that becomes another: what stands between two positions gives way to other content. */
export interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly content: Fragment;
}

/** More places than this are one: the text is another one altogether. */
const mostPlaces = 300;

/**
 * What has to be done to a document so that it becomes another, from its end to its beginning: blocks that stay are not touched, in
 * a block that changed the words that stay are not. So they keep who wrote them, and comments keep their places.
 */
export function replacementsFor(now: Node, then: Node): readonly Replacement[] {
  const words = chineseWords();
  const spell = (node: Node): string => JSON.stringify(node.toJSON());
  const [a, b] = [childrenOf(now), childrenOf(then)];
  const found: Replacement[] = [];
  let [i, j, at] = [0, 0, 0];
  const stretches = difference(a.map(spell), b.map(spell));
  for (let index = 0; index < stretches.length; index += 1) {
    const stretch = stretches[index] as Stretch<string>;
    if (stretch.op === 'same') {
      at += sizeOf(a.slice(i, i + stretch.items.length));
      i += stretch.items.length;
      j += stretch.items.length;
      continue;
    }
    const next = stretches[index + 1];
    const gone = stretch.op === 'del' ? a.slice(i, i + stretch.items.length) : [];
    const came = stretch.op === 'ins' ? b.slice(j, j + stretch.items.length) : next?.op === 'ins' ? b.slice(j, j + next.items.length) : [];
    if (stretch.op === 'del' && next?.op === 'ins') index += 1;
    const pairs = gone.length === came.length && gone.every((node, n) => isSameKind(node, came[n]));
    if (pairs) {
      let start = at;
      for (const [n, node] of gone.entries()) {
        found.push(...withinBlock(node, came[n] as Node, start + 1, words));
        start += node.nodeSize;
      }
    } else found.push({ from: at, to: at + sizeOf(gone), content: Fragment.from(came) });
    at += sizeOf(gone);
    i += gone.length;
    j += came.length;
  }
  if (found.length > mostPlaces) return [{ from: 0, to: now.content.size, content: then.content }];
  return found.reverse();
}

/**
 * Gives a draft the text it had at another time, as edits of the person's own that undo takes back in one step.
 * @returns `same` where it has that text already, `refused` where the draft did not take it
 */
export function restoreText(editor: Editor, document: Json): 'restored' | 'same' | 'refused' {
  const then = editor.schema.nodeFromJSON(document);
  const replacements = replacementsFor(editor.state.doc, then);
  if (replacements.length === 0) return 'same';
  (yUndoPluginKey.getState(editor.state) as { undoManager?: { stopCapturing(): void } } | undefined)?.undoManager?.stopCapturing();
  // One after the other, so that each reaches the draft as the small change it is.
  for (const { from, to, content } of replacements) {
    editor.view.dispatch(editor.state.tr.replace(from, to, new Slice(content, 0, 0)));
  }
  return editor.state.doc.eq(then) ? 'restored' : 'refused';
}

function childrenOf(node: Node): readonly Node[] {
  return Array.from({ length: node.childCount }, (_, index) => node.child(index));
}

function sizeOf(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + node.nodeSize, 0);
}

function isSameKind(node: Node, other: Node | undefined): boolean {
  return other !== undefined && node.isTextblock && node.sameMarkup(other);
}

/** A word of a block with its marks, or what stands among words. */
interface Token {
  readonly key: string;
  readonly node: Node;
}

function tokensOf(block: Node, words: (text: string) => readonly string[]): readonly Token[] {
  return childrenOf(block).flatMap((child): readonly Token[] => {
    const { text } = child;
    if (text === undefined) return [{ key: JSON.stringify(child.toJSON()), node: child }];
    const marks = JSON.stringify(child.marks.map((mark) => mark.toJSON() as unknown));
    let from = 0;
    return words(text).map((word) => {
      const node = child.cut(from, (from += word.length));
      return { key: `${marks}${word}`, node };
    });
  });
}

function withinBlock(now: Node, then: Node, start: number, words: (text: string) => readonly string[]): readonly Replacement[] {
  const [a, b] = [tokensOf(now, words), tokensOf(then, words)];
  const found: Replacement[] = [];
  let [i, j, at] = [0, 0, start];
  for (const { op, items } of difference(
    a.map(({ key }) => key),
    b.map(({ key }) => key),
  )) {
    const size = sizeOf(a.slice(i, i + items.length).map(({ node }) => node));
    const last = found.at(-1);
    if (op === 'ins') {
      const content = Fragment.from(b.slice(j, j + items.length).map(({ node }) => node));
      if (last?.to === at && last.content.size === 0) found[found.length - 1] = { ...last, content };
      else found.push({ from: at, to: at, content });
    } else if (op === 'del') found.push({ from: at, to: at + size, content: Fragment.empty });
    if (op !== 'ins') {
      at += size;
      i += items.length;
    }
    if (op !== 'del') j += items.length;
  }
  return found;
}
