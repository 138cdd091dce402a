import { bringArea } from '../../../../lib/i18n/catalogue.ts';
import type { PageLoad } from './$types';

// What stands on a slip signs somebody in: it is fetched by who may see it, and drawn nowhere else.
export const ssr = false;

export const load: PageLoad = async ({ params }) => {
  await bringArea('details');
  return { roomId: params.id };
};
