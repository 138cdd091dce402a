/**
 * Why a draft's socket is closed. Codes 4400-4499 are final for this connection: a stock y-websocket client stops trying.
 * Each line ends with what the client does next.
 */
export const closeCodes = {
  /** A frame that is no frame. The words not acknowledged are set aside; join anew. */
  badFrame: 4400,
  /** No valid sign-in where one is needed. Sign in. */
  signIn: 4401,
  /** The right to write, or to read, is gone. Set unacknowledged words aside, drop the copy, join anew. */
  notAllowed: 4403,
  /** No such room or draft for this person. Give up and say so. */
  notFound: 4404,
  /** The editor is of another version. Reload the page. */
  editorVersion: 4406,
  /** The copy belongs to another history of the draft. Set unacknowledged words aside, drop the copy, join anew. */
  lineage: 4409,
  /** The copy has another content than the log, and said so. Set its whole text aside, drop the copy, join anew. */
  diverged: 4410,
  /** The content is not allowed in a draft. Set unacknowledged words aside, drop the copy, join anew. */
  content: 4422,
  /** The draft has reached its size limit. Set unacknowledged words aside, join anew read-only. */
  tooLarge: 4413,
  /** It would cost everybody too much time to take in what was sent. Set unacknowledged words aside, drop the copy, join anew. */
  tooCostly: 4423,
  /** A frame larger than any may be: the code of WebSocket itself. Set unacknowledged words aside, drop the copy, join anew. */
  frameTooBig: 1009,
  /** The draft's log is damaged. Keep the copy and the words not acknowledged, try no more by itself, and say so. */
  damaged: 4424,
  /** Presence in another's name, again and again. Join anew. */
  presence: 4429,
  /** The sign-in ended (signed out, removed). Reload. */
  ended: 4440,
} as const;

/** Codes after which a client tries again by itself, with growing, jittered pauses. */
export const retryCodes = {
  /** The server goes down for a moment. */
  restart: 1012,
  /** Not now: too many at once, or the store does not answer. */
  notNow: 1013,
  /** Too slow a reader: resume from what you have. Outside 44xx on purpose. */
  slow: 4008,
} as const;

/** How many connections a server that comes back takes in each second, as it tells them when it goes. */
const backPerSecond = 500;
const spreadLeastMs = 500;
const spreadMostMs = 30_000;

/** Over how many milliseconds so many connections should spread their coming back. */
export function spreadOf(connections: number): number {
  return Math.min(spreadMostMs, Math.max(spreadLeastMs, Math.ceil((connections / backPerSecond) * 1_000)));
}

/** The reason that stands beside 1012: over how many milliseconds to spread coming back. */
export function restartReason(spreadMs: number): string {
  return `restart; spread=${spreadMs}`;
}

/** The spread a reason names, within its bounds; null where it names none. */
export function spreadIn(reason: string): number | null {
  const named = /^restart; spread=(\d{1,9})$/.exec(reason)?.[1];
  return named === undefined ? null : Math.min(spreadMostMs, Number(named));
}
