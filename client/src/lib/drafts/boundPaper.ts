import type { Editor } from '@tiptap/core';
import { makeAnchor, proseMirrorToRange, rangeToProseMirror, resolveAnchor } from '#shared/document/anchors.ts';
import type { Anchor, AnchorPlace } from '#shared/document/anchors.ts';
import { blockIds } from '#shared/document/clauseIds.ts';
import { countWords } from '#shared/document/count.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';
import { boundEditor, isOwnChange } from './boundEditor.ts';
import type { BoundEditorParts } from './boundEditor.ts';
import { drawCommentMarks } from './commentMarks.ts';
import type { CommentMark } from './commentMarks.ts';
import { placeComments } from './commentPlaces.ts';
import type { AnchoredComment, CommentPlaces } from './commentPlaces.ts';
import { isComposing } from './composing.ts';
import { clauseNumbers, countClauses, refreshClauses } from './draftClauses.ts';
import { outlineOf } from './draftOutline.ts';
import type { OutlineEntry } from './draftOutline.ts';
import { settled } from './settled.ts';
import { TypingSignal } from './typingSignal.ts';
import { Writers } from './writers.ts';

/** What follows from the text is worked out when nothing changed for so long, and at the latest after so long. */
const QUIET_MS = 200;
const MOST_MS = 1_000;

export interface DraftCounts {
  readonly characters: number;
  readonly words: number;
  readonly clauses: number;
}

export interface PaperParts extends Omit<BoundEditorParts, 'writerColors' | 'onComposed'> {
  /** Whether what comes in now is the past, not what people just write. */
  readonly isJoining: () => boolean;
  /** CSS colour of who writes under a Yjs client id, or null. */
  readonly colorOfWriter: (clientId: number) => string | null;
  readonly comments: () => readonly AnchoredComment[];
  readonly activeComment: () => number | null;
  readonly onMeasured: (counts: DraftCounts, places: CommentPlaces) => void;
  readonly onTyping: (active: boolean) => void;
  readonly onOwnChange: () => void;
  /** Text, caret or selection changed. */
  readonly onLook: () => void;
}

/** An editor bound to one copy of a draft, with what follows from its text: counts, places of comments, who wrote what. */
export class BoundPaper {
  readonly editor: Editor;
  readonly #parts: PaperParts;
  readonly #writers: Writers;
  readonly #typing: TypingSignal;
  #marks: readonly CommentMark[] = [];

  constructor(parts: PaperParts) {
    this.#parts = parts;
    const { copy } = parts;
    this.#typing = new TypingSignal(parts.onTyping);
    this.#writers = new Writers(copy.doc, copy.fragment, parts.isJoining);
    this.editor = boundEditor({
      ...parts,
      onComposed: () => this.#measuring.flush(),
      writerColors: () => this.#writers.ofBlocks().map((clientId) => (clientId === null ? null : parts.colorOfWriter(clientId))),
    });
    this.editor.on('transaction', ({ transaction }) => {
      if (transaction.docChanged) this.#measuring.stir();
      if (isOwnChange(transaction)) {
        this.#typing.typed();
        parts.onOwnChange();
      }
      parts.onLook();
    });
    this.editor.on('blur', () => this.#typing.stop());
  }

  readonly #measuring = settled(() => this.measure(), QUIET_MS, MOST_MS);

  measure(): void {
    if (this.editor.isDestroyed) return;
    // While a word is being composed nothing is looked up nor redrawn; the end of it calls again.
    if (isComposing(this.editor.view)) {
      this.#measuring.stir();
      return;
    }
    const index = buildTextIndex(this.#parts.copy.fragment);
    const { places, marks } = placeComments(index, this.#parts.comments());
    this.#marks = marks;
    this.drawMarks();
    refreshClauses(this.editor.view);
    this.#parts.onMeasured({ ...countWords(index.text), clauses: countClauses(this.editor.state) }, places);
  }

  /** Draws the marks of comments anew, at the places last measured. */
  drawMarks(): void {
    if (isComposing(this.editor.view)) this.#measuring.stir();
    else drawCommentMarks(this.editor.view, this.#marks, this.#parts.activeComment());
  }

  /** Headings and clauses as they stand now. */
  outline(): readonly OutlineEntry[] {
    const { doc } = this.editor.state;
    const numbers = clauseNumbers(doc, this.#parts.numbered(), blockIds(this.#parts.copy.fragment));
    return outlineOf(doc, numbers.map(this.#parts.clauseLabel));
  }

  /** The language, a name or a right changed: draws everything that depends on them. */
  refresh(): void {
    const { editor } = this;
    editor.setOptions({ editorProps: { ...editor.options.editorProps, attributes: this.#parts.attributes } });
    refreshClauses(editor.view);
  }

  /** An anchor for the selected words. */
  anchorOfSelection(): Anchor | 'empty' | 'tooLong' {
    const index = buildTextIndex(this.#parts.copy.fragment);
    const { from, to } = this.editor.state.selection;
    return makeAnchor(index, proseMirrorToRange(index, from, to));
  }

  /** Brings the words of an anchor into the middle and selects them, without taking the focus; gives what became of them. */
  show(anchor: Anchor): AnchorPlace['place'] {
    const index = buildTextIndex(this.#parts.copy.fragment);
    const found = resolveAnchor(index, anchor);
    if (found.place === 'gone') return 'gone';
    const { view } = this.editor;
    const { from, to } = rangeToProseMirror(index, found.from, found.to);
    const start = view.domAtPos(from, 1);
    const end = view.domAtPos(to, -1);
    getSelection()?.setBaseAndExtent(start.node, start.offset, end.node, end.offset);
    const element = start.node instanceof Element ? start.node : start.node.parentElement;
    const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    element?.scrollIntoView({ block: 'center', behavior: isCalm ? 'auto' : 'smooth' });
    return found.place;
  }

  leave(): void {
    this.#measuring.stop();
    this.#typing.stop();
    this.#writers.stop();
    this.editor.destroy();
  }
}
