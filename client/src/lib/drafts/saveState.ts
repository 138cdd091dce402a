/** What a person is told about where his changes are. `at` is when the last of them became durable, on this device's clock. */
export type SaveState =
  | { readonly state: 'opening' }
  | { readonly state: 'saving' }
  | { readonly state: 'saved'; readonly at: number }
  | { readonly state: 'unsaved'; readonly changes: number }
  | { readonly state: 'readonly' }
  | { readonly state: 'offline' }
  | { readonly state: 'ended'; readonly changes: number };

/** `opening`: never in step with the server so far; `live`: in step; `down`: was live, is trying again; `ended`: gives up. */
export type Link = 'opening' | 'live' | 'down' | 'ended';

export interface SaveFacts {
  readonly link: Link;
  readonly write: boolean;
  readonly pending: number;
  readonly oldestPendingAt: number | null;
  readonly savedAt: number | null;
}

export type SaveEvent =
  | { readonly type: 'live'; readonly now: number }
  | { readonly type: 'down' }
  | { readonly type: 'ended' }
  | { readonly type: 'standing'; readonly write: boolean }
  | { readonly type: 'pending'; readonly count: number; readonly oldestAt: number | null }
  | { readonly type: 'acknowledged'; readonly count: number; readonly oldestAt: number | null; readonly now: number }
  | { readonly type: 'renewed' };

/** After so long without an answer, a change is called not saved even though the connection looks alive. */
export const PATIENCE_MS = 5_000;

export const atFirst: SaveFacts = { link: 'opening', write: false, pending: 0, oldestPendingAt: null, savedAt: null };

export function advance(facts: SaveFacts, event: SaveEvent): SaveFacts {
  // Whoever gave up stays so; what becomes of the pending changes is still counted.
  const link = (next: Link): Link => (facts.link === 'ended' ? 'ended' : next);
  switch (event.type) {
    case 'live':
      // What the server sends a joiner is durable, so being in step with nothing pending is being saved.
      return { ...facts, link: link('live'), savedAt: facts.pending === 0 ? (facts.savedAt ?? event.now) : facts.savedAt };
    case 'down':
      return { ...facts, link: link(facts.link === 'opening' ? 'opening' : 'down') };
    case 'ended':
      return { ...facts, link: 'ended' };
    case 'standing':
      return { ...facts, write: event.write };
    case 'pending':
      return { ...facts, pending: event.count, oldestPendingAt: event.oldestAt };
    case 'acknowledged':
      return { ...facts, pending: event.count, oldestPendingAt: event.oldestAt, savedAt: event.now };
    case 'renewed':
      return { ...atFirst, link: link('opening') };
  }
}

/** What to say at a moment. Never `saved` while anything is pending. */
export function saveStateOf(facts: SaveFacts, now: number): SaveState {
  if (facts.link === 'ended') return { state: 'ended', changes: facts.pending };
  if (facts.pending > 0) {
    const waitedMs = facts.oldestPendingAt === null ? Number.POSITIVE_INFINITY : now - facts.oldestPendingAt;
    const isUnderWay = facts.link === 'live' && facts.write && waitedMs < PATIENCE_MS;
    return isUnderWay ? { state: 'saving' } : { state: 'unsaved', changes: facts.pending };
  }
  if (facts.link === 'opening') return { state: 'opening' };
  if (facts.link === 'down') return { state: 'offline' };
  if (!facts.write || facts.savedAt === null) return { state: 'readonly' };
  return { state: 'saved', at: facts.savedAt };
}

/** When what is said changes by the passing of time alone, or null. */
export function nextChangeAt(facts: SaveFacts): number | null {
  return facts.link === 'live' && facts.write && facts.oldestPendingAt !== null ? facts.oldestPendingAt + PATIENCE_MS : null;
}
