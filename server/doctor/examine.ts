import { upcast } from '#shared/domain/commit.ts';
import { digestsToErase, isErasing } from '#shared/domain/erasing/erasedWords.ts';
import { DraftProof } from '#shared/document/draftProof.ts';
import { runSetOf } from '#shared/document/erasing/eraseFromUpdate.ts';
import type { Commit } from '#shared/domain/commit.ts';
import type { Checkpoint } from '#shared/domain/proof/checkpoint.ts';
import type { Finding, Remark } from '#shared/domain/proof/finding.ts';
import { RoomProof, storedAsShown } from '#shared/domain/proof/roomProof.ts';
import type { Json } from '#shared/lib/canonical.ts';
import { canonicalJson } from '#shared/lib/canonical.ts';
import { sha256OfBytes } from '#shared/lib/hash.ts';
import { isSigned } from '../access/checkpointKey.ts';
import { withoutErased } from '../drafts/entries.ts';
import { openSnapshot, snapshotVersion } from '../drafts/snapshot.ts';
import type { Files } from '../files/ports.ts';
import { commitBytes, openRoomSnapshot, roomSnapshotVersion, roomSnapshotBytes } from '../rooms/roomLog.ts';
import type { Inspection } from '../store/inspection.ts';
import type { DraftEntry, Snapshot } from '../store/ports.ts';
import type { ArrivalRecord, CheckpointRecord, DraftSizeRecord, PurgedRoomRecord } from '../store/records.ts';
import { examineFile } from './examineFile.ts';
import { examineRecord } from './examineRecord.ts';
import '../nativeHash.ts';

/** What was looked at, what is wrong, and what should be known. The first finding of each room and draft is where it stops holding. */
export interface Examination {
  readonly counts: {
    rooms: number;
    entries: number;
    texts: number;
    erasedTexts: number;
    drafts: number;
    edits: number;
    erasedEdits: number;
    revisions: number;
    snapshots: number;
    records: number;
    files: number;
  };
  readonly findings: Finding[];
  readonly remarks: Remark[];
}

const page = 500;

/**
 * Looks at everything a store holds: both logs of every room from the first entry on, the snapshots against the fold at their
 * place, sealed versions against the text that the log of the draft writes, records against the keys they are found by, and
 * background files against their hashes. `files` is null where they are not at hand, `kept`
 * are signed marks that were kept outside the store. Changes nothing.
 */
export async function examine(
  inspection: Inspection,
  files: Pick<Files, 'get'> | null,
  kept: readonly Checkpoint[] = [],
): Promise<Examination> {
  const counts = {
    ...{ rooms: 0, entries: 0, texts: 0, erasedTexts: 0, drafts: 0, edits: 0, erasedEdits: 0 },
    ...{ revisions: 0, snapshots: 0, records: 0, files: 0 },
  };
  const result: Examination = { counts, findings: [], remarks: [] };
  result.findings.push(...(await inspection.structure()));
  const unclaimed = new Set(await inspection.draftIds());
  let unseenFiles = 0;
  const { marks, purged, arriving, sizes } = await readRecords(inspection, kept, result);
  const stored = await inspection.roomIds();
  for (const gone of purged) {
    for (const draftId of gone.state === 'removed' ? [] : gone.draftIds) unclaimed.delete(draftId);
    examinePurged(gone, stored.includes(gone.id), marks.get(gone.id) ?? [], result);
  }
  if (purged.length > 0) result.remarks.push({ what: 'roomsPurged', rooms: purged.length });
  for (const { roomId: room, draftIds } of arriving) {
    for (const draftId of draftIds) unclaimed.delete(draftId);
    result.remarks.push({ what: 'arrivalUnfinished', room });
  }
  const away = new Set([...purged.map(({ id }) => id), ...arriving.map(({ roomId }) => roomId)]);
  const rooms = new Set([...stored, ...marks.keys()].filter((id) => !away.has(id)));
  for (const id of rooms) {
    const proof = await examineRoom(inspection, id, marks.get(id) ?? [], result);
    for (const draftId of proof.draftIds) {
      unclaimed.delete(draftId);
      await examineDraft(inspection, draftId, proof, sizes.get(draftId), result);
    }
    for (const file of proof.state.files) {
      if (file.erased !== undefined) continue;
      if (files === null) unseenFiles += 1;
      else {
        counts.files += 1;
        const finding = await examineFile(files, id, file);
        if (finding !== null) result.findings.push(finding);
      }
    }
  }
  for (const draft of unclaimed) result.findings.push({ what: 'draftUnknown', draft });
  if (unseenFiles > 0) result.remarks.push({ what: 'filesNotLookedAt', files: unseenFiles });
  return result;
}

/**
 * Looks at all records, and gives what stayed of removed rooms, which rooms are not all there yet, the sizes kept of drafts, and the
 * signed marks among them and those kept elsewhere, by room; what bears no right signature is named.
 */
async function readRecords(
  inspection: Inspection,
  kept: readonly Checkpoint[],
  result: Examination,
): Promise<{
  readonly marks: ReadonlyMap<string, readonly Checkpoint[]>;
  readonly purged: readonly PurgedRoomRecord[];
  readonly arriving: readonly ArrivalRecord[];
  readonly sizes: ReadonlyMap<string, DraftSizeRecord>;
}> {
  const all = [...kept];
  const purged: PurgedRoomRecord[] = [];
  const arriving: ArrivalRecord[] = [];
  const sizes = new Map<string, DraftSizeRecord>();
  for await (const record of inspection.records()) {
    result.counts.records += 1;
    const finding = examineRecord(record);
    if (finding !== null) result.findings.push(finding);
    else if (record.kind === 'purgedRoom') purged.push(JSON.parse(record.json) as PurgedRoomRecord);
    else if (record.kind === 'arrival') {
      const arrival = JSON.parse(record.json) as ArrivalRecord;
      if (arrival.state !== 'arrived') arriving.push(arrival);
    } else if (record.kind === 'draftSize') sizes.set(record.id, JSON.parse(record.json) as DraftSizeRecord);
    else if (record.kind === 'checkpoint') {
      const { roomId: room, size, head, at, key, signature } = JSON.parse(record.json) as CheckpointRecord;
      all.push({ room, size, head, at, key, signature });
    }
  }
  const once = [...new Map(all.map((mark) => [mark.signature, mark])).values()];
  const marks = new Map<string, Checkpoint[]>();
  const keys = new Set<string>();
  for (const mark of once) {
    const { room, size: seq, key } = mark;
    if (!isSigned(mark)) {
      result.findings.push({ what: 'checkpointForged', room, seq });
      continue;
    }
    keys.add(key);
    marks.set(room, [...(marks.get(room) ?? []), mark]);
  }
  if (keys.size > 0) result.remarks.push({ what: 'checkpointKeys', keys: [...keys], checkpoints: once.length });
  return { marks, purged, arriving, sizes };
}

/** What stayed of a room that was removed for good, against what is left of it and the marks that were kept: it ended where it says. */
function examinePurged(gone: PurgedRoomRecord, isStored: boolean, marks: readonly Checkpoint[], { findings, remarks }: Examination): void {
  const { id: room, entries, head, state } = gone;
  if (state !== 'removed') remarks.push({ what: 'purgeUnfinished', room });
  else if (isStored) findings.push({ what: 'purgedRemains', room });
  for (const { size: seq, head: marked } of marks) {
    if (seq > entries) findings.push({ what: 'historyCut', room, seq, end: entries });
    else if (seq === entries && marked !== head) findings.push({ what: 'historyReplaced', room, seq });
  }
}

async function examineRoom(inspection: Inspection, id: string, marks: readonly Checkpoint[], result: Examination): Promise<RoomProof> {
  const { counts, findings, remarks } = result;
  counts.rooms += 1;
  const proof = new RoomProof(id, marks);
  const snapshots = new Map<number, Snapshot>();
  for (const snapshot of await inspection.snapshots.latest('room', id)) snapshots.set(snapshot.position, snapshot);
  let counted = 0;
  const broken = await takeRoom(inspection, proof, (commit) => {
    counted += commitBytes(commit);
    const snapshot = snapshots.get(proof.head.seq);
    if (snapshot === undefined) return;
    snapshots.delete(snapshot.position);
    counts.snapshots += 1;
    const { position, version } = snapshot;
    const kept = openRoomSnapshot(snapshot);
    if (version !== roomSnapshotVersion) remarks.push({ what: 'snapshotOfAnotherVersion', kind: 'room', id, position });
    else if (kept === null) findings.push({ what: 'snapshotDamaged', kind: 'room', id, position });
    // What was erased since was counted when it was written.
    else if (!sameFold(roomSnapshotBytes({ ...kept, bytes: 0 }), roomSnapshotBytes({ state: proof.state, ...proof.head, bytes: 0 })))
      findings.push({ what: 'snapshotDiffers', kind: 'room', id, position });
    else if (kept.bytes < counted) findings.push({ what: 'sizeDiffers', kind: 'room', id, kept: kept.bytes, counted });
  });
  if (broken !== null) findings.push(broken);
  // One that stands behind the end of the log belongs to another history.
  else for (const position of snapshots.keys()) findings.push({ what: 'snapshotDiffers', kind: 'room', id, position });
  const texts = broken === null ? await textsToErase(inspection, proof) : 0;
  if (texts > 0) remarks.push({ what: 'erasureUnfinished', room: id, texts });
  counts.entries += proof.counts.entries;
  counts.texts += proof.counts.texts;
  counts.erasedTexts += proof.counts.withheldTexts;
  return proof;
}

async function takeRoom(inspection: Inspection, proof: RoomProof, onEach: (commit: Commit) => void): Promise<Finding | null> {
  for (let after = 0; ;) {
    const commits = await inspection.journal.readCommits({ kind: 'room', id: proof.roomId }, after, page);
    for (const commit of commits) {
      const shown = storedAsShown(commit);
      const finding = 'what' in shown ? shown : proof.take(shown);
      if (finding !== null) return finding;
      onEach(commit);
    }
    const last = commits.at(-1);
    if (last === undefined || commits.length < page) return proof.end();
    after = last.seq;
  }
}

/** How many texts are stored that the log says were erased: the removal from the store was interrupted, or is under way. */
async function textsToErase(inspection: Inspection, { roomId: id, state }: RoomProof): Promise<number> {
  let erases = false;
  for (const { event } of state.steering) erases ||= isErasing(event);
  let texts = 0;
  for (let after = 0; erases;) {
    const commits = await inspection.journal.readCommits({ kind: 'room', id }, after, page);
    for (const { actorId, events } of commits) for (const stored of events) texts += digestsToErase(upcast(stored), actorId, state).length;
    const last = commits.at(-1);
    if (last === undefined || commits.length < page) break;
    after = last.seq;
  }
  return texts;
}

async function examineDraft(
  inspection: Inspection,
  draftId: string,
  room: RoomProof,
  size: DraftSizeRecord | undefined,
  result: Examination,
): Promise<void> {
  const { counts, findings, remarks } = result;
  counts.drafts += 1;
  const proof = new DraftProof(draftId, room);
  const snapshots = new Map<number, Snapshot>();
  for (const snapshot of await inspection.snapshots.latest('draft', draftId)) snapshots.set(snapshot.position, snapshot);
  let counted = 0;
  let countedThere: number | null = null;
  // What takes the place of erased bytes may be a little longer than they were.
  const isSmaller = (kept: number, log: number): boolean => kept < log && proof.counts.erased === 0;
  const gone = runSetOf(room.erasedPassages.filter((passage) => passage.draftId === draftId));
  let unfinished = 0;
  const broken = await takeDraft(inspection, proof, (entry) => {
    counted += entry.bytes.byteLength;
    if (!gone.isEmpty && withoutErased(entry, gone) !== entry) unfinished += 1;
    if (proof.head.ordinal === size?.ordinal) countedThere = counted;
    const snapshot = snapshots.get(proof.head.ordinal);
    if (snapshot === undefined) return;
    snapshots.delete(snapshot.position);
    counts.snapshots += 1;
    const { position, version } = snapshot;
    const text = openSnapshot(snapshot);
    if (version !== snapshotVersion) remarks.push({ what: 'snapshotOfAnotherVersion', kind: 'draft', id: draftId, position });
    else if (text === null) findings.push({ what: 'snapshotDamaged', kind: 'draft', id: draftId, position });
    else if (text.head.digest !== proof.head.digest || proof.contentHash() !== text.contentHash())
      findings.push({ what: 'snapshotDiffers', kind: 'draft', id: draftId, position });
    else if (isSmaller(text.head.logBytes, counted))
      findings.push({ what: 'sizeDiffers', kind: 'draft', id: draftId, kept: text.head.logBytes, counted });
  });
  const { entries, updates, erased, revisions } = proof.counts;
  counts.edits += updates;
  counts.erasedEdits += erased;
  counts.revisions += revisions;
  if (broken !== null) findings.push(broken);
  else {
    if (unfinished > 0) remarks.push({ what: 'erasureUnfinished', room: room.roomId, texts: unfinished });
    for (const position of snapshots.keys()) findings.push({ what: 'snapshotDiffers', kind: 'draft', id: draftId, position });
    if (size !== undefined && (countedThere === null || isSmaller(size.logBytes, countedThere)))
      findings.push({ what: 'sizeDiffers', kind: 'draft', id: draftId, kept: size.logBytes, counted: countedThere ?? counted });
    if (room.state.status === 'closed' && proof.unsealed > 0)
      remarks.push({ what: 'unsealedTail', draft: draftId, entries: Math.min(entries, proof.unsealed) });
  }
}

async function takeDraft(inspection: Inspection, proof: DraftProof, onEach: (entry: DraftEntry) => void): Promise<Finding | null> {
  for (let after = 0; ;) {
    const entries = await inspection.journal.readDraft(proof.draftId, after, page);
    for (const entry of entries) {
      const finding = proof.take({ ...entry, bytesHash: sha256OfBytes(entry.bytes) });
      if (finding !== null) return finding;
      onEach(entry);
    }
    const last = entries.at(-1);
    if (last === undefined || entries.length < page) return proof.end();
    after = last.ordinal;
  }
}

/** Compared as values: in which order a fold got its keys means nothing. */
function sameFold(one: Uint8Array, other: Uint8Array): boolean {
  const spelt = (bytes: Uint8Array): string => canonicalJson(JSON.parse(new TextDecoder().decode(bytes)) as Json);
  return spelt(one) === spelt(other);
}
