import { isTime } from '#shared/domain/times.ts';
import { formatLocale, type Lang } from './lang.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const justNow: Readonly<Record<Lang, string>> = { zh: '刚刚', en: 'just now' };

/** Stands where a stored number is no time: Intl throws on it, and one bad row must not take the page. */
export const noTime = '–';

/** A time for the `datetime` of a `<time>`, or null where the number is no time. */
export function isoTime(at: number): string | null {
  return isTime(at) ? new Date(at).toISOString() : null;
}

/** Times, dates and numbers of one language. All times are milliseconds since 1970, shown in the time zone of the reader. */
export class Formats {
  readonly #lang: Lang;
  readonly #time: Intl.DateTimeFormat;
  readonly #date: Intl.DateTimeFormat;
  readonly #moment: Intl.DateTimeFormat;
  readonly #relative: Intl.RelativeTimeFormat;
  readonly #number: Intl.NumberFormat;
  readonly #list: Intl.ListFormat;

  constructor(lang: Lang, timeZone?: string) {
    const locale = formatLocale[lang];
    const zone = timeZone === undefined ? {} : { timeZone };
    this.#lang = lang;
    this.#time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...zone });
    this.#date = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', day: 'numeric', ...zone });
    this.#moment = new Intl.DateTimeFormat(locale, {
      month: 'long',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      ...zone,
    });
    this.#relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    this.#number = new Intl.NumberFormat(locale);
    this.#list = new Intl.ListFormat(locale);
  }

  time(at: number): string {
    return isTime(at) ? this.#time.format(at) : noTime;
  }

  date(at: number): string {
    return isTime(at) ? this.#date.format(at) : noTime;
  }

  moment(at: number, now: number): string {
    if (!isTime(at)) return noTime;
    return this.date(at) === this.date(now) ? this.time(at) : this.#moment.format(at);
  }

  relative(at: number, now: number): string {
    if (!isTime(at)) return noTime;
    const apartMs = at - now;
    const size = Math.abs(apartMs);
    if (size < minuteMs) return justNow[this.#lang];
    if (size < hourMs) return this.#relative.format(Math.trunc(apartMs / minuteMs), 'minute');
    if (size < dayMs) return this.#relative.format(Math.trunc(apartMs / hourMs), 'hour');
    if (size < 30 * dayMs) return this.#relative.format(Math.trunc(apartMs / dayMs), 'day');
    return this.date(at);
  }

  number(value: number): string {
    return this.#number.format(value);
  }

  list(items: readonly string[]): string {
    return this.#list.format(items);
  }
}
