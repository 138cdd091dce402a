import type { Node } from '@tiptap/pm/model';
import type * as Y from 'yjs';
import { canonicalJson } from '#shared/lib/canonical.ts';
import type { Json } from '#shared/lib/canonical.ts';
import { sha256Hex } from '#shared/lib/hash.ts';
import { markRules, nodeRules } from '#shared/document/schema.ts';
import type { AttributeRules } from '#shared/document/schema.ts';
import { canonicalDocument } from '#shared/document/text.ts';

/** A node of ProseMirror's JSON; everything but its name may be missing. */
interface Plain {
  readonly type: string;
  readonly text?: string;
  readonly attrs?: Readonly<Record<string, Json>>;
  readonly marks?: readonly Plain[];
  readonly content?: readonly Plain[];
}

/**
 * Whether an editor shows a draft whole: the same nodes, texts, marks and attributes, in the same order. An empty draft is shown as one
 * empty paragraph. Gives null, or the hash of what is shown instead.
 */
export function shownInstead(shown: Node, draft: Y.XmlFragment): string | null {
  const held = canonicalDocument(draft) as unknown as Plain;
  const isEmpty =
    held.content === undefined && shown.childCount === 1 && shown.firstChild?.type.name === 'paragraph' && shown.content.size === 2;
  const page = canonicalJson(spelt(shown.toJSON() as Plain));
  return isEmpty || page === canonicalJson(spelt(held)) ? null : sha256Hex(page);
}

/** One spelling: every attribute is written, marks stand in the order of their names, neighbouring texts with the same marks are one. */
function spelt({ type, text, attrs, marks = [], content = [] }: Plain): Json {
  if (text !== undefined) return { type, text, marks: spellingOfMarks(marks) };
  const children: Json[] = [];
  for (const child of content) {
    const own = spelt(child) as Record<string, Json>;
    const last = children.at(-1) as Record<string, Json> | undefined;
    if (child.type === 'text' && last?.type === 'text' && canonicalJson(last.marks ?? null) === canonicalJson(own.marks ?? null))
      children[children.length - 1] = { ...last, text: `${String(last.text)}${String(own.text)}` };
    else children.push(own);
  }
  return { type, attrs: written(nodeRules.get(type)?.attributes, attrs), content: children };
}

function spellingOfMarks(marks: readonly Plain[]): Json {
  return [...marks]
    .sort((a, b) => (a.type < b.type ? -1 : 1))
    .map(({ type, attrs }) => ({ type, attrs: written(markRules.get(type), attrs) }));
}

function written(rules: AttributeRules | undefined, attrs: Readonly<Record<string, Json>> = {}): Json {
  return Object.fromEntries([...(rules ?? [])].map(([name, { initial }]) => [name, attrs[name] ?? initial]));
}
