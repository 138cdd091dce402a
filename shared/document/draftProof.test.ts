import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { bytesCommitment, draftEntryDigest } from '../domain/drafts/entryDigest.ts';
import type { SealedRevision } from '../domain/proof/roomProof.ts';
import { sha256OfBytes } from '../lib/hash.ts';
import { DraftProof } from './draftProof.ts';
import type { EntrySeal } from '../domain/drafts/entryDigest.ts';
import type { ProofEntry } from './draftProof.ts';
import { DRAFT_FIELD } from './schema.ts';
import { contentHash } from './text.ts';

/** A draft of one paragraph, as its log has it. */
function written(seal: EntrySeal = {}): { readonly entry: ProofEntry; readonly hash: string } {
  const doc = new Y.Doc();
  const paragraph = new Y.XmlElement('paragraph');
  doc.getXmlFragment(DRAFT_FIELD).push([paragraph]);
  paragraph.push([new Y.XmlText('At last a word')]);
  const bytes = Y.encodeStateAsUpdate(doc);
  const header = { draftId: 'd1', ordinal: 1, kind: 'update', actorId: 'ana', at: 5 } as const;
  const bytesHash = sha256OfBytes(bytes);
  const digest = draftEntryDigest('', header, bytesCommitment(seal, bytesHash));
  return { entry: { ...header, ...seal, digest, bytesHash, bytes }, hash: contentHash(doc.getXmlFragment(DRAFT_FIELD)) };
}

const room = (revisions: SealedRevision[]) => ({ revisions, erasedPassages: [] });
const emptyHash = contentHash(new Y.Doc().getXmlFragment(DRAFT_FIELD));
const sealed = (revision: number, ordinal: number, logDigest: string, hash: string) => ({
  ...{ draftId: 'd1', revision, seq: 10 + revision, ordinal, logDigest, contentHash: hash },
});

test('[TRU1] [TRU3] a version sealed before anything was written holds, however much was written afterwards', () => {
  const { entry, hash } = written();
  const proof = new DraftProof('d1', room([sealed(1, 0, '', emptyHash), sealed(2, 1, entry.digest, hash)]));
  expect([proof.take(entry), proof.end(), proof.counts.revisions]).toEqual([null, null, 2]);
  const nothing = new DraftProof('d1', room([sealed(1, 0, '', emptyHash)]));
  expect([nothing.end(), nothing.counts.revisions]).toEqual([null, 1]);
});

test('[TRU1] and one that says that nothing was something is named, at the first entry', () => {
  const { entry, hash } = written();
  expect(new DraftProof('d1', room([sealed(1, 0, '', hash)])).take(entry)).toMatchObject({ what: 'revisionText', revision: 1, ordinal: 0 });
  expect(new DraftProof('d1', room([sealed(1, 0, 'f', emptyHash)])).take(entry)).toMatchObject({
    what: 'revisionLog',
    revision: 1,
    ordinal: 0,
  });
  expect(new DraftProof('d1', room([sealed(1, 2, 'f', hash)])).end()).toMatchObject({ what: 'revisionCut', revision: 1, ordinal: 2 });
});

test('[ERA10] an entry commits to its bytes under a salt; one of before commits to their plain hash', () => {
  const { entry, hash } = written({ salt: 'aa'.repeat(16) });
  const proof = new DraftProof('d1', room([sealed(1, 1, entry.digest, hash)]));
  expect([proof.take(entry), proof.end(), proof.counts.revisions]).toEqual([null, null, 1]);
  const { salt, ...bare } = entry;
  expect(entry.digest).not.toBe(draftEntryDigest('', entry, entry.bytesHash));
  for (const forged of [bare, { ...entry, salt: 'bb'.repeat(16) }, { ...entry, bytesHash: 'cc' }])
    expect(new DraftProof('d1', room([])).take(forged), JSON.stringify(salt)).toMatchObject({ what: 'draftEntryChanged', ordinal: 1 });
  expect(new DraftProof('d1', room([])).take(written().entry)).toBeNull();
});

test('[ERA10] nobody calls an entry erased on his own account', () => {
  const { entry } = written();
  const { bytes, ...rest } = entry;
  expect(
    new DraftProof('d1', room([])).take({ ...rest, bytes: new Uint8Array([0, 0]), erased: entry.bytesHash }),
    String(bytes.length),
  ).toMatchObject({
    what: 'draftEntryChanged',
  });
});
