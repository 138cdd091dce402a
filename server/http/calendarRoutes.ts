import type { RoomState } from '#shared/domain/state.ts';
import { calendarFile } from '../exports/calendar.ts';
import { fileName } from './fileName.ts';
import type { InRoom } from './inRoom.ts';
import type { Route } from './route.ts';
import { refusal, route } from './route.ts';

/** The start of a room as a file for calendars, for whoever may read the room. */
export function calendarRoutes({ inRoom }: { readonly inRoom: InRoom }): readonly Route[] {
  return [
    route({ method: 'get', path: '/rooms/:roomId/invite.ics', scope: 'read', who: 'anybody' }, ({ identity, params, origin }) =>
      inRoom(params, identity, 'room:read', (room) => {
        const { state } = room;
        if (state.startsAt === null) return Promise.resolve(refusal({ code: 'notFound' }));
        const title = state.title.text ?? '';
        const bytes = calendarFile({
          roomId: room.id,
          title,
          description: state.question.text ?? '',
          url: `${origin}/rooms/${room.id}`,
          startsAt: state.startsAt,
          ...lastSet(state),
        });
        const file = { name: `${fileName(title, 'room')}.ics`, contentType: 'text/calendar; charset=utf-8', bytes };
        return Promise.resolve({ status: 200, file });
      }),
    ),
  ];
}

/** When the start was set last, and how often before: the acts of steering tell. */
function lastSet(state: RoomState): { readonly setAt: number; readonly sequence: number } {
  let setAt = state.createdAt;
  let sequence = -1;
  for (const { at, event } of state.steering) {
    if (event.type !== 'room.scheduled') continue;
    setAt = at;
    sequence += 1;
  }
  return { setAt, sequence: Math.max(0, sequence) };
}
