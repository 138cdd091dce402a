import { zh as settings } from './settings.ts';

export const words = { settings };
