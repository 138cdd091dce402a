import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Limits } from '#shared/domain/limits.ts';
import type { CheckpointKey } from './access/checkpointKey.ts';
import type { OriginPolicy } from './access/origins.ts';
import type { Files } from './files/ports.ts';
import type { Meters } from './metrics/meters.ts';
import type { Store } from './store/ports.ts';
import type { RecordKinds } from './store/records.ts';

/** What a process is made of and how it is set; `main.ts` reads it from the environment. */
export interface AppOptions {
  readonly store: Store<RecordKinds>;
  /** Where the contents of background files lie. */
  readonly files: Files;
  /** Folder for files while they come in; it belongs to this process alone. */
  readonly incomingDir: string;
  /** The installation's own key: of the digests that tell a resent command from another one, and of personal links. */
  readonly key: Buffer;
  /** Signs where logs stand; one for this process alone if not given. */
  readonly checkpointKey?: CheckpointKey;
  /** Keeps what was signed, a line of JSON each, outside the database; nowhere if not given. */
  readonly keepCheckpoint?: (line: string) => Promise<void>;
  readonly limits: Limits;
  readonly origins: OriginPolicy;
  /** Where others reach this installation, the likeliest first; nowhere if not given. */
  readonly addresses?: () => readonly string[];
  /** How many proxies in front are trusted to tell the address and protocol of a request. */
  readonly trustedProxies: number;
  /** The pages, or null where another process serves them. */
  readonly pages: RequestHandler | null;
  readonly log: Logger;
  /** Who is told what the server does; nobody if not given. */
  readonly meters?: Meters;
  readonly now: () => number;
  /** How long a room nobody uses stays in memory. */
  readonly idleMs: number;
  /** How long a draft nobody is connected to stays in memory; a few seconds if not given. */
  readonly draftIdleMs?: number;
  /** How often it is looked whether the sign-ins behind live connections are over; a minute if not given. */
  readonly lookMs?: number;
  /** How often sockets of drafts are asked for a sign of life; 15 seconds if not given. */
  readonly askMs?: number;
  /** How fast simulated people in sample rooms are; 1, a person's pace, if not given. */
  readonly simulationPace?: number;
}
