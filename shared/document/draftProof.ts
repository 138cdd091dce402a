import * as Y from 'yjs';
import type { EntryHeader, EntrySeal } from '../domain/drafts/entryDigest.ts';
import { bytesCommitment, draftEntryDigest } from '../domain/drafts/entryDigest.ts';
import type { Finding } from '../domain/proof/finding.ts';
import type { RoomProof, SealedRevision } from '../domain/proof/roomProof.ts';
import type { Json } from '../lib/canonical.ts';
import { holdsAny, runSetOf } from './erasing/eraseFromUpdate.ts';
import type { RunSet } from './erasing/runSet.ts';
import { DRAFT_FIELD } from './schema.ts';
import { canonicalDocument, contentHash } from './text.ts';

/** An entry of a draft's log as a checker gets it. */
export interface ProofEntry extends EntryHeader, EntrySeal {
  readonly digest: string;
  /** SHA-256 of the bytes, hex. */
  readonly bytesHash: string;
  /** Where something in them was erased, those that took their place. */
  readonly bytes: Uint8Array;
}

/**
 * Checks the log of one draft from its first entry on: that it is dense, that each entry fits the digest before it, and that at
 * every sealed version both the log and the text written by it are what the room's log says. `sha256` is not asked here: whoever
 * hands over an entry has hashed its bytes himself.
 */
export class DraftProof {
  readonly draftId: string;
  readonly #revisions: readonly SealedRevision[];
  readonly #mayWrite: ((actorId: string) => boolean) | null;
  readonly #gone: RunSet;
  readonly #doc = new Y.Doc();
  #ordinal = 0;
  #digest = '';
  #at = 0;
  #updates = 0;
  #erased = 0;
  #lastUpdate = 0;
  #broken: Finding | null = null;
  readonly #checked = new Set<SealedRevision>();
  /** Versions whose text could not be written again, since something in it was erased. */
  readonly unread = new Set<SealedRevision>();

  /** `room`: what the room's log says of its drafts; `participants`: who has a seat in it, where that is known. */
  constructor(
    draftId: string,
    { revisions, erasedPassages, participants }: Pick<RoomProof, 'revisions' | 'erasedPassages'> & Partial<Pick<RoomProof, 'participants'>>,
  ) {
    this.draftId = draftId;
    this.#revisions = revisions.filter((revision) => revision.draftId === draftId);
    this.#gone = runSetOf(erasedPassages.filter((passage) => passage.draftId === draftId));
    this.#mayWrite = participants === undefined ? null : (actorId) => participants.has(actorId);
    quiet(this.#doc);
  }

  get head(): { readonly ordinal: number; readonly digest: string; readonly at: number } {
    return { ordinal: this.#ordinal, digest: this.#digest, at: this.#at };
  }

  get counts(): { readonly entries: number; readonly updates: number; readonly erased: number; readonly revisions: number } {
    return { entries: this.#ordinal, updates: this.#updates, erased: this.#erased, revisions: this.#checked.size };
  }

  /** How many edits stand behind the last sealed version. */
  get unsealed(): number {
    const sealed = Math.max(0, ...this.#revisions.map(({ ordinal }) => ordinal));
    return Math.max(0, this.#lastUpdate - sealed);
  }

  /** The text written by the entries taken so far, in the editor's JSON, without what was erased. */
  document(): Json {
    return canonicalDocument(this.#doc.getXmlFragment(DRAFT_FIELD));
  }

  /** Hash of that text. */
  contentHash(): string {
    return contentHash(this.#doc.getXmlFragment(DRAFT_FIELD));
  }

  /** Takes the next entry; gives what is wrong, or null. After the first finding nothing more is taken. */
  take(entry: ProofEntry): Finding | null {
    // Before the first entry too: a version may have been sealed when nothing was written yet.
    this.#broken ??= (this.#ordinal === 0 ? this.#checkRevisions() : null) ?? this.#check(entry) ?? this.#checkRevisions();
    return this.#broken;
  }

  /** Call it after the last entry: whether a sealed version rests on something that is not there. */
  end(): Finding | null {
    this.#broken ??= this.#checkRevisions();
    if (this.#broken !== null) return this.#broken;
    const open = this.#revisions.find((revision) => !this.#checked.has(revision));
    if (open === undefined) return null;
    const { revision, seq, ordinal } = open;
    return { what: 'revisionCut', draft: this.draftId, revision, seq, ordinal };
  }

  #check(entry: ProofEntry): Finding | null {
    const draft = this.draftId;
    const ordinal = this.#ordinal + 1;
    if (entry.ordinal !== ordinal) return { what: 'draftEntryMissing', draft, ordinal, found: entry.ordinal };
    const commitment = bytesCommitment(entry, entry.bytesHash);
    if (draftEntryDigest(this.#digest, entry, commitment) !== entry.digest) return { what: 'draftEntryChanged', draft, ordinal };
    // What took the place of erased bytes is not what was committed to: that they went must stand in the room's log.
    if (entry.erased !== undefined && !holdsAny(entry.bytes, this.#gone)) return { what: 'draftEntryChanged', draft, ordinal };
    if (entry.at < this.#at) return { what: 'draftTimeBackwards', draft, ordinal };
    if (entry.actorId !== 'system' && this.#mayWrite?.(entry.actorId) === false) return { what: 'draftStranger', draft, ordinal };
    if (entry.kind === 'update' && !this.#apply(entry)) return { what: 'draftEntryUnreadable', draft, ordinal };
    ({ ordinal: this.#ordinal, digest: this.#digest, at: this.#at } = entry);
    return null;
  }

  #apply({ bytes, erased, ordinal }: ProofEntry): boolean {
    this.#updates += 1;
    if (erased !== undefined) this.#erased += 1;
    this.#lastUpdate = ordinal;
    try {
      Y.applyUpdate(this.#doc, bytes);
    } catch {
      return false;
    }
    // An update that waits for something the log does not hold is as good as missing.
    return this.#doc.store.pendingStructs === null && this.#doc.store.pendingDs === null;
  }

  #checkRevisions(): Finding | null {
    for (const sealed of this.#revisions) {
      if (sealed.ordinal !== this.#ordinal || this.#checked.has(sealed)) continue;
      const { draftId: draft, revision, seq, ordinal, contentHash: hash } = sealed;
      if (sealed.logDigest !== this.#digest) return { what: 'revisionLog', draft, revision, seq, ordinal };
      if (hash === null) this.unread.add(sealed);
      else if (hash !== this.contentHash()) return { what: 'revisionText', draft, revision, seq, ordinal };
      this.#checked.add(sealed);
    }
    return null;
  }
}

/** Yjs tidies up formatting after foreign changes by deletions of its own; a checker must see the log and nothing else. */
function quiet(doc: Y.Doc): void {
  doc.on('afterTransaction', (transaction: Y.Transaction) => {
    transaction._needFormattingCleanup = false;
  });
}
