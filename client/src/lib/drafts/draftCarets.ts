import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';

/** How long a caret shows its person's whole name after it moved. */
const NAME_MS = 2_500;
/** Where many write, only so many who moved last carry a flag; the others are a thin line. */
const MOST_FLAGS = 8;
/** Pixels between a name and the edge. */
const FLAG_GAP = 4;
/** A caret that did not move for so long fades. */
const STILL_MS = 30_000;

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

/** What the server writes into everybody's presence, whatever the client says of itself. */
interface Shown {
  readonly id?: string;
}

/** The carets and selections of the others. Who somebody is was written into his presence by the server. */
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
      yCursorPlugin(awareness, {
        cursorBuilder: (user: Shown, clientId: number) => caret(clientId, user.id, personOf),
        selectionBuilder: (user: Shown) => ({
          class: 'remote-selection',
          style: `background-color: color-mix(in srgb, ${personOf(user.id).color} 22%, transparent)`,
        }),
      }) as Plugin,
      new Plugin({
        view: (view) => calmCarets(awareness, view.dom),
      }),
    ];
  },
});

/** Names the carets anew: a name became known or changed. */
export function refreshCarets(dom: HTMLElement, personOf: PersonOf): void {
  for (const element of dom.querySelectorAll<HTMLElement>('.caret')) dress(element, personOf(element.dataset.person));
}

function caret(clientId: number, participantId: string | undefined, personOf: PersonOf): HTMLElement {
  const element = document.createElement('span');
  element.className = 'caret';
  element.dataset.client = String(clientId);
  if (participantId !== undefined) element.dataset.person = participantId;
  const flag = document.createElement('span');
  flag.className = 'caret-flag';
  // The person is named by the list of who is here; a flag read out in the middle of a sentence would only break it.
  flag.setAttribute('aria-hidden', 'true');
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
function turnFlags(dom: HTMLElement): void {
  const flags = [...dom.querySelectorAll<HTMLElement>('.caret[data-moving] .caret-flag')];
  if (flags.length === 0) return;
  const edge = (dom.closest('[data-scrolls]') ?? dom).getBoundingClientRect().right;
  const cut = flags.map((flag) => (flag.parentElement?.getBoundingClientRect().left ?? 0) + flag.offsetWidth > edge - FLAG_GAP);
  flags.forEach((flag, index) => flag.toggleAttribute('data-turned', cut[index] === true));
}

/** Keeps the carets of many from shouting: a whole name while one moves, a flag for the last few, and a line that fades for the rest. */
function calmCarets(awareness: Awareness, dom: HTMLElement): { destroy: () => void } {
  /** When each moved last, the latest mover at the end. Whoever is here already counts as just come to rest. */
  const movedAt = new Map<number, number>();
  for (const clientId of awareness.getStates().keys()) if (clientId !== awareness.clientID) movedAt.set(clientId, Date.now() - NAME_MS);
  let turning: number | null = null;
  const show = (): void => {
    const now = Date.now();
    const flagged = new Set([...movedAt.keys()].slice(-MOST_FLAGS));
    for (const element of dom.querySelectorAll<HTMLElement>('.caret')) {
      const clientId = Number(element.dataset.client);
      const sinceMs = now - (movedAt.get(clientId) ?? 0);
      element.toggleAttribute('data-moving', sinceMs < NAME_MS);
      element.toggleAttribute('data-far', !flagged.has(clientId));
      element.toggleAttribute('data-still', sinceMs >= STILL_MS);
    }
    // Measured once a picture, however many move.
    turning ??= requestAnimationFrame(() => {
      turning = null;
      turnFlags(dom);
    });
  };
  const onChange = ({ added, updated, removed }: { added: number[]; updated: number[]; removed: number[] }): void => {
    for (const clientId of removed) movedAt.delete(clientId);
    for (const clientId of [...added, ...updated]) {
      if (clientId === awareness.clientID) continue;
      movedAt.delete(clientId);
      movedAt.set(clientId, Date.now());
    }
    // Behind the editor's own listener, which draws the carets.
    queueMicrotask(show);
  };
  const clock = setInterval(show, NAME_MS / 2);
  queueMicrotask(show);
  awareness.on('change', onChange);
  return {
    destroy: () => {
      clearInterval(clock);
      if (turning !== null) cancelAnimationFrame(turning);
      awareness.off('change', onChange);
    },
  };
}
