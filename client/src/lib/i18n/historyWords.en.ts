import { en as history } from './history.ts';

export const words = { history };
