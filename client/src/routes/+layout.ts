import { apiWith } from '../lib/api/client.ts';
import { seatIn } from '../lib/sample/seat.ts';
import { loadMe } from '../lib/session/me.ts';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ data, fetch, depends, url }) => {
  depends('app:me');
  return { ...data, ...(await loadMe(apiWith(fetch, () => seatIn(url.search)))) };
};
