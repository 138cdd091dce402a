import * as editor from './editor.ts';
import type { Lang } from './lang.ts';
import * as rejections from './rejections.ts';
import * as room from './room.ts';
import * as shell from './shell.ts';

/** All words of the interface, one file per area. A part that lacks a key of its English side does not compile. */
const en = { shell: shell.en, room: room.en, editor: editor.en, rejections: rejections.en };
export type Messages = typeof en;
const zh: Messages = { shell: shell.zh, room: room.zh, editor: editor.zh, rejections: rejections.zh };

export const catalogue: Readonly<Record<Lang, Messages>> = { zh, en };
