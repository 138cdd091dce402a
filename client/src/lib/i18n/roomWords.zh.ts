import { zh as editor } from './editor.ts';
import { zh as room } from './room.ts';
import { zh as rejections } from './roomRejections.ts';

export const words = { room, editor, rejections };
