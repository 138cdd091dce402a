import Collaboration from '@tiptap/extension-collaboration';
import type { Plugin, PluginView } from '@tiptap/pm/state';
import { TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import type { Schema } from '@tiptap/pm/model';
import { ySyncPluginKey, yUndoPluginKey } from '@tiptap/y-tiptap';
import type { ProsemirrorBinding } from '@tiptap/y-tiptap';
import type * as Y from 'yjs';
import { writeInPieces } from './adjacentTexts.ts';
import { DraftNodes } from './draftNodes.ts';

interface SyncState {
  readonly binding: ProsemirrorBinding;
  readonly isChangeOrigin: boolean;
  readonly addToHistory: boolean;
}

/**
 * Binds an editor to a draft by y-tiptap, so that looking changes nothing. By itself y-tiptap deletes from the draft what it cannot
 * show, moves texts that people wrote side by side, and writes into the draft whatever the page shows otherwise, with the next movement
 * of a caret. Here DraftNodes makes the nodes, and the draft changes together with a change that this page's person makes, or not at all.
 *
 * @param onUnshowable is called when the draft holds what this page's schema does not know; from then on nothing is written.
 */
export function draftBinding(fragment: Y.XmlFragment, onUnshowable: () => void): typeof Collaboration {
  let schema: Schema;
  let isWhole = true;
  const nodes = new DraftNodes(
    fragment,
    () => schema,
    () => {
      if (isWhole) onUnshowable();
      isWhole = false;
    },
  );
  return Collaboration.extend({
    addProseMirrorPlugins() {
      schema = this.editor.schema;
      const plugins: Plugin[] = this.parent?.() ?? [];
      const sync = plugins.find(({ spec }) => spec.key === ySyncPluginKey);
      if (sync !== undefined) writeOwnChangesOnly(sync, nodes, () => isWhole);
      return plugins;
    },
  }).configure({ fragment, ySyncOptions: { mapping: nodes } });
}

function writeOwnChangesOnly(sync: Plugin, nodes: DraftNodes, mayWrite: () => boolean): void {
  const begin = sync.spec.view;
  sync.spec.view = (view): PluginView => {
    const { destroy } = begin?.call(sync, view) ?? {};
    // y-tiptap shows the draft at the beginning only where it has a table of its own.
    showDraft(view, nodes);
    return {
      destroy: () => destroy?.(),
      update: (now, before) => {
        const state = ySyncPluginKey.getState(now.state) as SyncState;
        if (now.state.doc === before.doc || state.isChangeOrigin || !mayWrite()) return;
        write(now, before.doc, state);
      },
    };

    function write(now: EditorView, before: EditorView['state']['doc'], { binding, addToHistory }: SyncState): void {
      if (!addToHistory) undoManagerOf(now)?.stopCapturing();
      binding.mux(() =>
        binding.doc.transact((transaction) => {
          transaction.meta.set('addToHistory', addToHistory);
          writeInPieces(binding.type, nodes, before, now.state.doc);
          binding._prosemirrorChanged(now.state.doc);
        }, ySyncPluginKey),
      );
    }
  };
}

function undoManagerOf({ state }: EditorView): Y.UndoManager | undefined {
  return (yUndoPluginKey.getState(state) as { undoManager?: Y.UndoManager } | undefined)?.undoManager;
}

function showDraft(view: EditorView, nodes: DraftNodes): void {
  const { binding } = ySyncPluginKey.getState(view.state) as SyncState;
  nodes.clear();
  binding.mux(() => {
    const { selection, tr } = view.state;
    tr.replaceWith(0, tr.doc.content.size, nodes.blocks());
    const end = tr.doc.content.size;
    tr.setSelection(TextSelection.between(tr.doc.resolve(Math.min(selection.anchor, end)), tr.doc.resolve(Math.min(selection.head, end))));
    view.dispatch(tr.setMeta('addToHistory', false).setMeta(ySyncPluginKey, { isChangeOrigin: true, binding }));
  });
}
