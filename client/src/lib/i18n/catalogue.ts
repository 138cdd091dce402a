import type * as editor from './editor.ts';
import type * as history from './history.ts';
import type { Lang } from './lang.ts';
import type { Sentences } from './rejections.ts';
import type * as room from './room.ts';
import type * as details from './roomDetails.ts';
import type * as settings from './settings.ts';
import type * as shell from './shell.ts';

/** All words of the interface, one file per area. A part that lacks a key of its English side does not compile. */
export interface Messages {
  readonly shell: typeof shell.en;
  readonly rejections: Sentences;
  readonly room: typeof room.en & typeof details.en;
  readonly editor: typeof editor.en;
  readonly settings: typeof settings.en;
  readonly history: typeof history.en;
}

/**
 * `site`: what every page says; `room`, `account` and `history`: what these pages say besides; `details`: what a room's menu and
 * dialogs and the pages beside it say.
 */
export type Area = 'site' | 'room' | 'details' | 'account' | 'history';

/*
 * A page loads the words of its language and of its areas, and no others: the build makes a file of each (see
 * scripts/one-language.ts). They are brought before anything is drawn that speaks; until then they are missing, whatever the type says.
 */
type Brought = Partial<Omit<Messages, 'rejections' | 'room'>> & {
  readonly rejections?: Partial<Sentences>;
  readonly room?: Partial<Messages['room']>;
};
const sources: Readonly<Record<Area, Readonly<Record<Lang, () => Promise<{ readonly words: Brought }>>>>> = {
  site: { zh: () => import('./siteWords.zh.ts'), en: () => import('./siteWords.en.ts') },
  room: { zh: () => import('./roomWords.zh.ts'), en: () => import('./roomWords.en.ts') },
  history: { zh: () => import('./historyWords.zh.ts'), en: () => import('./historyWords.en.ts') },
  details: { zh: () => import('./detailWords.zh.ts'), en: () => import('./detailWords.en.ts') },
  account: { zh: () => import('./accountWords.zh.ts'), en: () => import('./accountWords.en.ts') },
};
const langs = new Set<Lang>();
const areas = new Set<Area>();
const brought = new Set<string>();
const words: Record<Lang, Messages> = { zh: {} as Messages, en: {} as Messages };

export const catalogue: Readonly<Record<Lang, Messages>> = words;

/** Brings the words of a language for all areas that were asked for so far. Fails where there is no network. */
export async function bringLang(lang: Lang): Promise<void> {
  // Noted first: whoever asks for an area meanwhile asks for it in this language too.
  langs.add(lang);
  await Promise.all([...areas, 'site' as const].map((area) => bring(lang, area)));
}

/** Brings the words of an area in all languages that were asked for so far. Fails where there is no network. */
export async function bringArea(area: Area): Promise<void> {
  areas.add(area);
  await Promise.all([...langs].map((lang) => bring(lang, area)));
}

/** A part of a page together with its words: for what is loaded later and says what the page itself does not. */
export async function withDetails<Part>(part: Promise<Part>): Promise<Part> {
  const [came] = await Promise.all([part, bringArea('details')]);
  return came;
}

async function bring(lang: Lang, area: Area): Promise<void> {
  const name = `${lang}/${area}`;
  if (brought.has(name)) return;
  const { words: added } = await sources[area][lang]();
  const rejections = { ...words[lang].rejections, ...added.rejections };
  const room = { ...words[lang].room, ...added.room };
  words[lang] = { ...words[lang], ...added, room, rejections };
  brought.add(name);
}
