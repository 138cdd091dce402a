import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import type { PluginView } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { getRelativeSelection, relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap';
import type { ProsemirrorBinding } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';

/** How long a caret shows its person's whole name after it moved. */
const NAME_MS = 2_500;
/** Where many write, only so many who moved last carry a flag; the others are a thin line. */
const MOST_FLAGS = 8;
/** Pixels between a name and the edge. */
const FLAG_GAP = 4;
/** A caret that did not move for so long fades. */
const STILL_MS = 30_000;
/** Carets further than so many pixels out of sight are not drawn. */
const NEAR_PX = 300;
/** Of a longer selection so many blocks on both sides of its caret are drawn. */
const MOST_BLOCKS = 20;

/** How a person is shown at his caret. */
export interface CaretPerson {
  readonly name: string;
  readonly initial: string;
  /** A CSS colour. */
  readonly color: string;
}

type PersonOf = (participantId: string | undefined) => CaretPerson;

interface Options {
  readonly awareness: Awareness | null;
  readonly personOf: PersonOf;
}

/** Presence as it comes in: `cursor` is the other client's own word, `user` was written by the server. */
interface Presence {
  readonly cursor?: { readonly anchor: unknown; readonly head: unknown } | null;
  readonly user?: { readonly id?: string };
}

interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** One person's caret and selection in pixels from the corner of the layer. */
interface Place {
  readonly clientId: number;
  readonly person: string | undefined;
  readonly caret: Rect;
  readonly selected: readonly Rect[];
}

/**
 * Publishes this person's caret, and draws those of the others in a layer over the text. Nothing of it is in the text: there a caret
 * would cut a run of letters in two, and break a word that is being composed in it.
 */
export const DraftCarets = Extension.create<Options>({
  name: 'draftCarets',
  priority: 999,
  addOptions() {
    return { awareness: null, personOf: () => ({ name: '', initial: '', color: 'var(--ink-3)' }) };
  },
  addProseMirrorPlugins() {
    const { awareness, personOf } = this.options;
    if (awareness === null) return [];
    return [
      new Plugin({ view: (view) => publishCaret(view, awareness) }),
      new Plugin({ view: (view) => new CaretLayer(view, awareness, personOf) }),
    ];
  },
});

/** Names the carets anew: a name became known or changed. `dom`: the editor's element. */
export function refreshCarets(dom: HTMLElement, personOf: PersonOf): void {
  for (const element of dom.parentElement?.querySelectorAll<HTMLElement>('.caret') ?? []) dress(element, personOf(element.dataset.person));
}

function bindingOf(view: EditorView): ProsemirrorBinding | undefined {
  return (ySyncPluginKey.getState(view.state) as { binding?: ProsemirrorBinding } | undefined)?.binding;
}

/** Tells the others where the caret is, as long as the text has the focus. */
function publishCaret(view: EditorView, awareness: Awareness): PluginView {
  const publish = (): void => {
    const binding = bindingOf(view);
    if (binding === undefined) return;
    const now = (awareness.getLocalState() as Presence | null)?.cursor ?? null;
    if (!view.hasFocus()) {
      if (now !== null) awareness.setLocalStateField('cursor', null);
      return;
    }
    const { anchor, head } = getRelativeSelection(binding, view.state);
    if (now === null || !isAt(now.anchor, anchor) || !isAt(now.head, head)) awareness.setLocalStateField('cursor', { anchor, head });
  };
  view.dom.addEventListener('focusin', publish);
  view.dom.addEventListener('focusout', publish);
  return {
    update: publish,
    destroy: () => {
      view.dom.removeEventListener('focusin', publish);
      view.dom.removeEventListener('focusout', publish);
      awareness.setLocalStateField('cursor', null);
    },
  };
}

function isAt(published: unknown, position: Y.RelativePosition): boolean {
  return Y.compareRelativePositions(Y.createRelativePositionFromJSON(published), position);
}

/** The layer with the carets that are in sight. Measured together and then placed together, once a picture. */
class CaretLayer implements PluginView {
  readonly #view: EditorView;
  readonly #awareness: Awareness;
  readonly #personOf: PersonOf;
  readonly #layer = document.createElement('div');
  readonly #carets = new Map<number, HTMLElement>();
  readonly #selections = new Map<number, HTMLElement>();
  /** When each moved last, the latest mover at the end. Whoever is here already counts as just come to rest. */
  readonly #movedAt = new Map<number, number>();
  readonly #sizes: ResizeObserver;
  readonly #clock: ReturnType<typeof setInterval>;
  #scroller: Element | null = null;
  #frame: number | null = null;

  constructor(view: EditorView, awareness: Awareness, personOf: PersonOf) {
    this.#view = view;
    this.#awareness = awareness;
    this.#personOf = personOf;
    this.#layer.className = 'carets';
    // The person is named by the list of who is here; a flag read out in the middle of a sentence would only break it.
    this.#layer.setAttribute('aria-hidden', 'true');
    for (const clientId of awareness.getStates().keys())
      if (clientId !== awareness.clientID) this.#movedAt.set(clientId, Date.now() - NAME_MS);
    awareness.on('change', this.#onChange);
    this.#sizes = new ResizeObserver(() => this.#drawSoon());
    this.#sizes.observe(view.dom);
    this.#clock = setInterval(() => this.#calm(), NAME_MS / 2);
    this.#drawSoon();
  }

  update(): void {
    this.#drawSoon();
  }

  destroy(): void {
    this.#awareness.off('change', this.#onChange);
    this.#sizes.disconnect();
    clearInterval(this.#clock);
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#scroller?.removeEventListener('scroll', this.#onScroll);
    this.#layer.remove();
  }

  readonly #onChange = ({ added, updated, removed }: { added: number[]; updated: number[]; removed: number[] }): void => {
    for (const clientId of removed) this.#movedAt.delete(clientId);
    for (const clientId of [...added, ...updated]) {
      if (clientId === this.#awareness.clientID) continue;
      this.#movedAt.delete(clientId);
      this.#movedAt.set(clientId, Date.now());
    }
    this.#drawSoon();
  };

  readonly #onScroll = (): void => this.#drawSoon();

  #drawSoon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
    });
  }

  #draw(): void {
    const view = this.#view;
    const around = view.dom.parentElement;
    if (view.isDestroyed || around === null) return;
    if (this.#layer.parentElement !== around) {
      around.append(this.#layer);
      this.#scroller = view.dom.closest('[data-scrolls]');
      this.#scroller?.addEventListener('scroll', this.#onScroll, { passive: true });
    }
    const places = this.#measure();
    const shown = new Set(places.map(({ clientId }) => clientId));
    for (const elements of [this.#carets, this.#selections])
      for (const [clientId, element] of elements) {
        if (shown.has(clientId)) continue;
        element.remove();
        elements.delete(clientId);
      }
    for (const place of places) this.#place(place);
    this.#calm();
  }

  #measure(): readonly Place[] {
    const view = this.#view;
    const binding = bindingOf(view);
    if (binding === undefined || binding.mapping.size === 0) return [];
    const corner = this.#layer.getBoundingClientRect();
    const frame = (this.#scroller ?? view.dom).getBoundingClientRect();
    const isNear = (from: number): boolean => {
      const block = blockAt(view, from);
      if (block === null) return false;
      const { top, bottom } = block.getBoundingClientRect();
      return bottom > frame.top - NEAR_PX && top < frame.bottom + NEAR_PX;
    };
    const places: Place[] = [];
    for (const [clientId, state] of this.#awareness.getStates()) {
      const { cursor, user } = state as Presence;
      if (clientId === this.#awareness.clientID || cursor == null) continue;
      const head = positionOf(view, binding, cursor.head);
      const anchor = positionOf(view, binding, cursor.anchor);
      if (head === null || anchor === null || !isNear(head)) continue;
      const { left, top, bottom } = view.coordsAtPos(head);
      const caret = { left: left - corner.left, top: top - corner.top, width: 0, height: bottom - top };
      const selected = anchor === head ? [] : selectedRects(view, anchor, head, corner);
      places.push({ clientId, person: user?.id, caret, selected });
    }
    return places;
  }

  #place({ clientId, person, caret, selected }: Place): void {
    let element = this.#carets.get(clientId);
    if (element === undefined || element.dataset.person !== person) {
      element?.remove();
      element = newCaret(clientId, person, this.#personOf);
      this.#carets.set(clientId, element);
      this.#layer.append(element);
    }
    element.style.transform = `translate(${caret.left}px, ${caret.top}px)`;
    element.style.height = `${caret.height}px`;
    let around = this.#selections.get(clientId);
    if (selected.length === 0) {
      around?.remove();
      this.#selections.delete(clientId);
      return;
    }
    if (around === undefined) {
      around = document.createElement('div');
      around.className = 'remote-selection';
      this.#selections.set(clientId, around);
      this.#layer.prepend(around);
    }
    around.style.setProperty('--person', this.#personOf(person).color);
    around.replaceChildren(
      ...selected.map(({ left, top, width, height }) => {
        const part = document.createElement('div');
        part.style.cssText = `left: ${left}px; top: ${top}px; width: ${width}px; height: ${height}px`;
        return part;
      }),
    );
  }

  /** Keeps the carets of many from shouting: a whole name while one moves, a flag for the last few, a line that fades for the rest. */
  #calm(): void {
    const now = Date.now();
    const flagged = new Set([...this.#movedAt.keys()].slice(-MOST_FLAGS));
    for (const [clientId, element] of this.#carets) {
      const sinceMs = now - (this.#movedAt.get(clientId) ?? 0);
      element.toggleAttribute('data-moving', sinceMs < NAME_MS);
      element.toggleAttribute('data-far', !flagged.has(clientId));
      element.toggleAttribute('data-still', sinceMs >= STILL_MS);
    }
    turnFlags(this.#layer, this.#scroller ?? this.#view.dom);
  }
}

function positionOf(view: EditorView, binding: ProsemirrorBinding, published: unknown): number | null {
  const relative = Y.createRelativePositionFromJSON(published);
  const position = relativePositionToAbsolutePosition(binding.doc, binding.type, relative, binding.mapping) as number | null;
  return position === null ? null : Math.min(position, Math.max(view.state.doc.content.size - 1, 0));
}

/** The element of the block at the top that holds a position. */
function blockAt(view: EditorView, position: number): Element | null {
  const $position = view.state.doc.resolve(position);
  const node = $position.depth > 0 ? view.nodeDOM($position.before(1)) : view.dom;
  return node instanceof Element ? node : null;
}

function selectedRects(view: EditorView, anchor: number, head: number, corner: DOMRect): readonly Rect[] {
  const { doc } = view.state;
  const at = doc.resolve(head).index(0);
  const within = (position: number): number => {
    const index = doc.resolve(position).index(0);
    if (Math.abs(index - at) <= MOST_BLOCKS) return position;
    let edge = 0;
    for (let block = 0; block < at + (index < at ? -MOST_BLOCKS : MOST_BLOCKS); block += 1) edge += doc.child(block).nodeSize;
    return edge;
  };
  const [from, to] = [within(Math.min(anchor, head)), within(Math.max(anchor, head))];
  const [start, end] = [view.domAtPos(from, 1), view.domAtPos(to, -1)];
  const range = document.createRange();
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  return [...range.getClientRects()]
    .filter(({ width, height }) => width > 0 && height > 0)
    .map(({ left, top, width, height }) => ({ left: left - corner.left, top: top - corner.top, width, height }));
}

function newCaret(clientId: number, participantId: string | undefined, personOf: PersonOf): HTMLElement {
  const element = document.createElement('span');
  element.className = 'caret';
  element.dataset.client = String(clientId);
  if (participantId !== undefined) element.dataset.person = participantId;
  const flag = document.createElement('span');
  flag.className = 'caret-flag';
  for (const className of ['caret-initial', 'caret-name']) {
    const part = document.createElement('span');
    part.className = className;
    flag.append(part);
  }
  element.append(flag);
  dress(element, personOf(participantId));
  return element;
}

function dress(element: HTMLElement, { name, initial, color }: CaretPerson): void {
  element.style.setProperty('--person', color);
  const [initialPart, namePart] = element.querySelectorAll('.caret-initial, .caret-name');
  if (initialPart) initialPart.textContent = initial;
  if (namePart) namePart.textContent = name;
}

/** A name that would be cut off at the edge of the text stands to the left of its caret. Measured together, and then turned together. */
function turnFlags(layer: HTMLElement, frame: Element): void {
  const flags = [...layer.querySelectorAll<HTMLElement>('.caret[data-moving] .caret-flag')];
  if (flags.length === 0) return;
  const edge = frame.getBoundingClientRect().right;
  const cut = flags.map((flag) => (flag.parentElement?.getBoundingClientRect().left ?? 0) + flag.offsetWidth > edge - FLAG_GAP);
  flags.forEach((flag, index) => flag.toggleAttribute('data-turned', cut[index] === true));
}
