import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import type { GroupCommit } from '../store/groupCommit.ts';
import { entryDigest } from './entries.ts';

/** Under which client id the first text is written. The clients' own are random, and this one belongs to the system. */
const firstClientId = 1;

export interface FirstParts {
  readonly commits: Pick<GroupCommit, 'write'>;
  readonly now: () => number;
  /** At least 128 fresh random bits, as hex. */
  readonly newSalt: () => string;
}

/**
 * Writes what `fill` puts into an empty draft as the first entry of its log, and gives that text. The same text makes the same
 * update, so where the log has begun already nothing is written. An empty text writes nothing. Rejects with StoreUnavailable.
 */
export async function writeFirstEntry(parts: FirstParts, draftId: string, fill: (fragment: Y.XmlFragment) => void): Promise<Y.XmlFragment> {
  const doc = new Y.Doc();
  doc.clientID = firstClientId;
  const fragment = doc.getXmlFragment(DRAFT_FIELD);
  doc.transact(() => fill(fragment));
  if (fragment.length === 0) return fragment;
  const entry = {
    draftId,
    ordinal: 1,
    kind: 'update' as const,
    actorId: 'system',
    at: parts.now(),
    bytes: Y.encodeStateAsUpdate(doc),
    salt: parts.newSalt(),
  };
  await parts.commits.write({ kind: 'draft', draftId, entries: [{ ...entry, digest: entryDigest('', entry) }] });
  return fragment;
}
