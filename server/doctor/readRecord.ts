import { createHash } from 'node:crypto';
import { DraftProof } from '#shared/document/draftProof.ts';
import type { Commit, WireCommit } from '#shared/domain/commit.ts';
import type { Checkpoint } from '#shared/domain/proof/checkpoint.ts';
import type { Finding } from '#shared/domain/proof/finding.ts';
import { RoomProof } from '#shared/domain/proof/roomProof.ts';
import type { Json } from '#shared/lib/canonical.ts';
import { canonicalJson } from '#shared/lib/canonical.ts';
import type { PersonView } from '#shared/protocol/messages.ts';
import { eventProblem } from '#shared/protocol/eventSchemas.ts';
import type { RecordLine } from '#shared/protocol/recordFile.ts';
import { sha256OfBytes } from '#shared/lib/hash.ts';
import { isSigned } from '../access/checkpointKey.ts';
import { commitTakes, mostCommitBytes, mostEntryBytes } from '../store/entryBounds.ts';
import type { DraftEntry } from '../store/ports.ts';
import '../nativeHash.ts';
import { recordLine } from './recordLines.ts';

/** A room's export file that was read to its end and found sound. */
export interface ReadRecord {
  readonly roomId: string;
  readonly view: string;
  readonly proof: RoomProof;
  readonly commits: readonly Commit[];
  readonly drafts: ReadonlyMap<string, readonly DraftEntry[]>;
  readonly checkpoints: readonly Checkpoint[];
  readonly people: readonly PersonView[];
  readonly files: readonly { readonly fileId: string; readonly sha256: string; readonly content: Buffer | null }[];
}

/** Why a file was not taken: what does not hold in it, or the line that is none of its format. */
export type RecordProblem = { readonly is: 'wrong'; readonly finding: Finding } | { readonly is: 'noLine'; readonly line: number };

/**
 * Reads a room's export file line by line and checks all that the doctor checks in a store: both logs, sealed versions, marks with
 * their signatures, contents of files, that every event is one a room writes, and that nothing is missing at the end.
 */
export async function readRecord(lines: AsyncIterable<string>): Promise<ReadRecord | RecordProblem> {
  let number = 0;
  let read: Reading | null = null;
  for await (const text of lines) {
    number += 1;
    const line = recordLine(text);
    if (line === null) return { is: 'noLine', line: number };
    if (line.is === 'head') {
      if (read !== null) return { is: 'noLine', line: number };
      read = new Reading(line.roomId, line.view);
      continue;
    }
    if (read === null || read.ended) return { is: 'noLine', line: number };
    const problem = read.take(line, number);
    if (problem !== null) return problem;
  }
  return read?.ended === true ? (read.finish() ?? read) : { is: 'noLine', line: number + 1 };
}

class Reading implements ReadRecord {
  readonly roomId: string;
  readonly view: string;
  readonly proof: RoomProof;
  readonly commits: Commit[] = [];
  readonly drafts = new Map<string, DraftEntry[]>();
  readonly checkpoints: Checkpoint[] = [];
  readonly people: PersonView[] = [];
  readonly files: { fileId: string; sha256: string; content: Buffer | null }[] = [];
  ended = false;
  readonly #proofs = new Map<string, DraftProof>();
  readonly #hashes = new Map<number, string>();

  constructor(roomId: string, view: string) {
    this.roomId = roomId;
    this.view = view;
    this.proof = new RoomProof(roomId);
  }

  take(line: Exclude<RecordLine, { readonly is: 'head' }>, number: number): RecordProblem | null {
    const noLine = { is: 'noLine', line: number } as const;
    switch (line.is) {
      case 'commit': {
        const finding = this.#malformed(line.commit) ?? this.proof.take(line.commit);
        if (finding !== null) return { is: 'wrong', finding };
        const { events, ...header } = line.commit;
        // A store keeps what it can show: an event of which only the digest is there cannot be put into one.
        if (events.some(({ event, salt }) => event === undefined || salt === undefined)) return noLine;
        const stored = events.map(({ event, salt = '' }) => ({ salt, json: canonicalJson(event as unknown as Json) }));
        if (commitTakes({ events: stored }) > mostCommitBytes) return noLine;
        this.commits.push({ ...header, events: stored });
        this.#hashes.set(header.seq, header.hash);
        return null;
      }
      case 'entry': {
        const { draftId, entry } = line;
        if (!this.proof.draftIds.has(draftId)) return { is: 'wrong', finding: { what: 'draftUnknown', draft: draftId } };
        const bytes = Uint8Array.from(Buffer.from(entry.bytes, 'base64'));
        if (bytes.byteLength > mostEntryBytes) return noLine;
        const finding = this.#proofOf(draftId).take({ ...entry, bytes, bytesHash: sha256OfBytes(bytes) });
        if (finding !== null) return { is: 'wrong', finding };
        const entries = this.drafts.get(draftId) ?? [];
        entries.push({ ...entry, draftId, bytes });
        this.drafts.set(draftId, entries);
        return null;
      }
      case 'checkpoint': {
        const { checkpoint } = line;
        const { room, size: seq, head } = checkpoint;
        if (room !== this.roomId || !isSigned(checkpoint)) return { is: 'wrong', finding: { what: 'checkpointForged', room, seq } };
        if (this.#hashes.get(seq) !== head) return { is: 'wrong', finding: { what: 'historyReplaced', room, seq } };
        this.checkpoints.push(checkpoint);
        return null;
      }
      case 'person':
        this.people.push(line.person);
        return null;
      case 'file': {
        const { fileId, sha256 } = line;
        const content = line.content === null ? null : Buffer.from(line.content, 'base64');
        const same = content === null || createHash('sha256').update(content).digest('hex') === sha256;
        const known = this.proof.state.files.some((file) => file.id === fileId && file.sha256 === sha256);
        if (!same || !known) return { is: 'wrong', finding: { what: 'fileChanged', room: this.roomId, file: fileId } };
        this.files.push({ fileId, sha256, content });
        return null;
      }
      case 'end': {
        this.ended = true;
        const { seq, hash } = this.proof.head;
        if (line.head.seq === seq && line.head.hash === hash && line.lines === number - 1) return null;
        return { is: 'wrong', finding: { what: 'historyCut', room: this.roomId, seq: line.head.seq, end: seq } };
      }
      default:
        return noLine;
    }
  }

  finish(): RecordProblem | null {
    for (const draftId of this.proof.draftIds) {
      const finding = this.#proofOf(draftId).end();
      if (finding !== null) return { is: 'wrong', finding };
    }
    return null;
  }

  /** An entry that says what no room says, however well its hashes fit. */
  #malformed({ seq, events }: WireCommit): Finding | null {
    for (const { event } of events) {
      const found = event === undefined ? null : eventProblem(event);
      if (found !== null) return { what: 'eventMalformed', room: this.roomId, seq, ...found };
    }
    return null;
  }

  #proofOf(draftId: string): DraftProof {
    let proof = this.#proofs.get(draftId);
    if (proof === undefined) {
      proof = new DraftProof(draftId, this.proof);
      this.#proofs.set(draftId, proof);
    }
    return proof;
  }
}
