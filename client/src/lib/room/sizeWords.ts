import type { Messages } from '../i18n/catalogue.ts';

/** How much of something is taken, for a person: whole percents, never 100 before it is full, never 0 where something is there. */
export function shareWords(share: number, m: Pick<Messages['room']['size'], 'percent' | 'less'>): string {
  if (share >= 1) return m.percent(100);
  const percent = Math.min(99, Math.round(share * 100));
  return percent === 0 && share > 0 ? m.less : m.percent(percent);
}
