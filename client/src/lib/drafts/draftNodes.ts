import type { Node, Schema } from '@tiptap/pm/model';
import type { ProsemirrorBinding } from '@tiptap/y-tiptap';
import * as Y from 'yjs';

/** A type of Yjs, as y-tiptap's table has it. */
export type DraftType = Parameters<ProsemirrorBinding['mapping']['get']>[0];
/** What stands for a type on the page: a node, or the texts of a Y.XmlText. */
type Shown = Node | Node[];

/**
 * The nodes of ProseMirror for the elements of a draft, made from them without ever changing them. y-tiptap keeps this table and asks
 * it first: where it has no node, y-tiptap makes one itself, and what it cannot make it deletes from the draft for everybody. It takes out
 * of the table what changed and then, to be safe, empties it before it reads the draft anew: that is when what changed is made. The rest
 * is right as it is, and stays, so that a letter of somebody else does not make every node of the draft anew.
 */
export class DraftNodes extends Map<DraftType, Shown> {
  readonly #fragment: Y.XmlFragment;
  readonly #schema: () => Schema;
  readonly #onUnshowable: () => void;

  /** `onUnshowable`: the draft holds what this page's schema does not know; an empty paragraph stands in its place on the page. */
  constructor(fragment: Y.XmlFragment, schema: () => Schema, onUnshowable: () => void) {
    super();
    this.#fragment = fragment;
    this.#schema = schema;
    this.#onUnshowable = onUnshowable;
  }

  override clear(): void {
    for (const block of this.#fragment.toArray()) {
      try {
        this.#make(block as Y.XmlElement);
      } catch {
        this.set(block as Y.XmlElement, this.#schema().node('paragraph'));
        this.#onUnshowable();
      }
    }
  }

  /** The blocks of the draft; an empty one has a paragraph to write in, which is in the draft once somebody writes. */
  blocks(): Node[] {
    const blocks = this.#fragment.toArray().map((block) => this.get(block as Y.XmlElement) as Node);
    return blocks.length > 0 ? blocks : [this.#schema().node('paragraph')];
  }

  #make(element: Y.XmlElement): Node {
    const known = this.get(element);
    if (known !== undefined) return known as Node;
    const children: Node[] = [];
    for (const child of element.toArray()) {
      if (child instanceof Y.XmlText) children.push(...textsOf(child, this.#schema()));
      else children.push(this.#make(child as Y.XmlElement));
    }
    const node = this.#schema().node(element.nodeName, element.getAttributes(), children);
    this.set(element, node);
    return node;
  }
}

/** The texts of a Y.XmlText with their marks. Throws where the schema does not know one. */
function textsOf(text: Y.XmlText, schema: Schema): Node[] {
  const parts = text.toDelta() as readonly { insert: string; attributes?: Readonly<Record<string, object>> }[];
  return parts.map(({ insert, attributes = {} }) =>
    schema.text(
      insert,
      Object.entries(attributes).map(([name, value]) => schema.mark(name, { ...value })),
    ),
  );
}
