import { withoutUnseen } from '#shared/domain/participants/names.ts';
import { Readable } from 'node:stream';
import type { Rejection } from '#shared/domain/rejections.ts';
import { importedPrincipal } from '../access/people.ts';
import type { ReadRecord } from '../doctor/readRecord.ts';
import type { Files } from '../files/ports.ts';
import { entryTakes, mostCommitBytes } from '../store/entryBounds.ts';
import type { DraftEntry, Journal, JournalWrite, RecordStore } from '../store/ports.ts';
import type { RecordKinds } from '../store/records.ts';
import type { Arrivals } from './arrivals.ts';
import type { RoomCards } from './cards.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { LiveRoom } from './liveRoom.ts';
import type { PurgedRooms } from './purgedRooms.ts';
import type { Rooms } from './rooms.ts';

const page = 200;
const runBytes = 256 * 1024;

export interface ImportPlaces {
  readonly journal: Pick<Journal, 'append' | 'head' | 'readDraft'>;
  readonly records: RecordStore<RecordKinds>;
  readonly files: Pick<Files, 'put'>;
  readonly purged: Pick<PurgedRooms, 'get'>;
  readonly arrivals: Pick<Arrivals, 'bring' | 'clear'>;
  readonly now: () => number;
}

/** What of a file goes into a store. */
export interface ImportedRecord extends Pick<ReadRecord, 'roomId' | 'commits' | 'drafts' | 'checkpoints' | 'people' | 'files'> {
  /** The ids of all who ever were participants. */
  readonly participants: ReadonlySet<string>;
}

/** Who of a record is to be whom here: all others have nobody behind them until they are invited anew. */
export interface Seat {
  readonly participantId: string;
  readonly principal: string;
}

/**
 * Puts a room that was read from an export file into the store, entry by entry as it is there. Gives why not, or null: all of it is
 * there then, and otherwise nothing, whatever is cut short.
 */
export async function importRecord(places: ImportPlaces, record: ImportedRecord, seat: Seat | null): Promise<Rejection | null> {
  const { journal, arrivals, purged, records } = places;
  const { roomId } = record;
  await arrivals.clear(roomId);
  if ((await journal.head({ kind: 'room', id: roomId })).seq > 0) return { code: 'roomExists' };
  // Its place stays taken: under the same id nobody could tell a room that was brought back from one that was never deleted.
  const gone = await purged.get(roomId);
  if (gone !== null) return { code: 'roomDeleted', goneAt: gone.purgedAt };
  // What is there already belongs to another room: nothing of it is touched, also not if this one has to go again.
  for (const draftId of record.drafts.keys()) {
    if ((await journal.readDraft(draftId, 0, 1)).length > 0) return { code: 'roomExists' };
  }
  for (const { fileId } of record.files) if ((await records.get('roomFile', fileId)) !== null) return { code: 'roomExists' };
  const files = record.files.map(({ fileId, sha256 }) => ({ id: fileId, sha256 }));
  const its = { roomId, draftIds: [...record.drafts.keys()], files };
  if (JSON.stringify(its).length > mostCommitBytes) return { code: 'malformed', field: 'files' };
  return arrivals.bring(its, (goesOn) => writeRecord(places, record, seat, goesOn));
}

async function writeRecord(
  { journal, records, files, now }: ImportPlaces,
  record: ImportedRecord,
  seat: Seat | null,
  goesOn: () => Promise<boolean>,
): Promise<Rejection | null> {
  const { roomId } = record;
  const put = async (writes: readonly JournalWrite[]): Promise<Rejection | null> => {
    if (!(await goesOn())) return { code: 'storeUnavailable' };
    const outcomes = await journal.append(writes);
    return outcomes.every(({ outcome }) => outcome === 'appended') ? null : { code: 'roomExists' };
  };
  for (const [draftId, entries] of record.drafts) {
    for (const run of runsOf(entries)) {
      const why = await put([{ kind: 'draft', draftId, entries: run }]);
      if (why !== null) return why;
    }
  }
  for (const { fileId, sha256, content } of record.files) {
    await records.insert('roomFile', { id: fileId, rev: 0, roomId, sha256, createdAt: now() });
    if (content !== null) await files.put(sha256, () => Readable.from([content]));
  }
  for (const { room: _room, size, ...mark } of record.checkpoints) {
    await records.insert('checkpoint', { id: `${roomId}/${String(1e12 - size)}`, rev: 0, roomId, size, ...mark });
  }
  for (let from = 0; from < record.commits.length; from += page) {
    const why = await put(record.commits.slice(from, from + page).map((commit) => ({ kind: 'commit', commit })));
    if (why !== null) return why;
  }
  // Last, so that nobody has a seat in what is not all there.
  await seatPeople(records, record, seat, now());
  return null;
}

/** Entries in the order of their log, as many together as fit into one document of any store. */
function* runsOf(entries: readonly DraftEntry[]): Generator<readonly DraftEntry[]> {
  let run: DraftEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const more = entryTakes(entry);
    if (run.length > 0 && bytes + more > runBytes) {
      yield run;
      run = [];
      bytes = 0;
    }
    run.push(entry);
    bytes += more;
  }
  if (run.length > 0) yield run;
}

async function seatPeople(records: RecordStore<RecordKinds>, record: ImportedRecord, seat: Seat | null, at: number): Promise<void> {
  const { roomId } = record;
  for (const { id, displayName, organisation, level, sector, former } of record.people) {
    if (!record.participants.has(id)) continue;
    const nobody = former === true ? `erased:${id}` : `${importedPrincipal}${id}`;
    const principal = seat?.participantId === id ? seat.principal : nobody;
    const labels = {
      ...(organisation === undefined ? {} : { organisation }),
      ...(level === undefined ? {} : { level }),
      ...(sector === undefined ? {} : { sector }),
      ...(former === true ? { former } : {}),
    };
    await records.insert('person', {
      id,
      rev: 0,
      roomId,
      principal,
      seatKey: `${roomId}/${principal}`,
      displayName: withoutUnseen(displayName),
      ...labels,
      createdAt: at,
    });
  }
}

/** A room has arrived: it is read and listed. */
export function welcomeRecord(
  parts: { readonly rooms: Rooms; readonly cards: RoomCards; readonly checkpoints: Checkpoints },
  roomId: string,
): Promise<LiveRoom> {
  return parts.rooms.with(roomId, async (room) => {
    // Somebody may have asked for it before it was here.
    await room.refresh();
    parts.cards.changed(roomId, room.position);
    parts.checkpoints.changed(roomId, true);
    return room;
  });
}
