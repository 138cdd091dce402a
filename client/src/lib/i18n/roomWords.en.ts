import { en as editor } from './editor.ts';
import { en as room } from './room.ts';
import { en as rejections } from './roomRejections.ts';

export const words = { room, editor, rejections };
