import { dropCursor } from '@tiptap/pm/dropcursor';
import { gapCursor } from '@tiptap/pm/gapcursor';
import type { Plugin, PluginView } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { takeOver } from './takeOver.ts';

/** A caret where there are no words, and a line where something that is dragged would fall. Gives what keeps the line. */
export function showCursors(place: Plugin, view: EditorView): PluginView | undefined {
  takeOver(place, gapCursor());
  const line = dropCursor({ color: 'currentColor', width: 1 });
  return line.spec.view?.call(line, view);
}
