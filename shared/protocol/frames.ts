/**
 * Frames of a draft's socket. Each begins with one variable-length unsigned integer, as in y-protocols. Stock clients know
 * 0, 1 and 3 and pass over the rest.
 */
export const frameTypes = {
  /** y-protocols sync: then 0 step 1 (state vector), 1 step 2 (update), 2 update. 1 and 2 are writes. */
  sync: 0,
  /** y-protocols awareness update. A write of presence. */
  awareness: 1,
  /** Asks for everybody's presence. */
  queryAwareness: 3,
  /**
   * Server to client: `varUint n, varUint ordinal`: the first n sync step 2 and update frames received on this connection are
   * durable, or needed no storing; the log of the draft reaches to `ordinal`.
   */
  saved: 120,
  /** Server to client: `varString json`: a Standing. Sent first of all, and whenever it changes. */
  standing: 121,
  /**
   * Server to client: `varUint ordinal, bytes hash`: the SHA-256 of the canonical content of the draft with its log up to
   * `ordinal`. Who has received everything before it, and waits for no acknowledgement, holds exactly that draft.
   */
  content: 122,
  /** Client to server: `varUint ordinal, bytes hash`: at that ordinal this copy has another content, with this hash. Then 4410. */
  diverged: 123,
} as const;

/** What the server says of this connection. */
export interface Standing {
  readonly lineage: string;
  /** Whether this person may write in this draft now. */
  readonly write: boolean;
  /** A rejection code where write is false, else null. */
  readonly why: string | null;
  /** On the frame that is refused for good: how many write frames of this connection were accepted before it. */
  readonly acceptedFrames?: number;
  /** Which participant writes under which Yjs client id; later frames carry only what is new. */
  readonly authors: { readonly [clientId: string]: string };
}

/** Query parameters of the upgrade to `/yjs/:roomId/:draftId`. Step 1 precedes any hello, so they must come here. */
export const draftQuery = { editor: 'editor', lineage: 'lineage' } as const;
