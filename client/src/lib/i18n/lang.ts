/** The languages of the interface, Chinese first. */
export const langs = ['zh', 'en'] as const;
export type Lang = (typeof langs)[number];

export const langCookie = 'lang';

/** What stands in `<html lang>`: fonts and hyphenation need to know that Chinese is simplified. */
export const htmlLang: Readonly<Record<Lang, string>> = { zh: 'zh-CN', en: 'en' };

/** What `Intl` formats with: 24-hour times and day-month-year dates in English. */
export const formatLocale: Readonly<Record<Lang, string>> = { zh: 'zh-CN', en: 'en-GB' };

export function isLang(value: unknown): value is Lang {
  return value === 'zh' || value === 'en';
}

/**
 * The language for a visitor: the remembered one, else the first of the browser's languages that we speak, else Chinese.
 * @param remembered value of the `lang` cookie
 * @param accepted value of the `Accept-Language` header
 */
export function chooseLang(remembered: string | undefined, accepted: string | null): Lang {
  if (isLang(remembered)) return remembered;
  const wanted = (accepted ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find((q) => q !== undefined);
      return { lang: tag.split('-')[0], weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ lang }) => lang);
  return wanted.find(isLang) ?? 'zh';
}
