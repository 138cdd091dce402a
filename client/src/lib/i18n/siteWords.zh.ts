import { zh as rejections } from './rejections.ts';
import { zh as shell } from './shell.ts';

export const words = { shell, rejections };
