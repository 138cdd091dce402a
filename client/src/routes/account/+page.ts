import { apiWith } from '../../lib/api/client.ts';
import { bringArea } from '../../lib/i18n/catalogue.ts';
import type { PageLoad } from './$types';
import type { TokenView } from './tokenView.ts';

export const load: PageLoad = async ({ fetch, parent, depends }) => {
  depends('app:tokens');
  await bringArea('account');
  const { me } = await parent();
  return { tokens: me.account ? await apiWith(fetch).get<{ tokens: readonly TokenView[] }>('/api/tokens') : null };
};
