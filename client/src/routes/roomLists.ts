import type { RoomCard } from '#shared/protocol/messages.ts';
import type { Lang } from '../lib/i18n/lang.ts';

export interface RoomLists {
  readonly open: readonly RoomCard[];
  readonly closed: readonly RoomCard[];
  readonly archived: readonly RoomCard[];
  /** Deleted rooms that the reader can still bring back. */
  readonly deleted: readonly RoomCard[];
  /** The sample room in the language of the reader, where there is one. */
  readonly sample: RoomCard | null;
}

/**
 * The rooms in the order in which the first screen shows them.
 * @param shown ids in the order they stood in before: what one reads does not change its place, what is new comes behind
 */
export function roomLists(rooms: readonly RoomCard[], lang: Lang, shown: readonly string[] = []): RoomLists {
  const place = new Map(shown.map((id, index) => [id, index]));
  const placeOf = ({ id }: RoomCard) => place.get(id) ?? shown.length;
  const own = rooms.filter(({ sample }) => !sample).sort((a, b) => placeOf(a) - placeOf(b));
  const samples = rooms.filter(({ sample }) => sample);
  return {
    open: own.filter((room) => groupOf(room) === 'open'),
    closed: own.filter((room) => groupOf(room) === 'closed'),
    archived: own.filter((room) => groupOf(room) === 'archived'),
    deleted: own.filter((room) => groupOf(room) === 'deleted'),
    sample: samples.find(({ id }) => id.endsWith(`-${lang}`)) ?? samples[0] ?? null,
  };
}

function groupOf({ deletedUntil, archived, status }: RoomCard): 'open' | 'closed' | 'archived' | 'deleted' {
  if (deletedUntil !== null) return 'deleted';
  return archived ? 'archived' : status;
}

/** The rooms whose title or question has all words of a search, without regard to case. */
export function roomsWith(rooms: readonly RoomCard[], search: string): readonly RoomCard[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return rooms.filter(({ title, question }) => {
    const text = `${title} ${question}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
