import { untilNextMinute } from './startWords.ts';

/** Longest time a timer can be set for; it is simply set again. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * The time, told anew whenever a minute before a start begins, and at the start itself; still otherwise. Make it inside a component
 * or an effect.
 */
export class MinuteClock {
  #now = $state(0);

  /**
   * @param startsAt when it begins, or null where there is nothing to wait for
   * @param now the server's time, as far as this device knows it
   */
  constructor(startsAt: () => number | null, now: () => number) {
    this.#now = now();
    $effect(() => {
      const at = startsAt();
      if (at === null) return undefined;
      let timer: ReturnType<typeof setTimeout>;
      const tell = (): void => {
        this.#now = now();
        // A little behind the border, so that a timer that comes too early does not tell the minute that is just ending.
        if (this.#now < at) timer = setTimeout(tell, Math.min(untilNextMinute(at, this.#now) + 50, longestTimerMs));
      };
      tell();
      // A device that slept wakes up in another minute.
      const onVisible = (): void => {
        clearTimeout(timer);
        tell();
      };
      document.addEventListener('visibilitychange', onVisible);
      return () => {
        clearTimeout(timer);
        document.removeEventListener('visibilitychange', onVisible);
      };
    });
  }

  get now(): number {
    return this.#now;
  }
}
