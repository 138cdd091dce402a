import type { Presence, PresenceChange, PresenceEntry } from './messages.ts';

/** Who is here after a change: what ended goes, then come those who came, then what each of them is doing. */
export function withPresence({ here, watching }: Presence, change: PresenceChange): Presence {
  const entries = new Map(here.map((entry) => [entry.number, entry]));
  for (const number of change.gone ?? []) entries.delete(number);
  for (const entry of change.here ?? []) entries.set(entry.number, entry);
  const set = (numbers: readonly number[] | undefined, typing: PresenceEntry['typing']): void => {
    for (const number of numbers ?? []) {
      const entry = entries.get(number);
      if (entry !== undefined) entries.set(number, { ...entry, typing });
    }
  };
  set(change.draft, 'draft');
  set(change.comment, 'comment');
  set(change.nothing, null);
  return { here: [...entries.values()], watching: change.watching ?? watching };
}
