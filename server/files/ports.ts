import type { Readable } from 'node:stream';

/** A content that is stored, and since when. */
export interface StoredContent {
  readonly sha256: string;
  readonly storedAt: number;
}

/**
 * Where the contents of background files lie, each under the SHA-256 of its bytes, in hex: the same content is there once, however
 * many rooms have it. Everything rejects with StoreUnavailable where the place does not answer or is full.
 */
export interface Files {
  /** In words for a person. */
  readonly description: string;
  /** Stores a content; when this resolves it outlives a crash. Storing it again only renews `storedAt`. `open` is called at most once. */
  put(sha256: string, open: () => Readable): Promise<void>;
  /** A stored content with its size, or null. */
  get(sha256: string): Promise<{ readonly bytes: number; readonly content: Readable } | null>;
  /** Removes a content; nothing happens where there is none. */
  remove(sha256: string): Promise<void>;
  /** What is stored, by rising hash after `after`, at most `limit`. */
  list(after: string, limit: number): Promise<readonly StoredContent[]>;
  close(): Promise<void>;
}
