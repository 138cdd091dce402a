import { en as settings } from './settings.ts';

export const words = { settings };
