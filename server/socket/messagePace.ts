import { Buckets } from '../access/buckets.ts';

/** What a socket may ask for beside commands, a second and at once: a whole room costs more than a page of it, and that more than a word of presence. */
const paces = { 'room:join': [2, 10], 'room:catchup': [5, 20], 'presence:set': [20, 60] } as const;
/** How often a socket may be told to wait, a second and at once, before it is closed: far beyond whoever waits as long as he was told. */
const patience = [50, 1_000] as const;

/** The pace of one socket. */
export class MessagePace {
  readonly #asked: ReadonlyMap<string, Buckets>;
  readonly #refused: Buckets;

  constructor(now: () => number) {
    this.#asked = new Map(Object.entries(paces).map(([name, [perSecond, burst]]) => [name, new Buckets(perSecond, burst, now)]));
    this.#refused = new Buckets(...patience, now);
  }

  /** How long it has to wait before it may send this message, in ms; 0 where it may now. */
  take(name: string): number {
    return this.#asked.get(name)?.take('') ?? 0;
  }

  /** It was told to wait. Gives whether that was once too often. */
  refused(): boolean {
    return this.#refused.take('') > 0;
  }
}
