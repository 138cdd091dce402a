import { whyNot } from '#shared/domain/rules.ts';
import type { DraftAccess } from '../drafts/parts.ts';
import type { Rooms } from './rooms.ts';
import type { SizeWatch } from './sizeWatch.ts';

/** What the drafts ask of the rooms, from the state of the live room; one that is not in memory allows nothing. */
export function draftAccess(rooms: Pick<Rooms, 'loaded'>, sizes: () => SizeWatch): DraftAccess {
  return {
    mayWrite: (roomId, draftId, actor) => {
      const room = rooms.loaded(roomId);
      return room === null ? { code: 'notFound' } : (whyNot(room.state, actor, 'draft:write', draftId) ?? sizes().whyFull(room));
    },
    mayRead: (roomId, actor) => {
      const room = rooms.loaded(roomId);
      return room === null || room.isGone ? { code: 'notFound' } : whyNot(room.state, actor, 'room:read');
    },
    refresh: (roomId) => rooms.loaded(roomId)?.refresh() ?? Promise.resolve(),
    erased: (roomId, draftId) => rooms.loaded(roomId)?.state.drafts.get(draftId)?.erased ?? [],
    lineageOf: (roomId, draftId) => rooms.loaded(roomId)?.state.drafts.get(draftId)?.lineage ?? null,
  };
}
