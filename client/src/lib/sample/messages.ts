/** What the sample page says to the page of a seat in it, and back. Both are of one origin; nobody else is listened to. */
export type ToSeat =
  | { readonly shangliang: 'plug'; readonly out: boolean }
  /** Writes a little into the draft, in two strokes, for who does not want to type. */
  | { readonly shangliang: 'scribble'; readonly words: readonly string[] };

export interface FromSeat {
  readonly shangliang: 'state';
  readonly seat: string;
  /** `unsaved`, `saved` and so on; the words are the same the seat shows. */
  readonly state: string;
  readonly changes: number;
  readonly plugOut: boolean;
}

/** The message of an event from a page of this origin, or null for anything else. */
export function messageIn<T extends ToSeat | FromSeat>(event: MessageEvent, names: readonly T['shangliang'][]): T | null {
  const data: unknown = event.data;
  if (event.origin !== location.origin || typeof data !== 'object' || data === null || !('shangliang' in data)) return null;
  return (names as readonly unknown[]).includes(data.shangliang) ? (data as T) : null;
}
