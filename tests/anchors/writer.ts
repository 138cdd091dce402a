import { getSchema } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Transform } from '@tiptap/pm/transform';
import { defaultDeleteFilter, defaultProtectedNodes, initProseMirrorDoc, updateYFragment, ySyncPluginKey } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { draftExtensions } from '#client/lib/drafts/extensions.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';

export const schema = getSchema(draftExtensions());

/**
 * A person at an editor, without the screen: edits are ProseMirror transforms, and they reach the Y.Doc by y-tiptap's own
 * `updateYFragment`, with the mapping its binding keeps (rebuilt after every change that came from elsewhere) and with its undo manager.
 */
export class Writer {
  readonly doc: Y.Doc;
  readonly draft: Y.XmlFragment;
  readonly #undo: Y.UndoManager;
  #node: Node;
  #meta: ReturnType<typeof initProseMirrorDoc>['meta'];

  constructor(clientId: number, state?: Uint8Array) {
    this.doc = new Y.Doc();
    this.doc.clientID = clientId;
    if (state !== undefined) Y.applyUpdate(this.doc, state);
    this.draft = this.doc.getXmlFragment(DRAFT_FIELD);
    this.#undo = new Y.UndoManager(this.draft, {
      trackedOrigins: new Set([ySyncPluginKey]),
      deleteFilter: (item) => defaultDeleteFilter(item, defaultProtectedNodes),
      // Every edit is a step of its own, whatever the clock says.
      captureTimeout: 0,
    });
    ({ doc: this.#node, meta: this.#meta } = initProseMirrorDoc(this.draft, schema));
  }

  get node(): Node {
    return this.#node;
  }

  /** Applies one transform as one edit; false where it changed nothing or led to a document the schema refuses. */
  edit(change: (transform: Transform) => void): boolean {
    const transform = new Transform(this.#node);
    try {
      change(transform);
      transform.doc.check();
    } catch {
      return false;
    }
    if (!transform.docChanged) return false;
    this.doc.transact(() => updateYFragment(this.doc, this.draft, transform.doc, this.#meta), ySyncPluginKey);
    this.#node = transform.doc;
    return true;
  }

  undo(): boolean {
    const undone = this.#undo.undo() !== null;
    this.#render();
    return undone;
  }

  redo(): boolean {
    const redone = this.#undo.redo() !== null;
    this.#render();
    return redone;
  }

  /** What this writer has that the other has not seen goes over. */
  sendTo(other: Writer): void {
    Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(other.doc)), 'remote');
    other.#render();
  }

  /** Takes in an update that came over a wire. */
  receive(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, 'remote');
    this.#render();
  }

  #render(): void {
    ({ doc: this.#node, meta: this.#meta } = initProseMirrorDoc(this.draft, schema));
  }
}

/** A ProseMirror document of one paragraph, heading (`# `), list item (`- `) or row of a table (`| a | b`) for each line. */
export function documentOf(lines: readonly string[]): Node {
  const paragraph = (words: string): Node => schema.node('paragraph', null, words === '' ? [] : [schema.text(words)]);
  const blocks: Node[] = [];
  for (const line of lines) {
    if (line.startsWith('| ')) {
      const row = schema.node(
        'tableRow',
        null,
        line
          .slice(2)
          .split(' | ')
          .map((words) => schema.node('tableCell', null, [paragraph(words)])),
      );
      const last = blocks.at(-1);
      if (last?.type.name === 'table') blocks[blocks.length - 1] = last.copy(last.content.addToEnd(row));
      else blocks.push(schema.node('table', null, [row]));
      continue;
    }
    blocks.push(blockOf(line));
  }
  return schema.node('doc', null, blocks.length === 0 ? [paragraph('')] : blocks);

  function blockOf(line: string): Node {
    const heading = /^(#{1,3}) (.*)$/.exec(line);
    if (heading) return schema.node('heading', { level: heading[1]?.length }, heading[2] ? [schema.text(heading[2])] : []);
    if (line.startsWith('- ')) return schema.node('bulletList', null, [schema.node('listItem', null, [paragraph(line.slice(2))])]);
    return paragraph(line);
  }
}

/** The state of a fresh draft that holds these lines, written by a client of its own. */
export function stateOf(lines: readonly string[]): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  updateYFragment(doc, doc.getXmlFragment(DRAFT_FIELD), documentOf(lines), { mapping: new Map(), isOMark: new Map() });
  return Y.encodeStateAsUpdate(doc);
}
