import { Readable } from 'node:stream';
import { systemActor } from '#shared/domain/decision.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { Identity } from '../access/identity.ts';
import { importedPrincipal } from '../access/people.ts';
import type { People } from '../access/people.ts';
import type { ReadRecord } from '../doctor/readRecord.ts';
import type { Files } from '../files/ports.ts';
import type { Journal, JournalWrite, RecordStore } from '../store/ports.ts';
import type { RecordKinds } from '../store/records.ts';
import type { RoomCards } from './cards.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { LiveRoom } from './liveRoom.ts';
import type { PurgedRooms } from './purgedRooms.ts';
import type { Rooms } from './rooms.ts';

const page = 200;

export interface ImportPlaces {
  readonly journal: Pick<Journal, 'append' | 'head' | 'readDraft'>;
  readonly records: RecordStore<RecordKinds>;
  readonly files: Pick<Files, 'put'>;
  readonly purged: Pick<PurgedRooms, 'get'>;
  readonly now: () => number;
}

/** What of a file goes into a store. */
export interface ImportedRecord extends Pick<ReadRecord, 'roomId' | 'commits' | 'drafts' | 'checkpoints' | 'people' | 'files'> {
  /** The ids of all who ever were participants. */
  readonly participants: ReadonlySet<string>;
}

/**
 * Puts a room that was read from an export file into the store, entry by entry as it is there.
 * Gives why not, or null. The room's log comes last, so that whatever is cut short is no room yet, and can be done again.
 * `seat`: the participant that `principal` is; all others have nobody behind them until they are invited anew.
 */
export async function importRecord(
  places: ImportPlaces,
  record: ImportedRecord,
  seat: { readonly participantId: string; readonly principal: string } | null,
): Promise<Rejection | null> {
  const { journal, records, files, now } = places;
  const { roomId } = record;
  if ((await journal.head({ kind: 'room', id: roomId })).seq > 0) return { code: 'roomExists' };
  // Its place stays taken: under the same id nobody could tell a room that was brought back from one that was never deleted.
  const gone = await places.purged.get(roomId);
  if (gone !== null) return { code: 'roomDeleted', goneAt: gone.purgedAt };
  const at = now();
  for (const [draftId, entries] of record.drafts) {
    const [there] = await journal.readDraft(draftId, 0, 1);
    if (there !== undefined && there.digest !== entries[0]?.digest) return { code: 'roomExists' };
    const have = there === undefined ? 0 : await lastOrdinal(journal, draftId);
    for (let from = have; from < entries.length; from += page) {
      const why = await put(journal, [{ kind: 'draft', draftId, entries: entries.slice(from, from + page) }]);
      if (why !== null) return why;
    }
  }
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
      displayName,
      ...labels,
      createdAt: at,
    });
  }
  for (const { fileId, sha256, content } of record.files) {
    await records.insert('roomFile', { id: fileId, rev: 0, roomId, sha256, createdAt: at });
    if (content !== null) await files.put(sha256, () => Readable.from([content]));
  }
  for (const { room: _room, size, ...mark } of record.checkpoints) {
    await records.insert('checkpoint', { id: `${roomId}/${String(1e12 - size)}`, rev: 0, roomId, size, ...mark });
  }
  for (let from = 0; from < record.commits.length; from += page) {
    const why = await put(
      journal,
      record.commits.slice(from, from + page).map((commit) => ({ kind: 'commit', commit })),
    );
    if (why !== null) return why;
  }
  return null;
}

/** A room has arrived: it is read and listed, and who brought it in moderates it if it is open and he has no seat in it yet. */
export function welcomeRecord(
  parts: { readonly rooms: Rooms; readonly people: People; readonly cards: RoomCards; readonly checkpoints: Checkpoints },
  roomId: string,
  identity: Identity,
): Promise<LiveRoom> {
  return parts.rooms.with(roomId, async (room) => {
    // Somebody may have asked for it before it was here.
    await room.refresh();
    const { principal, displayName } = identity;
    if (principal !== null && room.state.status === 'open' && (await parts.people.seat(roomId, principal)) === null) {
      const { id: participantId } = await parts.people.takeSeat(roomId, principal, displayName ?? '');
      const admit = { type: 'admitParticipant', participantId, role: 'moderator', via: 'invitation' } as const;
      await room.submit(systemActor, `arrived-${participantId}`, admit);
    }
    parts.cards.changed(roomId, room.position);
    parts.checkpoints.changed(roomId, true);
    return room;
  });
}

async function put(journal: Pick<Journal, 'append'>, writes: readonly JournalWrite[]): Promise<Rejection | null> {
  const outcomes = await journal.append(writes);
  return outcomes.every(({ outcome }) => outcome === 'appended') ? null : { code: 'roomExists' };
}

async function lastOrdinal(journal: Pick<Journal, 'readDraft'>, draftId: string): Promise<number> {
  for (let after = 0; ;) {
    const entries = await journal.readDraft(draftId, after, 1_000);
    after = entries.at(-1)?.ordinal ?? after;
    if (entries.length < 1_000) return after;
  }
}
