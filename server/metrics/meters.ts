import type { RejectionCode } from '#shared/domain/rejections.ts';

/** The doors of the server: requests, the rooms' Socket.IO, the drafts' y-websocket. */
export type Wire = 'http' | 'room' | 'draft';

/**
 * What the parts of the server tell of their work. Everything here is a count or a duration; who did it, in which room and with
 * what words is nobody's business who looks at a machine.
 */
export interface Meters {
  /** A request, command or frame was refused. */
  refused(wire: Wire, code: RejectionCode): void;
  /** A socket is gone: a close code of a draft's, the transport's word of a room's. */
  closed(wire: Wire, code: number | string): void;
  /** A command or a draft's frame was acknowledged so many milliseconds after it came in. */
  acknowledged(what: 'command' | 'frame', ms: number): void;
  /** One append to the log: how many commits and draft entries it stored, and how long it took. */
  appended(commits: number, entries: number, ms: number): void;
  /** An append to the log failed. */
  appendFailed(): void;
  /** Something durable was told to a class of readers: bytes before they are multiplied by the readers. */
  published(audience: string, bytes: number, readers: number): void;
  /** Something was written to the log of errors or warnings, whether or not that is shown. */
  logged(level: 'warn' | 'error'): void;
}

/** What can be read off at any moment. Connections are counted by the role of who holds them; `viewer` has no seat. */
export interface Levels {
  roomConnections(): ReadonlyMap<string, number>;
  draftConnections(): ReadonlyMap<string, number>;
  rooms(): number;
  drafts(): number;
  /** Copies of drafts that were found to hold something else than the log, since the process began. */
  diverged(): number;
  storing(): boolean;
}

/** For who does not want to know. */
export const noMeters: Meters = {
  refused: () => undefined,
  closed: () => undefined,
  acknowledged: () => undefined,
  appended: () => undefined,
  appendFailed: () => undefined,
  published: () => undefined,
  logged: () => undefined,
};
