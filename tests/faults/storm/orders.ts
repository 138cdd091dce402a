/* What the test and its generators say to each other over IPC. */

/** One person and the draft he comes back to. */
export interface Place {
  readonly base: string;
  readonly cookie: string;
  readonly roomId: string;
  readonly draftId: string;
}

/** How people come back once their lines are cut. */
export interface Manner {
  /** With the copy and the place in the log they had, as an open page does; without, as a page that is loaded anew. */
  readonly copies: boolean;
  /** Each after a pause of his own, from the moment his line was cut; without, all in the moment they are told to. */
  readonly jitter: boolean;
}

export type Order =
  | { readonly is: 'open'; readonly places: readonly Place[]; readonly seed: number }
  /** What to do when the lines are cut. */
  | { readonly is: 'expect'; readonly manner: Manner }
  /** The server listens. Answered when everybody is back, or after `watchdogMs`. */
  | { readonly is: 'go'; readonly watchdogMs: number }
  /** What everybody holds. */
  | { readonly is: 'holding' };

/** What became of a generator's people, in ms since it was told that the server listens. */
export interface Returned {
  readonly drafts: readonly number[];
  readonly rooms: readonly number[];
  readonly missing: number;
  /** Turned away for good, and with what. */
  readonly refused: readonly string[];
  /** Turned away for the moment, or cut off again. */
  readonly tries: number;
  readonly cpuMs: number;
  /** The longest the generator itself stood still. */
  readonly stallMs: number;
}

/** For each draft the hashes of what its people hold. */
export type Holding = readonly { readonly draftId: string; readonly hash: string; readonly people: number }[];
