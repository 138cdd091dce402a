import { isTime } from '#shared/domain/times.ts';
import type { Messages } from '../i18n/catalogue.ts';
import { noTime } from '../i18n/formats.ts';
import { formatLocale, type Lang } from '../i18n/lang.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

type Words = Messages['shell']['start'];

/**
 * When something begins, as people say it: with the day of the week, the date if it is not within six days, the year if it is
 * another one. Times are milliseconds since 1970.
 * @param timeZone that of the reader's device if not given
 */
export function startMoment(at: number, now: number, lang: Lang, timeZone?: string): string {
  if (!isTime(at)) return noTime;
  const locale = formatLocale[lang];
  const zone = timeZone === undefined ? {} : { timeZone };
  const say = (options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(locale, { ...options, ...zone }).format(at);
  const sameYear = say({ year: 'numeric' }) === new Intl.DateTimeFormat(locale, { year: 'numeric', ...zone }).format(now);
  const near = at > now && at - now < 6 * dayMs;
  const day = near
    ? say({ weekday: 'short' })
    : say({ weekday: 'short', month: lang === 'zh' ? 'long' : 'short', day: 'numeric', ...(sameYear ? {} : { year: 'numeric' }) });
  return `${day} ${say({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })}`;
}

/**
 * How long it still is, in the two greatest units and no finer than a minute, or null when it has begun. A minute that has begun counts
 * whole: what is said never reads zero.
 */
export function timeLeft(at: number, now: number, m: Words): string | null {
  const minutes = Math.ceil((at - now) / minuteMs);
  if (minutes <= 0) return null;
  const days = Math.floor((minutes * minuteMs) / dayMs);
  const hours = Math.floor(((minutes * minuteMs) % dayMs) / hourMs);
  const rest = minutes % 60;
  if (days > 0) return hours > 0 ? m.two(m.days(days), m.hours(hours)) : m.days(days);
  if (hours > 0) return rest > 0 ? m.two(m.hours(hours), m.minutes(rest)) : m.hours(hours);
  return m.minutes(rest);
}

/** How long until what is said changes, in ms. */
export function untilNextMinute(at: number, now: number): number {
  return Math.max(0, at - now) % minuteMs || minuteMs;
}

/**
 * The value of a `datetime-local` field for a time, and back. Null for what is no time.
 */
export function toLocalField(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function fromLocalField(value: string): number | null {
  if (!/^\d{4,6}-\d\d-\d\dT\d\d:\d\d/.test(value)) return null;
  const at = new Date(value).getTime();
  return isTime(at) ? at : null;
}
