import type { Node, ResolvedPos } from '@tiptap/pm/model';
import { canJoin, canSplit, findWrapping, liftTarget } from '@tiptap/pm/transform';
import type { Transform } from '@tiptap/pm/transform';
import * as Y from 'yjs';
import type { Chance } from '../anchors/random.ts';
import { schema, Writer } from '../anchors/writer.ts';

/*
 * Histories of honest editors: each edit is one that ProseMirror makes and its schema takes, written by y-tiptap as an editor writes it.
 * What is not honest is the hurry: several people edit without having seen each other, on few blocks, and everything meets.
 */

type Edit = (transform: Transform, chance: Chance, word: () => string) => void;

const text = (words: string): Node => schema.text(words);
const paragraph = (words: string): Node => schema.node('paragraph', null, words === '' ? [] : [text(words)]);
const cell = (words: string): Node => schema.node('tableCell', null, [paragraph(words)]);

/** The position inside a random line, or null where there is none. */
function place(doc: Node, chance: Chance): ResolvedPos | null {
  const lines: number[] = [];
  doc.descendants((node, at) => {
    if (node.isTextblock) lines.push(at + 1 + chance.between(0, node.content.size));
  });
  return lines.length === 0 ? null : doc.resolve(chance.pick(lines));
}

/** Where some node begins, and the node. */
function someNode(doc: Node, chance: Chance): { readonly at: number; readonly node: Node } | null {
  const found: { at: number; node: Node }[] = [];
  doc.descendants((node, at) => {
    if (!node.isText) found.push({ at, node });
  });
  return found.length === 0 ? null : chance.pick(found);
}

const edits: Readonly<Record<string, Edit>> = {
  type: (transform, chance, word) => {
    const at = place(transform.doc, chance);
    if (at !== null) transform.insert(at.pos, text(word()));
  },
  deleteWords: (transform, chance) => {
    const [one, other] = [place(transform.doc, chance), place(transform.doc, chance)];
    if (one !== null && other !== null && Math.abs(one.pos - other.pos) < 60)
      transform.deleteRange(Math.min(one.pos, other.pos), Math.max(one.pos, other.pos));
  },
  deleteNode: (transform, chance) => {
    const found = someNode(transform.doc, chance);
    if (found !== null && found.node.nodeSize < 120) transform.delete(found.at, found.at + found.node.nodeSize);
  },
  split: (transform, chance) => {
    const at = place(transform.doc, chance);
    const depth = at !== null && at.depth > 1 && chance.next() < 0.5 ? 2 : 1;
    if (at !== null && canSplit(transform.doc, at.pos, depth)) transform.split(at.pos, depth);
  },
  join: (transform, chance) => {
    const found = someNode(transform.doc, chance);
    if (found !== null && canJoin(transform.doc, found.at)) transform.join(found.at);
  },
  wrap: (transform, chance) => {
    const blocks = place(transform.doc, chance)?.blockRange();
    const kind = schema.nodes[chance.pick(['blockquote', 'blockquote', 'bulletList', 'orderedList', 'taskList'])];
    const wrapping = blocks && kind && blocks.depth < 8 ? findWrapping(blocks, kind) : null;
    if (blocks && wrapping) transform.wrap(blocks, wrapping);
  },
  lift: (transform, chance) => {
    const blocks = place(transform.doc, chance)?.blockRange();
    const target = blocks && liftTarget(blocks);
    if (blocks && typeof target === 'number') transform.lift(blocks, target);
  },
  kind: (transform, chance) => {
    const at = place(transform.doc, chance);
    const level = chance.between(0, 3);
    if (at !== null)
      transform.setBlockType(at.pos, at.pos, schema.nodes[level === 0 ? 'paragraph' : 'heading']!, level === 0 ? null : { level });
  },
  behind: (transform, chance, word) => {
    const at = place(transform.doc, chance);
    const made = chance.pick([
      paragraph(word()),
      paragraph(''),
      schema.node('horizontalRule'),
      schema.node('blockquote', null, [paragraph(word())]),
    ]);
    if (at !== null) transform.insert(at.after(), made);
  },
  list: (transform, chance, word) => {
    const kind = chance.pick(['bulletList', 'orderedList', 'taskList']);
    const items = Array.from({ length: chance.between(1, 3) }, () =>
      schema.node(kind === 'taskList' ? 'taskItem' : 'listItem', null, [
        paragraph(word()),
        ...(chance.next() < 0.5 ? [paragraph(word())] : []),
      ]),
    );
    transform.insert(border(transform.doc, chance), schema.node(kind, null, items));
  },
  table: (transform, chance, word) => {
    if (transform.doc.children.filter(({ type }) => type.name === 'table').length > 2) return;
    const rows = Array.from({ length: 2 }, () => schema.node('tableRow', null, [cell(word()), cell('')]));
    transform.insert(border(transform.doc, chance), schema.node('table', null, rows));
  },
  break: (transform, chance) => {
    const at = place(transform.doc, chance);
    if (at !== null) transform.insert(at.pos, schema.node('hardBreak'));
  },
  mark: (transform, chance) => {
    const at = place(transform.doc, chance);
    if (at !== null) transform.addMark(at.start(), at.end(), schema.mark(chance.pick(['bold', 'italic', 'strike'])));
  },
};

const often = [
  'type',
  'type',
  'type',
  'deleteWords',
  'deleteNode',
  'deleteNode',
  'wrap',
  'wrap',
  'lift',
  'split',
  'join',
  'kind',
  'behind',
  'list',
  'table',
  'break',
  'mark',
];

function border(doc: Node, chance: Chance): number {
  let at = 0;
  for (let index = chance.between(0, doc.childCount); index > 0; index -= 1) at += doc.child(index - 1).nodeSize;
  return at;
}

/** One edit of a person, or one that is taken back. False where it came to nothing. */
export function honestEdit(writer: Writer, chance: Chance, word: () => string): boolean {
  const taking = chance.next();
  if (taking < 0.06) return writer.undo();
  if (taking < 0.08) return writer.redo();
  const kind = chance.pick(often);
  return writer.edit((transform) => edits[kind]?.(transform, chance, word));
}

/**
 * What `people` honest editors leave who write `rounds` times, each time `hurry` edits each before they hear of each other. The last
 * round is heard of by nobody: the state is what a server has that got everything. `base` is what all of them begin with.
 */
export function honestHistory(
  chance: Chance,
  { people = 3, rounds = 4, hurry = 3, base = undefined as Uint8Array | undefined } = {},
): Y.Doc {
  let count = 0;
  const word = (): string => `w${(count += 1)} `;
  const writers = Array.from({ length: people }, (_, index) => new Writer((base === undefined ? 1_000 : 2_000) + index, base));
  const server = new Y.Doc();
  if (base !== undefined) Y.applyUpdate(server, base);
  const [first] = writers;
  if ((first?.node.childCount ?? 0) < 2)
    first?.edit((transform) => void transform.replaceWith(0, transform.doc.content.size, beginning(word)));
  for (let round = 0; round <= rounds; round += 1) {
    for (const writer of writers) Y.applyUpdate(server, Y.encodeStateAsUpdate(writer.doc, Y.encodeStateVector(server)));
    if (round === rounds) break;
    for (const writer of writers) writer.receive(Y.encodeStateAsUpdate(server, Y.encodeStateVector(writer.doc)));
    for (const writer of writers) for (let edit = chance.between(1, hurry); edit > 0; edit -= 1) honestEdit(writer, chance, word);
  }
  return server;
}

/** Few blocks of many kinds, so that people meet. */
function beginning(word: () => string): Node[] {
  const item = (kind: string): Node => schema.node(kind, null, [paragraph(word()), paragraph(word())]);
  return [
    paragraph(word()),
    schema.node('bulletList', null, [item('listItem'), item('listItem')]),
    schema.node('taskList', null, [item('taskItem')]),
    schema.node('blockquote', null, [paragraph(word()), paragraph(word())]),
    schema.node('orderedList', null, [item('listItem')]),
    schema.node('table', null, [schema.node('tableRow', null, [cell(word()), cell(word())])]),
  ];
}
