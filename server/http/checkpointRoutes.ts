import type { CheckpointsView } from '#shared/protocol/historyView.ts';
import type { Checkpoints } from '../rooms/checkpoints.ts';
import type { InRoom } from './inRoom.ts';
import type { Route } from './route.ts';
import { route } from './route.ts';

/** What the installation signed about a room. Whoever reads the room may keep it elsewhere. */
export function checkpointRoutes(parts: { readonly inRoom: InRoom; readonly checkpoints: Pick<Checkpoints, 'of'> }): readonly Route[] {
  return [
    route({ method: 'get', path: '/rooms/:roomId/checkpoints', scope: 'read', who: 'anybody' }, ({ identity, params }) =>
      parts.inRoom(params, identity, 'room:read', async (room) => {
        const json: CheckpointsView = { checkpoints: await parts.checkpoints.of(room.id) };
        return { status: 200, json };
      }),
    ),
  ];
}
