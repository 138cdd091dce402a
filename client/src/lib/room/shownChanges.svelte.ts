import type { Change } from './standing.ts';

/** A change of what one may do, on the screen until it is dismissed. */
export interface ShownChange {
  readonly id: number;
  readonly change: Change;
}

const MOST = 3;
/** Good news goes by itself; what takes a right away stays until it is dismissed. */
const GOOD_NEWS_MS = 10_000;
const goodNews: readonly Change['kind'][] = ['unlocked', 'commentingOpened', 'roomReopened', 'unmuted', 'readmitted'];

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
    for (const { id, change } of fresh) if (goodNews.includes(change.kind)) setTimeout(() => this.dismiss(id), GOOD_NEWS_MS);
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
