import { apiWith } from '../lib/api/client.ts';
import { loadMe } from '../lib/session/me.ts';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ data, fetch, depends }) => {
  depends('app:me');
  return { ...data, ...(await loadMe(apiWith(fetch))) };
};
