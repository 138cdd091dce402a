import type { RoomFiles } from '../files/roomFiles.ts';
import type { RecordStore } from '../store/ports.ts';
import type { RecordKinds } from '../store/records.ts';
import { recordIndexes } from '../store/records.ts';
import type { Removal } from '../store/removal.ts';
import type { RoomCards } from './cards.ts';

/** A room that is to go, or never was one: what belongs to it beside what is found by its id. */
export interface RoomRemains {
  readonly roomId: string;
  readonly draftIds: readonly string[];
  readonly files: readonly { readonly id: string; readonly sha256: string }[];
}

export interface RemainsParts {
  readonly removal: Removal;
  readonly records: RecordStore<RecordKinds>;
  readonly files: Pick<RoomFiles, 'forget'>;
  readonly cards: Pick<RoomCards, 'flush'>;
}

/**
 * Removes whatever a room has in the store: drafts, files no other room has, records, the line in the list, and the log last. Cut
 * short it is done again from the start. Whoever calls it has fenced the room off. Rejects with StoreUnavailable.
 */
export async function removeRemains({ removal, records, files, cards }: RemainsParts, { roomId, ...its }: RoomRemains): Promise<void> {
  for (const draftId of its.draftIds) await removal.draft(draftId);
  await files.forget(its.files);
  for (const kind of kindsOfRooms) {
    for (let found = await records.find(kind, 'roomId', roomId); found.length > 0; found = await records.find(kind, 'roomId', roomId)) {
      for (const record of found) await records.remove(kind, record.id);
    }
  }
  // What was due before the room was fenced off would bring its line back.
  await cards.flush();
  await records.remove('roomCard', roomId);
  await removal.stream({ kind: 'room', id: roomId });
}

type KindOfRooms = { [K in keyof RecordKinds]: RecordKinds[K] extends { readonly roomId: string } ? K : never }[keyof RecordKinds];

/** Kinds of records that belong to a room and are found by it. A promise to bring one in outlives what it promised. */
const kindsOfRooms = (Object.keys(recordIndexes) as (keyof RecordKinds)[]).filter(
  (kind): kind is KindOfRooms => kind !== 'arrival' && recordIndexes[kind].some(({ field }) => field === 'roomId'),
);
