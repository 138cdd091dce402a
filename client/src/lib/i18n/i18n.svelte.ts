import { createContext } from 'svelte';
import type { Refusal } from '../api/refusal.ts';
import { rememberChoice } from '../session/remember.ts';
import { bringLang, catalogue, type Messages } from './catalogue.ts';
import { Formats } from './formats.ts';
import { htmlLang, langCookie, type Lang } from './lang.ts';
import { sentenceFor } from './rejections.ts';
import { ownZone, zoneCookie } from './zone.ts';

const made = new Map<string, Formats>();

/** The formats of a language in a time zone; null is that of the machine this runs on. */
function formatsOf(lang: Lang, zone: string | null): Formats {
  const key = `${lang} ${zone ?? ''}`;
  let formats = made.get(key);
  if (formats === undefined) {
    // A server draws for readers everywhere: it keeps those it needed last.
    if (made.size > 100) made.clear();
    made.set(key, (formats = new Formats(lang, zone ?? undefined)));
  }
  return formats;
}

/** The language of the page and everything that depends on it. One for each page, in its context: see `useI18n`. */
export class I18n {
  #lang = $state<Lang>('zh');
  #zone = $state<string | null>(null);
  readonly #formats = $derived(formatsOf(this.#lang, this.#zone));

  /** `zone`: the time zone the page was drawn in, so that it says the same when it comes alive. */
  constructor(lang: Lang, zone: string | null = null) {
    this.#lang = lang;
    this.#zone = zone;
  }

  /** From here on times are those of this device, and the next page is drawn in them. */
  useOwnZone(): void {
    const zone = ownZone();
    if (zone !== this.#zone) rememberChoice(zoneCookie, zone);
    this.#zone = zone;
    document.documentElement.dataset['zone'] = 'known';
  }

  get lang(): Lang {
    return this.#lang;
  }

  /** The words: `i18n.m.shell.save`. */
  get m(): Messages {
    return catalogue[this.#lang];
  }

  /** Switches the language of the whole page at once and remembers it on this device. Without a network it stays as it is. */
  set(lang: Lang): void {
    bringLang(lang).then(
      () => {
        this.#lang = lang;
        document.documentElement.lang = htmlLang[lang];
        rememberChoice(langCookie, lang);
      },
      () => undefined,
    );
  }

  /** The sentence for a rejection. */
  sentence(refusal: Refusal): string {
    return sentenceFor(this.m.rejections, refusal);
  }

  /** 14:03. `at` in milliseconds since 1970, as everywhere below. */
  time(at: number): string {
    return this.#formats.time(at);
  }

  /** 24 November 2026 / 2026年11月24日 */
  date(at: number): string {
    return this.#formats.date(at);
  }

  /** Today only the time, else the day and the time. */
  moment(at: number, now = Date.now()): string {
    return this.#formats.moment(at, now);
  }

  /** "just now", "3 minutes ago", "in 5 days". */
  relative(at: number, now = Date.now()): string {
    return this.#formats.relative(at, now);
  }

  number(value: number): string {
    return this.#formats.number(value);
  }

  /** "A, B and C" / “A、B和C” */
  list(items: readonly string[]): string {
    return this.#formats.list(items);
  }
}

const [useI18n, setI18n] = createContext<I18n>();
export { useI18n };

/** For the root layout, and for tests of a single component. */
export function provideI18n(lang: Lang, zone: string | null = null): I18n {
  return setI18n(new I18n(lang, zone));
}
