import type { CommandPace } from '../access/commandPace.ts';
import type { RoomPresence } from '../rooms/presence.ts';
import type { PurgedRooms } from '../rooms/purgedRooms.ts';
import type { Erasures } from '../rooms/erasures.ts';
import type { DoorParts } from './doorParts.ts';
import type { RoomHub, RoomServer } from './roomHub.ts';

/** What the door of the rooms needs beside that. */
export interface RoomDoorParts extends DoorParts {
  readonly pace: CommandPace;
  readonly purged: Pick<PurgedRooms, 'refusal'>;
  readonly storing: () => boolean;
  /** Runs a command in a room, with what has to be seen to before it. */
  readonly submit: Erasures['submit'];
  readonly onStoreFailed: (error: unknown) => void;
}

/** The door as the rest of the server knows it. */
export interface RoomDoor {
  readonly io: RoomServer;
  presenceOf(roomId: string): RoomPresence | undefined;
  /** How many sockets are in rooms, by the role of who holds them; `viewer` has no seat. */
  roles(): ReadonlyMap<string, number>;
  /** How many sockets are in a room. */
  socketsIn(roomId: string): number;
  /** Shows a participant as here who has no socket; null where nobody is in the room to see it. */
  attend(roomId: string, participantId: string): ReturnType<RoomHub['attend']> | null;
  tellStoring(storing: boolean): void;
  /** Tells the moderators of a room that it became full, or nearly, or is not any more. */
  tellSize(roomId: string): void;
  /** Ends the connections of a room that is removed for good. */
  endRoom(roomId: string): void;
  close(): Promise<void>;
}
