import type * as editor from './editor.ts';
import type { Lang } from './lang.ts';
import * as rejections from './rejections.ts';
import type * as room from './room.ts';
import * as shell from './shell.ts';

export interface RoomWords {
  readonly room: typeof room.en;
  readonly editor: typeof editor.en;
}

/** All words of the interface, one file per area. A part that lacks a key of its English side does not compile. */
export interface Messages extends RoomWords {
  readonly shell: typeof shell.en;
  readonly rejections: typeof rejections.en;
}

/*
 * The words of the room are many, and the first screen does without them: roomWords.ts brings them, which the layout of the
 * room pages imports before any of these is drawn. Until then they are missing, whatever the type says.
 */
const none = {} as RoomWords;

const words: Record<Lang, Messages> = {
  zh: { shell: shell.zh, rejections: rejections.zh, ...none },
  en: { shell: shell.en, rejections: rejections.en, ...none },
};

export const catalogue: Readonly<Record<Lang, Messages>> = words;

/** Called by roomWords.ts alone. */
export function addRoomWords(lang: Lang, added: RoomWords): void {
  words[lang] = { ...words[lang], ...added };
}
