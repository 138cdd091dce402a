import { bringLang } from './lib/i18n/catalogue.ts';

/** Before the page comes alive it has its words: the server said in which language it was drawn. */
export const init = (): Promise<void> => bringLang(document.documentElement.lang.startsWith('zh') ? 'zh' : 'en');
