import { stances } from '#shared/domain/comments/events.ts';
import { everything, filters, sorts } from './order.ts';
import type { Choice, Sort } from './order.ts';
import type { Shelf } from './outbox.ts';

const SORT_KEY = 'shangliang/sort';

/** The order of comments on this device, the same in every room. */
export function readSort(shelf: Shelf): Sort {
  const kept = shelf.getItem(SORT_KEY);
  return sorts.find((known) => known === kept) ?? 'time';
}

export function keepSort(shelf: Shelf, sort: Sort): void {
  keep(shelf, SORT_KEY, sort === 'time' ? null : sort);
}

/** What somebody chose to see of a room on this device; what cannot be read counts as everything. */
export function readChoice(shelf: Shelf, roomId: string): Choice {
  try {
    const value: unknown = JSON.parse(shelf.getItem(choiceKey(roomId)) ?? 'null');
    if (typeof value !== 'object' || value === null) return everything;
    const { filter, stance, person } = value as Partial<Record<keyof Choice, unknown>>;
    return {
      filter: filters.find((known) => known === filter) ?? 'all',
      stance: stances.find((known) => known === stance) ?? null,
      person: typeof person === 'string' ? person : null,
    };
  } catch {
    return everything;
  }
}

export function keepChoice(shelf: Shelf, roomId: string, choice: Choice): void {
  const { filter, stance, person } = choice;
  keep(shelf, choiceKey(roomId), filter === 'all' && stance === null && person === null ? null : JSON.stringify(choice));
}

function choiceKey(roomId: string): string {
  return `shangliang/choice/${roomId}`;
}

function keep(shelf: Shelf, key: string, value: string | null): void {
  try {
    if (value === null) shelf.removeItem(key);
    else shelf.setItem(key, value);
  } catch {
    // Kept for as long as the page lives.
  }
}
