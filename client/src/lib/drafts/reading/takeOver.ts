import type { Editor } from '@tiptap/core';
import { DOMSerializer } from '@tiptap/pm/model';
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';

/** Whether a draft has no words yet. */
export function isEmptyDraft(editor: Editor): boolean {
  return editor.state.doc.textContent.trim() === '';
}

/** A text without a first heading that only repeats the title, which stands above every draft; null where it does not. */
export function withoutTitle(document: ProseMirrorNode, title: string): ProseMirrorNode | null {
  const first = document.firstChild;
  if (first?.type.name !== 'heading' || first.textContent.trim() !== title.trim() || document.childCount < 2) return null;
  return document.copy(document.content.cut(first.nodeSize));
}

/** The text as the editor would draw it. */
export function drawn(document: ProseMirrorNode): DocumentFragment {
  return DOMSerializer.fromSchema(document.type.schema).serializeFragment(document.content) as DocumentFragment;
}

/**
 * Puts a text into the draft as one change of the person's own, which undo takes back.
 * @returns whether the draft took it
 */
export function takeOver(editor: Editor, document: ProseMirrorNode, where: 'replace' | 'behind'): boolean {
  const before = editor.state.doc;
  // The page may have bound another editor since the text was read; its schema is the same by name only.
  const { content } = editor.schema.nodeFromJSON(document.toJSON());
  const from = where === 'replace' || isEmptyDraft(editor) ? 0 : before.content.size;
  editor.view.dispatch(editor.state.tr.replaceWith(from, before.content.size, content));
  return !editor.state.doc.eq(before);
}
