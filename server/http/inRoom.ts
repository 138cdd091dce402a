import type { Actor } from '#shared/domain/decision.ts';
import type { Capability } from '#shared/domain/participants/roles.ts';
import { whyNot } from '#shared/domain/rules.ts';
import { id as roomIdSchema } from '#shared/protocol/schemas.ts';
import type { Identity } from '../access/identity.ts';
import { countsElsewhere, stranger } from '../access/identity.ts';
import type { People } from '../access/people.ts';
import type { LiveRoom } from '../rooms/liveRoom.ts';
import type { PurgedRooms } from '../rooms/purgedRooms.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Reply } from './route.ts';
import { refusal } from './route.ts';

/** Answers a request about the room that its address names; see `roomGate`. */
export type InRoom = (
  params: Readonly<Record<string, string>>,
  identity: Identity,
  capability: Capability,
  use: (room: LiveRoom, actor: Actor) => Promise<Reply>,
) => Promise<Reply>;

/** Runs `use` in a room if the identity has the capability there; "absent" and "not yours" sound the same to a stranger. */
export function roomGate(parts: { readonly rooms: Rooms; readonly people: People; readonly purged: Pick<PurgedRooms, 'refusal'> }): InRoom {
  const { rooms, people, purged } = parts;
  return async (params, identity, capability, use) => {
    const id = roomIdSchema.safeParse(params['roomId']);
    if (!id.success) return refusal({ code: 'notFound' });
    const { actor } = await people.actorIn(id.data, identity);
    return rooms.with(id.data, async (room) => {
      // A sign-in of another room is nobody's here: no word of what there is and what not.
      const elsewhere = countsElsewhere(identity, id.data);
      const unseen = elsewhere ? ({ code: 'linkRoomOnly' } as const) : ({ code: 'notFound' } as const);
      if (room.state.status === 'absent') return refusal((await purged.refusal(id.data, elsewhere ? stranger : identity)) ?? unseen);
      // Asked again before anybody is refused: another process may have given him the right a moment ago.
      if (whyNot(room.state, actor, capability) !== null) await room.catchUp();
      const unreadable = whyNot(room.state, actor, 'room:read') ?? (room.isGone ? ({ code: 'roomDeleted' } as const) : null);
      if (unreadable !== null) return refusal(isTold(unreadable.code) ? unreadable : unseen);
      const why = whyNot(room.state, actor, capability);
      return why === null ? use(room, actor) : refusal(why);
    });
  };
}

/** Who was removed, or came to a room that was deleted, is told so; to everybody else there is no such room. */
function isTold(code: string): boolean {
  return code === 'removed' || code === 'roomDeleted';
}
