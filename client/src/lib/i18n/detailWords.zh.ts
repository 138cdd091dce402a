import { zh as room } from './roomDetails.ts';

export const words = { room };
