import { en as rejections } from './rejections.ts';
import { en as shell } from './shell.ts';

export const words = { shell, rejections };
