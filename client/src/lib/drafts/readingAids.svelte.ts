import type { Editor } from '@tiptap/core';
import type { BoundPaper } from './boundPaper.ts';
import { bringIntoView, findStep, findWords, found, placeShown } from './draftFind.ts';
import type { Found } from './draftFind.ts';
import type { OutlineEntry } from './draftOutline.ts';

/** Longest selection that is taken over as what to look for. */
const MOST_SELECTED = 100;

/** Selects words and puts the focus into the text, without moving the page; who may only read can comment on them. */
function select({ view, commands }: Editor, { from, to }: { readonly from: number; readonly to: number }): void {
  view.dom.focus({ preventScroll: true });
  commands.setTextSelection({ from, to });
  if (view.editable) return;
  // An editor that cannot be written in leaves the browser's selection to the browser.
  const [start, end] = [view.domAtPos(from, 1), view.domAtPos(to, -1)];
  document.getSelection()?.setBaseAndExtent(start.node, start.offset, end.node, end.offset);
}

/** Finding one's way in a text, also where one may only read: words that are looked for, headings and clauses to go to. */
export class ReadingAids {
  readonly #paper: () => BoundPaper | null;
  /** The words to look for at first, while the search is open. */
  #finding = $state<string | null>(null);
  #found = $state.raw<Found>({ words: '', at: 0, count: 0 });
  /** Whether the text shows who wrote what. */
  authors = $state(false);
  #outline = $state.raw<readonly OutlineEntry[] | null>(null);

  constructor(paper: () => BoundPaper | null) {
    this.#paper = paper;
  }

  get finding(): string | null {
    return this.#finding;
  }
  get found(): Found {
    return this.#found;
  }
  /** Null while it is closed. */
  get outline(): readonly OutlineEntry[] | null {
    return this.#outline;
  }

  /** Opens the search with the selected words. */
  openFind(): void {
    const editor = this.#paper()?.editor;
    if (editor === undefined || this.#finding !== null) return;
    const { from, to } = editor.state.selection;
    const selected = editor.state.doc.textBetween(from, to, '\n', '\n');
    this.#finding = selected.includes('\n') || selected.length > MOST_SELECTED ? '' : selected;
  }

  find(words: string): void {
    const view = this.#paper()?.editor.view;
    if (view !== undefined) findWords(view, words);
  }

  step(step: 1 | -1): void {
    const view = this.#paper()?.editor.view;
    if (view !== undefined) findStep(view, step);
  }

  /** Ends the search; what was found last is selected, so that one can go on there. */
  closeFind(): void {
    this.#finding = null;
    const editor = this.#paper()?.editor;
    if (editor === undefined) return;
    const place = placeShown(editor.state);
    findWords(editor.view, '');
    select(editor, place ?? editor.state.selection);
  }

  toggleOutline(): void {
    this.#outline = this.#outline === null ? (this.#paper()?.outline() ?? []) : null;
  }

  /** Puts the caret before a heading or clause and brings it to the top. */
  jump({ position }: OutlineEntry): void {
    const editor = this.#paper()?.editor;
    if (editor === undefined) return;
    select(editor, { from: position + 1, to: position + 1 });
    bringIntoView(editor.view, position + 1, 'start');
  }

  /** There is another copy of the text: what is looked for is looked for in it. */
  rebound(): void {
    if (this.#finding !== null) this.find(this.#found.words);
  }

  /** The text or what was looked for changed. */
  look(): void {
    const paper = this.#paper();
    if (paper !== null && this.#finding !== null) this.#found = found(paper.editor.state);
  }

  /** The text is settled. */
  measured(): void {
    const paper = this.#paper();
    if (paper !== null && this.#outline !== null) this.#outline = paper.outline();
  }
}
