/**
 * What an installation said, signed, about a room at a time: that its log then had so many entries and that the last one's hash
 * was this. A chain alone does not show that its end was cut off or that all of it was made anew; a mark kept elsewhere does.
 */
export interface Checkpoint {
  readonly room: string;
  /** How many entries the log had. */
  readonly size: number;
  /** Hash of the last of them. */
  readonly head: string;
  /** When it was signed, milliseconds since 1970. */
  readonly at: number;
  /** Public key, the 32 bytes of Ed25519 as hex. */
  readonly key: string;
  /** Ed25519 over `checkpointText`, hex. */
  readonly signature: string;
}

/** The text that is signed, as UTF-8. */
export function checkpointText({ room, size, head, at }: Pick<Checkpoint, 'room' | 'size' | 'head' | 'at'>): string {
  return ['shangliang/checkpoint/1', room, String(size), head, String(at)].join('\n');
}
