import { isSafeHref } from '#shared/document/schema.ts';

/** The address that somebody meant who typed this into a link's field, or null where it is none that a draft may hold. */
export function linkAddress(typed: string): string | null {
  const text = typed.trim();
  if (text === '') return null;
  const hasProtocol = /^[a-z][a-z\d+.-]*:/i.test(text) && !/^[^/:]+:\d+(?:[/?#]|$)/.test(text);
  const address = hasProtocol ? text : text.includes('@') && !text.includes('/') ? `mailto:${text}` : `https://${text}`;
  return isSafeHref(address) && (hasProtocol || /[.@:]/.test(text)) ? address : null;
}
