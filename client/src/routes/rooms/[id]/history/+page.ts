import { bringArea } from '../../../../lib/i18n/catalogue.ts';
import type { PageLoad } from './$types';

// A journey is made of what the page asks for bit by bit: there is nothing to draw on the server.
export const ssr = false;

export const load: PageLoad = async ({ params, url }) => {
  await bringArea('history');
  return { roomId: params.id, film: url.searchParams.has('film') };
};
