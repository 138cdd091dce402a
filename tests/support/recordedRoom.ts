import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { contentHash } from '#shared/document/text.ts';
import { systemActor } from '#shared/domain/decision.ts';
import type { Actor } from '#shared/domain/decision.ts';
import type { RoomCommand } from '#shared/domain/facts.ts';
import { entryDigest } from '#server/drafts/entries.ts';
import { loadText } from '#server/drafts/load.ts';
import { takeSnapshot } from '#server/drafts/snapshot.ts';
import type { LiveRoom } from '#server/rooms/liveRoom.ts';
import { saveRoom } from '#server/rooms/roomLog.ts';
import type { DraftEntry } from '#server/store/ports.ts';
import type { Process } from './liveRooms.ts';
import { Installation, roomWithBen } from './liveRooms.ts';

export interface Recorded {
  readonly installation: Installation;
  readonly roomId: string;
  readonly draftId: string;
  readonly file: string;
  /** The folder of background files beside the database. */
  readonly files: string;
  readonly fileHash: string;
  readonly text: string;
}

const ana: Actor = { kind: 'participant', id: 'ana' };
const ben: Actor = { kind: 'participant', id: 'ben' };

/**
 * A closed room with everything a record can have, on a real SQLite file: comments (one hidden, one withdrawn), a suggestion, a
 * draft by two people with a barrier in it, its sealed version, saved states of both, records and a background file.
 */
export async function recordedRoom(roomId = 'r1'): Promise<Recorded> {
  const installation = new Installation();
  const { rooms, store } = await installation.process();
  const made = await fillRecord({ rooms, store }, roomId);
  const files = path.join(path.dirname(installation.file), 'files');
  const content = Buffer.from('平面图 a plan');
  const fileHash = createHash('sha256').update(content).digest('hex');
  mkdirSync(path.join(files, fileHash.slice(0, 2)), { recursive: true });
  writeFileSync(path.join(files, fileHash.slice(0, 2), fileHash), content);
  await rooms.with(roomId, async (room) => {
    await act(room, ana, { type: 'reopenRoom' }, 'reopen');
    const addFile = { type: 'addFile', fileId: 'file1', name: 'plan', contentType: 'text/plain', bytes: content.length } as const;
    await act(room, ana, { ...addFile, sha256: fileHash }, 'file');
    await act(room, ana, { type: 'closeRoom' }, 'close again');
    await saveRoom(store.snapshots, roomId, room.position);
  });
  return { installation, roomId, file: installation.file, files, fileHash, ...made };
}

/** The same room, without the background file, in any store. */
export async function fillRecord(
  process: Pick<Process, 'rooms' | 'store'>,
  roomId: string,
): Promise<{ readonly draftId: string; readonly text: string }> {
  const { rooms, store } = process;
  const room = await roomWithBen({ rooms, store, failures: [] }, roomId);
  const draftId = [...room.state.drafts.keys()][0] ?? '';
  await act(room, ana, { type: 'postComment', body: '无障碍入口应设在正门。' }, 'c1');
  await act(room, ben, { type: 'postComment', body: 'Not for everybody to read', parent: 1 }, 'c2');
  await act(room, ben, { type: 'postComment', body: 'Taken back' }, 'c3');
  await act(room, ana, { type: 'hideComment', comment: 2, reason: { code: 'insult', note: 'to Ana' } }, 'h2');
  await act(room, ben, { type: 'withdrawComment', comment: 3 }, 'w3');
  await act(room, ben, { type: 'supportComment', comment: 1 }, 's1');
  const sources = [{ kind: 'comment', comment: 1, quote: '正门' } as const];
  await act(room, ana, { type: 'gatherSuggestion', ask: 'A ramp at the main door', sources }, 'g1');

  const doc = new Y.Doc();
  const entries = writtenBy(draftId, doc, [
    ['ana', '第一条 入口设在正门。'],
    ['ben', '第二条 Ramps are 1:12.'],
    [null, ''],
    ['ana', '第三条 每年复查。'],
  ]);
  await store.journal.append([{ kind: 'draft', draftId, entries }]);
  const last = entries.at(-1);
  await act(room, ana, { type: 'closeRoom' }, 'close');
  const lineage = room.state.drafts.get(draftId)?.lineage ?? '';
  const seal = {
    lineage,
    ordinal: entries.length,
    logDigest: last?.digest ?? '',
    contentHash: contentHash(doc.getXmlFragment(DRAFT_FIELD)),
  };
  await act(room, systemActor, { type: 'sealRevision', draftId, ...seal }, 'seal');
  await saveRoom(store.snapshots, roomId, room.position);
  await store.snapshots.put(takeSnapshot((await loadText(store, draftId)).text));
  for (const [id, displayName] of [
    ['ana', '安娜 Ana'],
    ['ben', 'Ben'],
  ] as const) {
    const principal = `account:${roomId}-${id}`;
    const person = { id: `${roomId}-${id}`, rev: 0, roomId, principal, seatKey: `${roomId}/${principal}`, displayName, createdAt: 1 };
    await store.records.insert('person', person);
  }
  return { draftId, text: '第一条 入口设在正门。' };
}

/** Entries in which people write one paragraph each at the end; null is a barrier. */
function writtenBy(draftId: string, doc: Y.Doc, steps: readonly (readonly [string | null, string])[]): readonly DraftEntry[] {
  const entries: DraftEntry[] = [];
  for (const [index, [actorId, words]] of steps.entries()) {
    let bytes = new Uint8Array(0);
    if (actorId !== null) {
      const before = Y.encodeStateVector(doc);
      doc.getXmlFragment(DRAFT_FIELD).push([paragraphOf(words)]);
      bytes = Uint8Array.from(Y.encodeStateAsUpdate(doc, before));
    }
    const kind = actorId === null ? ('barrier' as const) : ('update' as const);
    // The first two as logs of before have them.
    const salt = index < 2 || actorId === null ? {} : { salt: String(index).padStart(32, 'a') };
    const next = { draftId, ordinal: index + 1, kind, actorId: actorId ?? 'system', at: 1_790_000_000_000 + index, bytes, ...salt };
    entries.push({ ...next, digest: entryDigest(entries.at(-1)?.digest ?? '', next) });
  }
  return entries;
}

function paragraphOf(words: string): Y.XmlElement {
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.push([new Y.XmlText(words)]);
  return paragraph;
}

async function act(room: LiveRoom, actor: Actor, command: RoomCommand, id: string): Promise<void> {
  const answer = await room.submit(actor, id, command);
  if (!answer.ok) throw new Error(`${command.type} was refused: ${answer.rejection.code}`);
}
