import type { OutcomeAnswer } from '#shared/protocol/outcomeView.ts';
import { apiWith } from '../../../../lib/api/client.ts';
import { bringArea } from '../../../../lib/i18n/catalogue.ts';
import type { PageLoad } from './$types';

// A record is read by people without an account and by machines: it is drawn on the server, unlike the live room beside it.
export const ssr = true;

export const load: PageLoad = async ({ params, fetch }) => {
  const words = bringArea('details');
  const read = await apiWith(fetch).get<OutcomeAnswer>(`/api/rooms/${encodeURIComponent(params.id)}/outcome?comments=cited`);
  await words;
  return { roomId: params.id, read };
};
