import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { EditorView } from '@tiptap/pm/view';
import { foundPlaces, placeFrom } from './foundPlaces.ts';
import type { FoundPlace } from './foundPlaces.ts';
import { isInputMethodKey } from '../ui/inputMethodKey.ts';

/** Beyond so many places only the one that is shown is drawn. */
const MOST_DRAWN = 1_000;

interface Finding {
  readonly words: string;
  readonly places: readonly FoundPlace[];
  /** The place that is shown, or -1. */
  readonly at: number;
  readonly set: DecorationSet;
}

/** What is looked for and where one is, for the bar: `at` counts from 1, 0 where no place is shown. */
export interface Found {
  readonly words: string;
  readonly at: number;
  readonly count: number;
}

type Ask = { readonly words: string; readonly from: number } | { readonly step: 1 | -1 };

const key = new PluginKey<Finding>('draftFind');
const nothing: Finding = { words: '', places: [], at: -1, set: DecorationSet.empty };

/** Marks the places of the words that are looked for, beside the text and never in it, also for who may only read. */
export const DraftFind = Extension.create({
  name: 'draftFind',
  addProseMirrorPlugins() {
    return [
      new Plugin<Finding>({
        key,
        state: {
          init: () => nothing,
          apply: applied,
        },
        props: { decorations: (state) => key.getState(state)?.set },
      }),
    ];
  },
});

function applied(transaction: Transaction, finding: Finding): Finding {
  const ask = transaction.getMeta(key) as Ask | undefined;
  const { doc } = transaction;
  if (ask !== undefined && 'words' in ask) {
    const places = foundPlaces(doc, ask.words);
    return drawn(doc, ask.words, places, placeFrom(places, ask.from));
  }
  const { words, places, at } = finding;
  if (ask !== undefined) {
    const count = places.length;
    return count === 0 ? finding : drawn(doc, words, places, (Math.max(at, 0) + ask.step + count) % count);
  }
  if (!transaction.docChanged || words === '') return finding;
  // The place that is shown stays the one that is shown, wherever its words went.
  const stood = places[at]?.from ?? 0;
  const now = foundPlaces(doc, words);
  return drawn(doc, words, now, placeFrom(now, transaction.mapping.map(stood, -1)));
}

function drawn(doc: Node, words: string, places: readonly FoundPlace[], at: number): Finding {
  const marks = (places.length > MOST_DRAWN ? places.slice(Math.max(at, 0), at + 1) : places).map((place) =>
    Decoration.inline(place.from, place.to, { class: place === places[at] ? 'found is-now' : 'found' }),
  );
  return { words, places, at, set: DecorationSet.create(doc, marks) };
}

/** Looks for words from the caret on, and shows the first place; an empty text ends the search. */
export function findWords(view: EditorView, words: string): void {
  const ask: Ask = { words, from: key.getState(view.state)?.places[key.getState(view.state)?.at ?? -1]?.from ?? view.state.selection.from };
  view.dispatch(view.state.tr.setMeta(key, ask).setMeta('addToHistory', false));
  showPlace(view);
}

/** Goes to the next or the previous place, round the ends. */
export function findStep(view: EditorView, step: 1 | -1): void {
  const ask: Ask = { step };
  view.dispatch(view.state.tr.setMeta(key, ask).setMeta('addToHistory', false));
  showPlace(view);
}

export function found(state: EditorState): Found {
  const { words, places, at } = key.getState(state) ?? nothing;
  return { words, at: at + 1, count: places.length };
}

/** The place that is shown, or null. */
export function placeShown(state: EditorState): FoundPlace | null {
  const finding = key.getState(state);
  return finding?.places[finding.at] ?? null;
}

function showPlace(view: EditorView): void {
  const place = placeShown(view.state);
  if (place !== null) bringIntoView(view, place.from);
}

/** Scrolls a position into the middle, unless it is well in sight. Moves no caret. */
export function bringIntoView(view: EditorView, position: number, block: ScrollLogicalPosition = 'center'): void {
  const { node, offset } = view.domAtPos(position, 1);
  const inside = node instanceof Element ? (node.children[offset] ?? node) : node.parentElement;
  const isCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  inside?.scrollIntoView({ block, behavior: isCalm ? 'auto' : 'smooth' });
}

/** Ctrl or Cmd with F. */
export function isFindKey(event: KeyboardEvent): boolean {
  return (
    event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && !isInputMethodKey(event)
  );
}
