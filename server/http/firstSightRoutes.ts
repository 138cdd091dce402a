import { audienceFor } from '#shared/domain/visibility.ts';
import type { FirstSight } from '#shared/protocol/firstSight.ts';
import { firstSightMost } from '#shared/protocol/firstSight.ts';
import type { Presence } from '#shared/protocol/messages.ts';
import type { FirstSights } from '../rooms/firstSights.ts';
import type { InRoom } from './inRoom.ts';
import type { Route } from './route.ts';
import { route } from './route.ts';

export interface FirstSightRouteParts {
  readonly inRoom: InRoom;
  readonly sights: FirstSights;
  readonly presenceOf: (roomId: string) => Presence | undefined;
  readonly nameOf: (participantId: string) => Promise<string>;
}

/** What a room's page draws on the server: bounded, and with the rights of who asks. */
export function firstSightRoutes({ inRoom, sights, presenceOf, nameOf }: FirstSightRouteParts): readonly Route[] {
  return [
    route({ method: 'get', path: '/rooms/:roomId/first', scope: 'read', who: 'anybody', holds: 512 * 1024 }, ({ identity, params }) =>
      inRoom(params, identity, 'room:read', async (room, actor) => {
        const audience = audienceFor(room.state, actor) ?? 'everyone';
        const { here, watching } = presenceOf(room.id) ?? { here: [], watching: 0 };
        const { participants } = room.state;
        const faces = here.flatMap(({ participantId: id }) => {
          const role = participants.get(id)?.role;
          return role === undefined ? [] : [{ id, role }];
        });
        const seats = [...participants.keys()];
        const own = actor.kind === 'participant' ? participants.get(actor.id) : undefined;
        const shown = faces.slice(0, firstSightMost.faces);
        const json: FirstSight = {
          ...(await sights.of(room, audience)),
          here: await Promise.all(shown.map(async ({ id, role }) => ({ id, role, name: await nameOf(id), seat: seats.indexOf(id) }))),
          hereCount: here.length,
          watching,
          you: own === undefined ? null : { participantId: own.id, role: own.role },
        };
        return { status: 200, json, pack: true };
      }),
    ),
  ];
}
