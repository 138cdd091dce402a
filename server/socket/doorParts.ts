import type { IncomingMessage } from 'node:http';
import type { Limits } from '#shared/domain/limits.ts';
import type { Connections } from '../access/connections.ts';
import type { OriginPolicy } from '../access/origins.ts';
import type { People } from '../access/people.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Unjoined } from '../access/unjoined.ts';
import type { Meters } from '../metrics/meters.ts';
import type { Rooms } from '../rooms/rooms.ts';

/** What the doors of the rooms and of the drafts both need from outside; all of it injected. */
export interface DoorParts {
  readonly rooms: Rooms;
  readonly people: People;
  readonly sessions: Sessions;
  readonly connections: Connections;
  readonly origins: OriginPolicy;
  readonly limits: Limits;
  readonly unjoined: Unjoined;
  readonly now: () => number;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly meters: Meters;
  readonly log: { warn(fields: object, message: string): void };
}
