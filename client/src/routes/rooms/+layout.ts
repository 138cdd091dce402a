import { bringArea } from '../../lib/i18n/catalogue.ts';

/** The pages below speak of the room. */
export const load = (): Promise<void> => bringArea('room');
