import type { Change } from './standing.ts';

/** A change of what one may do, on the screen until it is dismissed. */
export interface ShownChange {
  readonly id: number;
  readonly change: Change;
}

const MOST = 3;
/** What takes a right from oneself stays until it is dismissed. Good news, and what the page goes on saying where one writes, goes by itself. */
const PASSING_MS = 10_000;
const passing: readonly Change['kind'][] = [
  'locked',
  'unlocked',
  'commentingClosed',
  'commentingOpened',
  'roomClosed',
  'roomReopened',
  'unmuted',
  'readmitted',
];

/** Whether it goes by itself. */
export const isPassing = ({ kind }: Change): boolean => passing.includes(kind);

/** The changes on the screen: the newest few, of each kind the newest. */
export class ShownChanges {
  #list = $state.raw<readonly ShownChange[]>([]);
  #nextId = 1;

  get list(): readonly ShownChange[] {
    return this.#list;
  }

  add(changes: readonly Change[]): void {
    const fresh = changes.map((change) => ({ id: this.#nextId++, change }));
    const subjects = changes.map(subjectOf);
    this.#list = [...this.#list.filter(({ change }) => !subjects.includes(subjectOf(change))), ...fresh].slice(-MOST);
    for (const { id, change } of fresh) if (isPassing(change)) setTimeout(() => this.dismiss(id), PASSING_MS);
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((shown) => shown.id !== id);
  }
}

/** Locked and unlocked are about the same thing: only the last is worth reading. */
function subjectOf({ kind }: Change): string {
  switch (kind) {
    case 'locked':
    case 'unlocked':
      return 'draft';
    case 'commentingClosed':
    case 'commentingOpened':
      return 'commenting';
    case 'roomClosed':
    case 'roomReopened':
      return 'room';
    case 'role':
      return 'role';
    case 'muted':
    case 'unmuted':
    case 'readmitted':
      return 'standing';
  }
}
