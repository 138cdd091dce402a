import type { Transport } from '@sveltejs/kit/hooks';
import { DrawnOnce } from './lib/room/drawnOnce.ts';

/** What stands in the page that the server drew is not sent along a second time. */
export const transport: Transport = {
  DrawnOnce: { encode: (value) => value instanceof DrawnOnce && 1, decode: () => new DrawnOnce(' ') },
};
