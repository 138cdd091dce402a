import type { BoundPaper } from './boundPaper.ts';
import { bringIntoView, findStep, findWords, found, placeShown } from './draftFind.ts';
import type { Found } from './draftFind.ts';
import type { OutlineEntry } from './draftOutline.ts';

/** Longest selection that is taken over as what to look for. */
const MOST_SELECTED = 100;

/** Finding one's way in a text, also where one may only read: words that are looked for, headings and clauses to go to. */
export class ReadingAids {
  readonly #paper: () => BoundPaper | null;
  /** The words to look for at first, while the search is open. */
  #finding = $state<string | null>(null);
  #found = $state.raw<Found>({ words: '', at: 0, count: 0 });
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
    if (place !== null) editor.commands.setTextSelection(place);
    editor.view.dom.focus({ preventScroll: true });
  }

  toggleOutline(): void {
    this.#outline = this.#outline === null ? (this.#paper()?.outline() ?? []) : null;
  }

  /** Puts the caret before a heading or clause and brings it to the top. */
  jump({ position }: OutlineEntry): void {
    const editor = this.#paper()?.editor;
    if (editor === undefined) return;
    editor.commands.setTextSelection(position + 1);
    editor.view.dom.focus({ preventScroll: true });
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
