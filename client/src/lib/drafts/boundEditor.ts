import { Editor } from '@tiptap/core';
import type { EditorOptions } from '@tiptap/core';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import { blockIds } from '#shared/document/clauseIds.ts';
import type { NumberedClause } from '#shared/domain/drafts/events.ts';
import { AuthorMarks } from './authorMarks.ts';
import { CaretKeeping, readCaret } from './caretKeeping.ts';
import { CommentMarks } from './commentMarks.ts';
import { composedIn, watchComposing } from './composing.ts';
import { draftBinding } from './draftBinding.ts';
import { DraftCarets } from './draftCarets.ts';
import type { CaretPerson } from './draftCarets.ts';
import { DraftClauses } from './draftClauses.ts';
import type { DraftCopy } from './draftCopy.ts';
import { DraftFind, isFindKey } from './draftFind.ts';
import { draftExtensions } from './extensions.ts';
import { bringCleaning, cleaned, pastesLater } from './laterCleaning.ts';
import { isHandlingKey } from './ownKeys.ts';
import { isTooLarge } from './pasteSize.ts';
import { RemoteChanges } from './remoteChanges.ts';
import { whenIdle } from '../ui/whenIdle.ts';
import { isInputMethodKey } from '../ui/inputMethodKey.ts';

/** What an editor asks and tells. The questions are asked again whenever something is drawn. */
export interface BoundEditorParts {
  readonly element: HTMLElement;
  readonly copy: DraftCopy;
  readonly editable: boolean;
  readonly attributes: () => { [name: string]: string };
  readonly personOf: (participantId: string | undefined) => CaretPerson;
  readonly clauseLabel: (number: string) => string;
  /** The numbers that clauses keep, or null where they are simply counted. */
  readonly numbered: () => readonly NumberedClause[] | null;
  /** What the box of a task with these words is called. */
  readonly taskLabel: (words: string) => string;
  readonly writerColors: () => readonly (string | null)[];
  readonly placeholder: () => string;
  readonly onPick: (number: number) => void;
  readonly onComment: () => void;
  /** Somebody pasted or dropped pictures or files. */
  readonly onFiles: () => void;
  /** A change was not made, since a draft cannot hold it or it is too much at once. */
  readonly onRefused: (why: 'dropped' | 'pasteTooLarge') => void;
  readonly onFind: () => void;
  /** A word was composed and stands in the text. */
  readonly onComposed: () => void;
}

/** An editor bound to a copy of a draft. Destroy it before the copy is left behind. */
export function boundEditor(parts: BoundEditorParts): Editor {
  const { copy } = parts;
  const editor: Editor = new Editor({
    element: parts.element,
    // The page's own style sheet has what is needed.
    injectCSS: false,
    editable: parts.editable,
    extensions: [
      ...draftExtensions({ taskLabel: parts.taskLabel, onDropped: () => parts.onRefused('dropped') }),
      CaretKeeping,
      RemoteChanges,
      draftBinding(copy.fragment, () => queueMicrotask(() => copy.cannotBeShown())),
      DraftCarets.configure({ awareness: copy.awareness, personOf: parts.personOf }),
      DraftClauses.configure({
        label: parts.clauseLabel,
        numbered: parts.numbered,
        blockIds: () => blockIds(copy.fragment),
        colors: parts.writerColors,
        placeholder: parts.placeholder,
      }),
      DraftFind,
      AuthorMarks,
      CommentMarks.configure({ onPick: parts.onPick }),
    ],
    editorProps: editorProps(parts),
  });
  const { view } = editor;
  copy.beforeOthers = () => readCaret(view);
  copy.shown = () => editor.state.doc;
  copy.composedIn = () => composedIn(view);
  copy.isBusy = isHandlingKey;
  const stopWatching = watchComposing(view, () => {
    copy.release();
    parts.onComposed();
  });
  const stopCleaning = whenIdle(() => void bringCleaning().catch(() => undefined));
  editor.on('destroy', () => {
    copy.beforeOthers = () => undefined;
    copy.shown = null;
    copy.composedIn = () => null;
    copy.isBusy = () => false;
    stopWatching();
    copy.release();
    stopCleaning();
  });
  return editor;
}

function editorProps({ attributes, onComment, onFiles, onRefused, onFind }: BoundEditorParts): EditorOptions['editorProps'] {
  return {
    attributes,
    handleKeyDown: (_, event) => {
      if (!isCommentKey(event) && !isFindKey(event)) return false;
      event.preventDefault();
      if (isFindKey(event)) onFind();
      else onComment();
      return true;
    },
    // What others type must not pull the page to one's own caret.
    handleScrollToSelection: (view) => isFromOthers(view.state),
    handleDOMEvents: { paste: pastesLater },
    handlePaste: (_, event, slice) => {
      if (isTooLarge(slice)) {
        onRefused('pasteTooLarge');
        return true;
      }
      const data = event.clipboardData;
      const hasWords = data !== null && (data.getData('text/html') !== '' || data.getData('text/plain') !== '');
      if (data === null || data.files.length === 0 || hasWords) return false;
      onFiles();
      return true;
    },
    handleDrop: (_, event, slice) => {
      const hasFiles = (event.dataTransfer?.files.length ?? 0) > 0;
      if (!hasFiles && !isTooLarge(slice)) return false;
      event.preventDefault();
      if (hasFiles) onFiles();
      else onRefused('pasteTooLarge');
      return true;
    },
    transformPastedHTML: (html) => {
      if (/<(?:img|picture|video|svg)\b/i.test(html)) onFiles();
      return cleaned(html);
    },
  };
}

/** Ctrl or Cmd with Alt and M, by the key's place too: Alt makes another letter of it on some keyboards. */
export function isCommentKey(event: KeyboardEvent): boolean {
  const isM = event.code === 'KeyM' || event.key.toLowerCase() === 'm';
  // AltGr looks like both of them, and writes letters.
  if (event.getModifierState('AltGraph')) return false;
  return isM && event.altKey && (event.ctrlKey || event.metaKey) && !event.shiftKey && !isInputMethodKey(event);
}

function isFromOthers(state: EditorState): boolean {
  const sync = ySyncPluginKey.getState(state) as { isChangeOrigin?: boolean; isUndoRedoOperation?: boolean } | undefined;
  return sync?.isChangeOrigin === true && sync.isUndoRedoOperation !== true;
}

/** Whether a transaction is this person's own change of the text. */
export function isOwnChange(transaction: Transaction): boolean {
  const sync = transaction.getMeta(ySyncPluginKey) as { isChangeOrigin?: boolean } | undefined;
  return transaction.docChanged && sync?.isChangeOrigin !== true;
}
