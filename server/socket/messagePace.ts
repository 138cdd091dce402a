import { Buckets } from '../access/buckets.ts';

/** What a socket may ask for beside commands, a second and at once: a whole room costs more than a page of it, and that more than a word of presence. */
const paces = { 'room:join': [2, 10], 'room:catchup': [5, 20], 'presence:set': [20, 60] } as const;
/** So many words to wait are forgiven a second: far beyond whoever waits as long as he was told. */
const FORGIVEN_PER_SECOND = 50;

/** The pace of one socket. */
export class MessagePace {
  readonly #asked: ReadonlyMap<string, Buckets>;
  readonly #refused: Buckets;

  /** `refusals`: how often it may be told to wait, at once, before it is closed. */
  constructor(refusals: number, now: () => number) {
    this.#asked = new Map(Object.entries(paces).map(([name, [perSecond, burst]]) => [name, new Buckets(perSecond, burst, now)]));
    this.#refused = new Buckets(FORGIVEN_PER_SECOND, refusals, now);
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
