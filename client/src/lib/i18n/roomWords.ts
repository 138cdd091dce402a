import { addRoomWords } from './catalogue.ts';
import * as editor from './editor.ts';
import * as room from './room.ts';

/** Importing this file adds the words of the room and of the editor to the catalogue. */
addRoomWords('zh', { room: room.zh, editor: editor.zh });
addRoomWords('en', { room: room.en, editor: editor.en });
