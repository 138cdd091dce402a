import type { Readable } from 'node:stream';

export interface ReplyFile {
  readonly name: string;
  readonly contentType: string;
  /** Whole, or in chunks that are made as they are taken. */
  readonly bytes: Uint8Array | string | Readable | AsyncIterable<string | Uint8Array>;
  /** Its size, where it comes in chunks and that is known. */
  readonly length?: number;
  /** Shown in the browser, in a sandbox without scripts, instead of saved. */
  readonly inline?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  /** The JSON is long: it is written as it is taken (see `jsonChunks`), packed to whoever takes it so. */
  readonly pack?: boolean;
  /** In place of `json`: long JSON that is the same for many, as gzip. */
  readonly packed?: Uint8Array;
  /** When to come again, for who was refused for that alone. */
  readonly retryAfterMs?: number;
  /** A file in place of JSON, under the name it is saved as. */
  readonly file?: ReplyFile;
  /** Value of a Set-Cookie header. */
  readonly cookie?: string;
  /** Values of several Set-Cookie headers. */
  readonly cookies?: readonly string[];
  /** What comes in over this connection is not worth reading on: it ends with the answer. */
  readonly hangUp?: boolean;
}
