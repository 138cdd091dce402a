import type { FirstSight } from '#shared/protocol/firstSight.ts';
import { apiWith } from '../../../lib/api/client.ts';
import { catalogue } from '../../../lib/i18n/catalogue.ts';
import { DrawnOnce } from '../../../lib/room/drawnOnce.ts';
import { firstPaper } from '../../../lib/room/firstPaper.ts';
import type { FirstShown } from '../../../lib/room/firstShown.ts';
import { seatIn } from '../../../lib/sample/seat.ts';
import type { PageServerLoadEvent } from './$types';

/**
 * What can be read before the page lives. Asked of the HTTP API in the visitor's name, so that it is what they may see and nothing else; where
 * it is refused or cannot be had, the page shows that it is being opened, and its socket says why.
 */
export const load = async ({ params, fetch, url, locals, isDataRequest }: PageServerLoadEvent) => {
  const api = apiWith(fetch, () => seatIn(url.search));
  const read = await api.get<FirstSight>(`/api/rooms/${encodeURIComponent(params.id)}/first`);
  if (!read.ok) return { roomId: params.id, first: null, paper: new DrawnOnce(' ') };
  const { text, ...sight } = read.value;
  const html = text === null ? ' ' : firstPaper(text, catalogue[locals.lang].editor.more.clause);
  const first: FirstShown = { ...sight, text: text === null ? null : { draftId: text.draftId, title: text.title, locked: text.locked } };
  return { roomId: params.id, first, paper: isDataRequest ? html : new DrawnOnce(html) };
};
