import { createContext } from 'svelte';
import type { Refusal } from '../api/refusal.ts';
import { rememberChoice } from '../session/remember.ts';
import { bringLang, catalogue, type Messages } from './catalogue.ts';
import { Formats } from './formats.ts';
import { htmlLang, langCookie, type Lang } from './lang.ts';
import { sentenceFor } from './rejections.ts';

const formats: Readonly<Record<Lang, Formats>> = { zh: new Formats('zh'), en: new Formats('en') };

/** The language of the page and everything that depends on it. One for each page, in its context: see `useI18n`. */
export class I18n {
  #lang = $state<Lang>('zh');

  constructor(lang: Lang) {
    this.#lang = lang;
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
    return formats[this.#lang].time(at);
  }

  /** 24 November 2026 / 2026年11月24日 */
  date(at: number): string {
    return formats[this.#lang].date(at);
  }

  /** Today only the time, else the day and the time. */
  moment(at: number, now = Date.now()): string {
    return formats[this.#lang].moment(at, now);
  }

  /** "just now", "3 minutes ago", "in 5 days". */
  relative(at: number, now = Date.now()): string {
    return formats[this.#lang].relative(at, now);
  }

  number(value: number): string {
    return formats[this.#lang].number(value);
  }

  /** "A, B and C" / “A、B和C” */
  list(items: readonly string[]): string {
    return formats[this.#lang].list(items);
  }
}

const [useI18n, setI18n] = createContext<I18n>();
export { useI18n };

/** For the root layout, and for tests of a single component. */
export function provideI18n(lang: Lang): I18n {
  return setI18n(new I18n(lang));
}
