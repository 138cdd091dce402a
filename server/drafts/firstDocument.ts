import * as Y from 'yjs';
import type { Json } from '#shared/lib/canonical.ts';
import { writeFirstEntry } from './firstEntry.ts';
import type { FirstParts } from './firstEntry.ts';

interface JsonNode {
  readonly type?: Json;
  readonly text?: Json;
  readonly attrs?: Json;
  readonly marks?: Json;
  readonly content?: Json;
}

/**
 * Writes a document, as `canonicalDocument` gives it, as the first entry of a draft's log. The same document makes the same bytes
 * and the same content hash; where the log has begun already nothing is written. An empty document writes nothing. Rejects with
 * StoreUnavailable.
 */
export async function writeFirstDocument(parts: FirstParts, draftId: string, document: Json): Promise<void> {
  await writeFirstEntry(parts, draftId, (fragment) => fill(fragment, nodesOf(document)));
}

function nodesOf(node: Json): readonly JsonNode[] {
  const { content } = node as JsonNode;
  return Array.isArray(content) ? (content as readonly JsonNode[]) : [];
}

/** Neighbouring texts of a document are one text of Yjs with formatting in it. */
function fill(parent: Y.XmlFragment, nodes: readonly JsonNode[]): void {
  let text: Y.XmlText | null = null;
  for (const node of nodes) {
    if (node.type === 'text') {
      if (text === null) parent.push([(text = new Y.XmlText())]);
      // Without the `{}` a text would take the marks of the one before it.
      text.insert(text.length, String(node.text), marksOf(node.marks));
      continue;
    }
    text = null;
    const element = new Y.XmlElement(String(node.type));
    parent.push([element]);
    for (const [name, value] of Object.entries(recordOf(node.attrs))) element.setAttribute(name, value as string);
    fill(element, nodesOf(node as Json));
  }
}

function marksOf(marks: Json | undefined): Record<string, unknown> {
  const list = Array.isArray(marks) ? (marks as readonly JsonNode[]) : [];
  return Object.fromEntries(list.map(({ type, attrs }) => [String(type), { ...recordOf(attrs) }]));
}

function recordOf(value: Json | undefined): { readonly [name: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [name: string]: Json | undefined })
    : {};
}
