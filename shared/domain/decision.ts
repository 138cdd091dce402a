import type { Limits } from './limits.ts';
import type { Rejection } from './rejections.ts';
import type { RoomEvent } from './facts.ts';
import type { RoomSize } from './roomSize.ts';
import { makeWords } from './words.ts';
import type { Words } from './words.ts';
import type { GivenReason, Reason } from './participants/events.ts';

/** Who acts. The system only records what follows by itself; an anonymous viewer reads and nothing else. */
export type Actor = { readonly kind: 'participant'; readonly id: string } | { readonly kind: 'anonymous' } | { readonly kind: 'system' };

export const systemActor: Actor = { kind: 'system' };
export const anonymousActor: Actor = { kind: 'anonymous' };

/** The name under which an actor stands in a commit. */
export function actorName(actor: Actor): string {
  return actor.kind === 'participant' ? actor.id : actor.kind;
}

export interface Context {
  readonly actor: Actor;
  /** Milliseconds since 1970, of the server. */
  readonly now: number;
  readonly newId: () => string;
  /** At least 128 fresh random bits, as hex. */
  readonly newSalt: () => string;
  readonly limits: Limits;
  /** What the room takes up before this command; where it is not given, nothing. */
  readonly size?: RoomSize;
}

export type Decision = { readonly ok: true; readonly events: readonly RoomEvent[] } | { readonly ok: false; readonly rejection: Rejection };

export function accepted(...events: readonly RoomEvent[]): Decision {
  return { ok: true, events };
}

export function refused(rejection: Rejection): Decision {
  return { ok: false, rejection };
}

/** Seals a text into words with a fresh salt. */
export function seal(text: string, context: Context): Words {
  return makeWords(text, context.newSalt());
}

/** Seals a reason; an empty note counts as none. */
export function sealReason(reason: GivenReason, context: Context): Reason {
  const note = reason.note?.trim() ?? '';
  return { code: reason.code, note: note === '' ? null : seal(note, context) };
}

/** Why a reason cannot stand as given, or null. */
export function reasonProblem(reason: GivenReason, limits: Limits): Rejection | null {
  const got = reason.note?.length ?? 0;
  return got > limits.noteLength ? { code: 'textTooLong', most: limits.noteLength, got } : null;
}
