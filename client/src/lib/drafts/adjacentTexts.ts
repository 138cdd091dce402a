import type { Node } from '@tiptap/pm/model';
import { simpleDiffString } from 'lib0/diff';
import * as Y from 'yjs';
import type { DraftType } from './draftNodes.ts';

/** Which node stands for which type; as y-tiptap keeps it. */
type Mapping = Map<DraftType, Node | Node[]>;
/** What stands between two hard breaks of a line. */
interface Stretch {
  /** Place among the children of the line. */
  readonly at: number;
  readonly texts: Y.XmlText[];
}

/**
 * Writes a change of one line whose words stand in several texts side by side, each part of it into the text it concerns. Two people who
 * begin in the same empty paragraph make such texts. y-tiptap would write all words into the first text and delete the others: what
 * somebody types there meanwhile would be lost, and doubled where two people do that at once.
 *
 * Does nothing where more changed than the words and marks of one line; y-tiptap writes that.
 */
export function writeInPieces(draft: Y.XmlFragment, mapping: Mapping, before: Node, after: Node): void {
  const line = changedLine(draft, mapping, before, after);
  if (line === null) return;
  const stretches = stretchesOf(line.element);
  if (!stretches.some(({ texts }) => texts.length > 1)) return;
  const wanted = textsOf(line.after);
  if (wanted.length !== stretches.length) return;
  // From the end, so that a text put in moves no place that is still needed.
  for (let index = stretches.length - 1; index >= 0; index -= 1) {
    writeStretch(line.element, stretches[index] as Stretch, wanted[index] ?? []);
  }
  mapping.set(line.element, line.after);
}

/** The only line in which two documents differ, if what surrounds it is the same. */
function changedLine(
  draft: Y.XmlFragment,
  mapping: Mapping,
  before: Node,
  after: Node,
): { readonly element: Y.XmlElement; readonly after: Node } | null {
  let element: Y.XmlFragment = draft;
  let [was, is] = [before, after];
  while (!is.isTextblock) {
    if (was.childCount !== is.childCount) return null;
    let at = -1;
    for (let index = 0; index < is.childCount; index += 1) {
      if (was.child(index) === is.child(index)) continue;
      if (at >= 0) return null;
      at = index;
    }
    const child: unknown = at < 0 ? undefined : element.toArray()[at];
    if (!(child instanceof Y.XmlElement) || mapping.get(child) !== was.child(at)) return null;
    [element, was, is] = [child, was.child(at), is.child(at)];
    if (!was.sameMarkup(is)) return null;
  }
  return element instanceof Y.XmlElement ? { element, after: is } : null;
}

function stretchesOf(line: Y.XmlElement): Stretch[] {
  const stretches: Stretch[] = [{ at: 0, texts: [] }];
  line.toArray().forEach((child, index) => {
    if (child instanceof Y.XmlText) stretches.at(-1)?.texts.push(child);
    else stretches.push({ at: index + 1, texts: [] });
  });
  return stretches;
}

function textsOf(line: Node): Node[][] {
  const stretches: Node[][] = [[]];
  line.forEach((child) => {
    if (child.isText) stretches.at(-1)?.push(child);
    else stretches.push([]);
  });
  return stretches;
}

function writeStretch(line: Y.XmlElement, { at, texts }: Stretch, wanted: readonly Node[]): void {
  const words = wanted.map(({ text }) => text ?? '').join('');
  if (texts.length === 0) {
    if (words === '') return;
    const made = new Y.XmlText();
    line.insert(at, [made]);
    texts.push(made);
  }
  const { index, remove, insert } = simpleDiffString(texts.map(wordsOf).join(''), words);
  let start = 0;
  let isInserted = insert === '';
  for (const text of texts) {
    const { length } = text;
    const from = Math.max(index - start, 0);
    const deleted = Math.min(index + remove - start, length) - from;
    if (deleted > 0) text.delete(from, deleted);
    if (!isInserted && index <= start + length) {
      text.insert(from, insert);
      isInserted = true;
    }
    start += length;
  }
  let passed = 0;
  for (const text of texts) {
    format(text, wanted, passed);
    passed += text.length;
  }
}

/** Gives a text the marks that its words have on the page; `skip` characters of the page's come before it. */
function format(text: Y.XmlText, wanted: readonly Node[], skip: number): void {
  const names = new Set((text.toDelta() as { attributes?: object }[]).flatMap(({ attributes }) => Object.keys(attributes ?? {})));
  const delta: { retain: number; attributes: Record<string, unknown> }[] = [];
  let at = 0;
  for (const { nodeSize, marks } of wanted) {
    const length = Math.min(at + nodeSize, skip + text.length) - Math.max(at, skip);
    at += nodeSize;
    if (length <= 0) continue;
    const none = Object.fromEntries([...names].map((name) => [name, null]));
    delta.push({ retain: length, attributes: { ...none, ...Object.fromEntries(marks.map(({ type, attrs }) => [type.name, attrs])) } });
  }
  if (names.size > 0 || delta.some(({ attributes }) => Object.keys(attributes).length > 0)) text.applyDelta(delta);
}

function wordsOf(text: Y.XmlText): string {
  return (text.toDelta() as { insert: string }[]).map(({ insert }) => insert).join('');
}
