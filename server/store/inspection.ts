import type { Finding } from '#shared/domain/proof/finding.ts';
import type { Journal, Snapshots } from './ports.ts';
import type { RecordForm } from './recordForm.ts';

/** A record as it lies in the database, with the keys it is found by. */
export interface StoredForm extends RecordForm {
  readonly kind: string;
}

/**
 * A store that is looked at and never written to: what the ports give, and what only somebody who distrusts the store asks for.
 * Everything rejects with StoreUnavailable, or with an error of the database itself.
 */
export interface Inspection {
  /** In words for a person. */
  readonly description: string;
  readonly journal: Pick<Journal, 'readCommits' | 'readDraft'>;
  readonly snapshots: Pick<Snapshots, 'latest'>;
  /** Ids of all rooms of which any commit is there, also if the first is missing. */
  roomIds(): Promise<readonly string[]>;
  /** Ids of all drafts of which any entry is there. */
  draftIds(): Promise<readonly string[]>;
  /** What the database itself finds wrong with its pages, tables and indexes. */
  structure(): Promise<readonly Finding[]>;
  /** All records, in any order. */
  records(): AsyncIterable<StoredForm>;
  close(): Promise<void>;
}
