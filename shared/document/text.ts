import * as Y from 'yjs';
import { canonicalJson } from '../lib/canonical.ts';
import type { Json } from '../lib/canonical.ts';
import { sha256Hex } from '../lib/hash.ts';
import { buildTextIndex, firstVisible, typeOf } from './text-index.ts';

/** Nodes below this depth are left out of the hash: the content check refuses them long before, and a walk must end. */
const WALK_DEPTH = 64;

/** The words of a draft without any markup, as TextIndex.text defines them. */
export function documentText(fragment: Y.XmlFragment): string {
  return buildTextIndex(fragment).text;
}

/**
 * A draft as ProseMirror's JSON, spelt in exactly one way: it depends on what is visible only, not on who typed it or how
 * Yjs cut it into pieces. Neighbouring texts with the same marks are one, marks stand in order of their names, attributes
 * without a value and empty `attrs`, `content` and `marks` are left out. The editor's schema can load it.
 */
export function canonicalDocument(fragment: Y.XmlFragment): Json {
  return withContent({ type: 'doc' }, childrenOf(fragment, 0));
}

/** SHA-256, in hex, of the canonical JSON of a draft: what a sealed revision cites and what two replicas compare. */
export function contentHash(fragment: Y.XmlFragment): string {
  return sha256Hex(canonicalJson(canonicalDocument(fragment)));
}

type JsonRecord = { [key: string]: Json };

function withContent(node: JsonRecord, content: Json[]): JsonRecord {
  if (content.length > 0) node.content = content;
  return node;
}

function childrenOf(parent: Y.XmlFragment, depth: number): Json[] {
  const children: Json[] = [];
  if (depth > WALK_DEPTH) return children;
  let run: TextRun | null = null;
  for (let item = firstVisible(parent); item !== null; item = item.next) {
    const type = typeOf(item);
    if (type instanceof Y.XmlText) {
      for (const piece of piecesOf(type)) {
        if (run?.key === piece.key) run.node.text = `${String(run.node.text)}${String(piece.node.text)}`;
        else children.push((run = piece).node);
      }
    } else if (type instanceof Y.XmlElement) {
      run = null;
      children.push(elementOf(type, depth));
    }
  }
  return children;
}

function elementOf(element: Y.XmlElement, depth: number): Json {
  const node: JsonRecord = { type: element.nodeName };
  const attributes = plainAttributes(element.getAttributes() as Readonly<Record<string, unknown>>);
  if (attributes !== null) node.attrs = attributes;
  return withContent(node, childrenOf(element, depth + 1));
}

interface TextRun {
  /** Spelling of the marks: texts with the same key run together. */
  readonly key: string;
  readonly node: JsonRecord;
}

function piecesOf(text: Y.XmlText): TextRun[] {
  const pieces: TextRun[] = [];
  for (const part of text.toDelta() as readonly { insert: unknown; attributes?: Readonly<Record<string, unknown>> }[]) {
    if (typeof part.insert !== 'string' || part.insert === '') continue;
    const marks: Json[] = [];
    for (const name of Object.keys(part.attributes ?? {}).sort()) {
      const attributes = plainAttributes(part.attributes?.[name]);
      marks.push(attributes === null ? { type: name } : { type: name, attrs: attributes });
    }
    const node: JsonRecord = { type: 'text', text: part.insert };
    if (marks.length > 0) node.marks = marks;
    pieces.push({ key: canonicalJson(marks), node });
  }
  return pieces;
}

/** Attributes that are written and plain, or null where there are none. */
function plainAttributes(record: unknown): JsonRecord | null {
  if (typeof record !== 'object' || record === null) return null;
  const attributes: [string, Json][] = [];
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') attributes.push([name, value]);
  }
  return attributes.length === 0 ? null : Object.fromEntries(attributes);
}

/**
 * The beginning of a draft: whole blocks at its top as canonicalDocument spells them, while they come to no more than so many characters
 * together. What lies behind is not looked at, so that it costs the same however long the draft is.
 * @returns the blocks, and whether there are more
 */
export function beginningOf(fragment: Y.XmlFragment, characters: number): { readonly blocks: readonly Json[]; readonly goesOn: boolean } {
  const blocks: Json[] = [];
  let left = characters;
  for (let item = firstVisible(fragment); item !== null; item = item.next) {
    const type = typeOf(item);
    if (!(type instanceof Y.XmlElement)) continue;
    // An empty block takes up a line as well.
    left -= Math.max(1, lengthWithin(type, left, 0));
    if (left < 0) return { blocks, goesOn: true };
    blocks.push(elementOf(type, 0));
  }
  return { blocks, goesOn: false };
}

/** Characters in a part of a draft; counting ends once there are more than `most`. */
function lengthWithin(part: Y.XmlElement, most: number, depth: number): number {
  let length = 0;
  if (depth > WALK_DEPTH) return length;
  for (let item = firstVisible(part); item !== null && length <= most; item = item.next) {
    const type = typeOf(item);
    if (type instanceof Y.XmlText) length += type.length;
    else if (type instanceof Y.XmlElement) length += 1 + lengthWithin(type, most - length, depth + 1);
  }
  return length;
}
