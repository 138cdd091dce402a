import type { GivenAnchor, Stance } from '#shared/domain/comments/events.ts';
import { stances } from '#shared/domain/comments/events.ts';
import type { Shelf } from './outbox.ts';

/** Something half-written: it survives a reload, and nothing but its author changes it. */
export interface Kept {
  readonly body: string;
  readonly stance: Stance | null;
  readonly anchor: GivenAnchor | null;
  /** People chosen for a mention while writing, with the names that were put into the text. */
  readonly mentions: readonly { readonly id: string; readonly name: string }[];
  /** Whose speech is being written down, or null for one's own words. */
  readonly speakerId: string | null;
}

/** Where in a room something is being written. */
export type WritingPlace = 'room' | `reply:${number}` | `edit:${number}`;

export const nothingKept: Kept = { body: '', stance: null, anchor: null, mentions: [], speakerId: null };

/** The place in storage of what one person writes in one place of a room. */
export function keptKey(roomId: string, participantId: string, place: WritingPlace): string {
  return `shangliang/kept/${roomId}/${participantId}/${place}`;
}

export function readKept(shelf: Shelf, key: string): Kept {
  try {
    const value: unknown = JSON.parse(shelf.getItem(key) ?? 'null');
    if (typeof value !== 'object' || value === null) return nothingKept;
    const { body, stance, anchor, mentions, speakerId } = value as Partial<Kept>;
    return {
      body: typeof body === 'string' ? body : '',
      stance: stances.find((known) => known === stance) ?? null,
      anchor: isAnchor(anchor) ? anchor : null,
      mentions: Array.isArray(mentions) ? mentions.filter(isMention) : [],
      speakerId: typeof speakerId === 'string' ? speakerId : null,
    };
  } catch {
    return nothingKept;
  }
}

/** Keeps it, or forgets it where there is nothing in it. A browser that keeps nothing loses it with the page, no earlier. */
export function writeKept(shelf: Shelf, key: string, kept: Kept): void {
  try {
    if (kept.body === '' && kept.anchor === null && kept.stance === null && kept.speakerId === null) shelf.removeItem(key);
    else shelf.setItem(key, JSON.stringify(kept));
  } catch {
    // Full or switched off: the words stay on the screen.
  }
}

function isMention(value: unknown): value is Kept['mentions'][number] {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name } = value as Partial<Kept['mentions'][number]>;
  return typeof id === 'string' && typeof name === 'string';
}

function isAnchor(value: unknown): value is GivenAnchor {
  if (typeof value !== 'object' || value === null) return false;
  const { draftId, runs, quote, before, after } = value as Partial<GivenAnchor>;
  return [draftId, quote, before, after].every((text) => typeof text === 'string') && Array.isArray(runs);
}
