import { canonicalJson } from '../../lib/canonical.ts';
import type { Json } from '../../lib/canonical.ts';
import type { WovenDraft, WovenElement, WovenFormat, WovenId, WovenNode, WovenPiece, WovenText } from './woven.ts';
import { isWovenPiece, isWovenText } from './woven.ts';

export interface ShownMark {
  readonly type: string;
  readonly attrs?: { readonly [name: string]: Json };
}

/** Characters by one author, with the same marks. `at` in milliseconds since 1970. */
export interface ShownText {
  readonly type: 'text';
  readonly text: string;
  readonly marks?: readonly ShownMark[];
  /** A participant, or `system`. */
  readonly by: string;
  readonly at: number;
  readonly id: WovenId;
}

export interface ShownNode {
  readonly type: string;
  readonly attrs?: { readonly [name: string]: Json };
  readonly content?: readonly (ShownNode | ShownText)[];
  readonly by: string;
  readonly id: WovenId;
}

export function isShownText(node: ShownNode | ShownText): node is ShownText {
  return node.type === 'text';
}

/**
 * The blocks of a draft as they were at a moment, each character with who wrote it and when. At moment -1, before the first
 * edit, there are none.
 */
export function textAt(draft: WovenDraft, moment: number): readonly ShownNode[] {
  const since = draft.moments[0]?.at ?? 0;
  const personOf = (index: number): string => draft.people[index] ?? '';
  const alive = ({ born, died }: { readonly born: number; readonly died: number }): boolean => isAlive(born, died, moment);

  function children(nodes: readonly WovenNode[]): (ShownNode | ShownText)[] {
    return nodes.filter(alive).flatMap((node): (ShownNode | ShownText)[] => (isWovenText(node) ? texts(node) : [element(node)]));
  }

  function element({ type, attrs, nodes, by, id }: WovenElement): ShownNode {
    const content = children(nodes);
    const shown = (attrs ?? []).filter(([, value, born, died]) => isPlain(value) && isAlive(born, died, moment));
    return {
      type,
      ...(shown.length === 0 ? {} : { attrs: Object.fromEntries(shown.map(([name, value]) => [name, value])) }),
      ...(content.length === 0 ? {} : { content }),
      by: personOf(by),
      id,
    };
  }

  function texts({ pieces }: WovenText): ShownText[] {
    const shown: ShownText[] = [];
    const marks = new Map<string, Json>();
    let spelt: readonly ShownMark[] | null = null;
    for (const piece of pieces as readonly (WovenPiece | WovenFormat)[]) {
      if (!isWovenPiece(piece)) {
        const [name, value, born, died] = piece;
        if (!isAlive(born, died, moment)) continue;
        if (value === null) marks.delete(name);
        else marks.set(name, value);
        spelt = null;
        continue;
      }
      const [text, author, at, born, died, , client, clock] = piece;
      if (!isAlive(born, died, moment)) continue;
      spelt ??= spellMarks(marks);
      const common = { type: 'text' as const, text, by: personOf(author), at: since + at, id: [client, clock] as const };
      shown.push(spelt.length === 0 ? common : { ...common, marks: spelt });
    }
    return shown;
  }

  return children(draft.nodes) as ShownNode[];
}

/** The document as `canonicalDocument` spells it: without who and when, neighbouring texts with the same marks as one. */
export function plainDocument(nodes: readonly ShownNode[]): Json {
  return withContent({ type: 'doc' }, nodes.map(plainNode));
}

function plainNode(node: ShownNode | ShownText): Json {
  if (isShownText(node))
    return { type: 'text', text: node.text, ...(node.marks === undefined ? {} : { marks: node.marks as unknown as Json }) };
  const { type, attrs, content = [] } = node;
  return withContent(attrs === undefined ? { type } : { type, attrs }, content.map(plainNode));
}

function withContent(node: { readonly [key: string]: Json }, content: readonly Json[]): Json {
  if (content.length === 0) return node;
  const joined: { [key: string]: Json }[] = [];
  for (const child of content as readonly { readonly [key: string]: Json }[]) {
    const last = joined.at(-1);
    if (last?.type === 'text' && child.type === 'text' && canonicalJson(last.marks ?? null) === canonicalJson(child.marks ?? null)) {
      last.text = `${String(last.text)}${String(child.text)}`;
    } else joined.push({ ...child });
  }
  return { ...node, content: joined };
}

function isAlive(born: number, died: number, moment: number): boolean {
  return born <= moment && (died === -1 || died > moment);
}

function spellMarks(marks: ReadonlyMap<string, Json>): readonly ShownMark[] {
  return [...marks.keys()].sort().map((type) => {
    const value = marks.get(type);
    const attrs = Object.entries(typeof value === 'object' && value !== null ? value : {}).filter((entry): entry is [string, Json] =>
      isPlain(entry[1]),
    );
    return attrs.length === 0 ? { type } : { type, attrs: Object.fromEntries(attrs) };
  });
}

function isPlain(value: Json | undefined): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
