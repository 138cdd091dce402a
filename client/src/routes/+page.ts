import type { RoomCard } from '#shared/protocol/messages.ts';
import { apiWith } from '../lib/api/client.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('app:rooms');
  return { rooms: await apiWith(fetch).get<{ rooms: readonly RoomCard[] }>('/api/rooms'), loadedAt: Date.now() };
};
