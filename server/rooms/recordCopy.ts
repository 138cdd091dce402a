import type { Commit } from '#shared/domain/commit.ts';
import { sealCommit, upcast } from '#shared/domain/commit.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import { isWords } from '#shared/domain/words.ts';
import { eventProblem } from '#shared/protocol/eventSchemas.ts';
import type { ReadRecord } from '../doctor/readRecord.ts';
import { entryDigest } from '../drafts/entries.ts';
import type { DraftEntry } from '../store/ports.ts';
import type { ImportedRecord } from './recordImport.ts';

/** A record as a room of its own, and which participant of it brought it in. */
export interface CopiedRecord {
  readonly record: ImportedRecord;
  readonly bringerId: string;
}

/**
 * The record of a room as the record of a new one: the same acts, words, edits and times under other ids, sealed into a chain of
 * its own whose first entry names the room it was made of and the hash at which that record ended. Nothing in it leads back to the
 * people of the first room but their names; whoever brings it in (`displayName`) is the one who moderates it. Marks that were signed for the
 * first room are not of this one. Null where the ids in it are words of another meaning, so that they cannot be told apart.
 */
export function asNewRoom(
  record: ReadRecord,
  displayName: string,
  { now, newId, newSalt }: { readonly now: () => number; readonly newId: () => string; readonly newSalt: () => string },
): CopiedRecord | null {
  const ids = new Map<string, string>();
  const idFor = (id: string): string => {
    const known = ids.get(id) ?? newId();
    ids.set(id, known);
    return known;
  };
  const { proof } = record;
  const roomId = newId();
  const bringerId = newId();
  for (const commit of record.commits) for (const { json } of commit.events) for (const id of namedIn(json)) idFor(id);
  const origin = { roomId: record.roomId, seq: proof.head.seq, hash: proof.head.hash, at: now() };

  const drafts = new Map<string, readonly DraftEntry[]>();
  /** The digest of each draft's log at each of its ordinals, by the draft's first id. */
  const digests = new Map<string, readonly string[]>();
  for (const [draftId, entries] of record.drafts) {
    const copied = chained(entries, idFor(draftId), (id) => ids.get(id) ?? id);
    drafts.set(idFor(draftId), copied);
    digests.set(
      draftId,
      copied.map(({ digest }) => digest),
    );
  }

  const commits: Commit[] = [];
  const seal = (head: Pick<Commit, 'at' | 'actorId' | 'commandId' | 'commandMac'>, events: readonly RoomEvent[]): void => {
    const last = commits.at(-1);
    const header = { ...head, stream: { kind: 'room', id: roomId } as const, seq: commits.length + 1, prevHash: last?.hash ?? '' };
    commits.push(sealCommit(header, events, newSalt));
  };
  for (const { at, actorId, commandId, commandMac, events } of record.commits) {
    const renamed = events.map((stored) => {
      const event = withIds(upcast(stored), ids);
      if (event.type === 'room.created') return { ...event, origin };
      if (event.type !== 'draft.revisionSealed') return event;
      const first = (upcast(stored) as typeof event).draftId;
      return { ...event, logDigest: digests.get(first)?.[event.ordinal - 1] ?? event.logDigest };
    });
    if (renamed.some((event) => eventProblem(event) !== null)) return null;
    seal({ at, actorId: ids.get(actorId) ?? actorId, commandId, commandMac }, renamed);
  }
  const last = commits.at(-1);
  if (last !== undefined) commits.push(admission(last, bringerId, 'creation', origin.at, newSalt));

  const people = record.people.flatMap((person) => {
    const id = ids.get(person.id);
    return id === undefined ? [] : [{ ...person, id }];
  });
  const files = record.files.map((file) => ({ ...file, fileId: idFor(file.fileId) }));
  const participants = new Set([...proof.participants].map(idFor)).add(bringerId);
  const bringerView = { id: bringerId, displayName, guest: false };
  return { record: { roomId, commits, drafts, checkpoints: [], people: [...people, bringerView], files, participants }, bringerId };
}

/** The record as it is, and behind it that whoever brings it in moderates the room: for an open one in which he is nobody. */
export function withBringer(
  record: ImportedRecord,
  displayName: string,
  { now, newId, newSalt }: { readonly now: () => number; readonly newId: () => string; readonly newSalt: () => string },
): CopiedRecord {
  const bringerId = newId();
  const last = record.commits.at(-1);
  const commits = last === undefined ? [] : [...record.commits, admission(last, bringerId, 'invitation', now(), newSalt)];
  const people = [...record.people, { id: bringerId, displayName, guest: false }];
  return { record: { ...record, commits, people, participants: new Set([...record.participants, bringerId]) }, bringerId };
}

/** The entry behind the last one of a record with which somebody becomes a moderator. */
function admission(last: Commit, participantId: string, via: 'creation' | 'invitation', now: number, newSalt: () => string): Commit {
  const { stream, seq, hash: prevHash } = last;
  const head = { stream, seq: seq + 1, prevHash, at: Math.max(now, last.at + 1), actorId: 'system', commandMac: '' };
  const joined = { type: 'participant.joined', v: 1, participantId, role: 'moderator', via } as const;
  return sealCommit({ ...head, commandId: `brought-${stream.id}-${String(seq)}` }, [joined], newSalt);
}

/** The entries of a draft under other ids, each again bound to the one before it. */
function chained(entries: readonly DraftEntry[], draftId: string, idOf: (id: string) => string): readonly DraftEntry[] {
  let previous = '';
  return entries.map((entry) => {
    const moved = { ...entry, draftId, actorId: idOf(entry.actorId) };
    previous = entryDigest(previous, moved);
    return { ...moved, digest: previous };
  });
}

/** The things an event brings into the room that have ids: a person, a draft with its lineage, a file. */
function namedIn(json: string): readonly string[] {
  const event = JSON.parse(json) as RoomEvent;
  switch (event.type) {
    case 'participant.joined':
      return [event.participantId];
    case 'draft.created':
      return [event.draftId, event.lineage];
    case 'file.added':
      return [event.fileId];
    default:
      return [];
  }
}

/** An event in which every id is replaced, wherever it stands; what people wrote is left alone. */
function withIds<T>(value: T, ids: ReadonlyMap<string, string>): T {
  if (typeof value === 'string') return (ids.get(value) ?? value) as T;
  if (isWords(value)) return value;
  if (Array.isArray(value)) return (value as readonly unknown[]).map((item) => withIds(item, ids)) as T;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withIds(item, ids)])) as T;
  }
  return value;
}
