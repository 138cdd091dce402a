import type { Editor } from '@tiptap/core';
import { yUndoPluginKey } from '@tiptap/y-tiptap';
import type * as Y from 'yjs';
import { isTableAtCaret } from './draftTables.ts';

/** Which buttons are down, and which can be pressed at all. */
export interface ToolbarState {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly heading: boolean;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly strike: boolean;
  readonly bulletList: boolean;
  readonly orderedList: boolean;
  readonly taskList: boolean;
  readonly table: boolean;
  readonly quote: boolean;
  readonly link: string | null;
  readonly hasSelection: boolean;
}

export const idleToolbar: ToolbarState = {
  canUndo: false,
  canRedo: false,
  heading: false,
  bold: false,
  italic: false,
  strike: false,
  bulletList: false,
  orderedList: false,
  taskList: false,
  table: false,
  quote: false,
  link: null,
  hasSelection: false,
};

/** What the toolbar shows for the caret's place. The same object as `before` where nothing differs. */
export function toolbarState(editor: Editor, before: ToolbarState): ToolbarState {
  const undo = yUndoPluginKey.getState(editor.state) as { undoManager: Y.UndoManager } | undefined;
  const href = editor.getAttributes('link').href as string | null | undefined;
  const now: ToolbarState = {
    canUndo: (undo?.undoManager.undoStack.length ?? 0) > 0,
    canRedo: (undo?.undoManager.redoStack.length ?? 0) > 0,
    heading: editor.isActive('heading'),
    bold: editor.isActive('bold'),
    italic: editor.isActive('italic'),
    strike: editor.isActive('strike'),
    bulletList: editor.isActive('bulletList'),
    orderedList: editor.isActive('orderedList'),
    taskList: editor.isActive('taskList'),
    table: isTableAtCaret(editor.state),
    quote: editor.isActive('blockquote'),
    link: href ?? null,
    hasSelection: !editor.state.selection.empty,
  };
  const isSame = (Object.keys(now) as (keyof ToolbarState)[]).every((name) => now[name] === before[name]);
  return isSame ? before : now;
}
