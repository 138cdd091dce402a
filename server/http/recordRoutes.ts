import { createInterface } from 'node:readline';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Limits } from '#shared/domain/limits.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { audienceFor } from '#shared/domain/visibility.ts';
import { findingWords } from '#shared/protocol/findingWords.ts';
import { newId, newSalt } from '../access/secrets.ts';
import { readRecord } from '../doctor/readRecord.ts';
import type { LiveRoom } from '../rooms/liveRoom.ts';
import { asNewRoom, withBringer } from '../rooms/recordCopy.ts';
import type { ExportSources } from '../rooms/recordExport.ts';
import { recordLines } from '../rooms/recordExport.ts';
import type { ImportedRecord, ImportPlaces } from '../rooms/recordImport.ts';
import { importRecord } from '../rooms/recordImport.ts';
import { fileName } from './fileName.ts';
import type { InRoom } from './inRoom.ts';
import type { Route } from './route.ts';
import { refusal, route } from './route.ts';

export interface RecordParts {
  readonly inRoom: InRoom;
  readonly limits: Limits;
  readonly sources: ExportSources;
  readonly places: ImportPlaces;
  /** Called with a room that has just arrived. */
  readonly arrived: (roomId: string) => Promise<LiveRoom>;
}

/** A room as one file: taken out by who closes rooms, put in by who runs the installation. */
export function recordRoutes({ inRoom, limits, sources, places, arrived }: RecordParts): readonly Route[] {
  let importing = false;
  return [
    route(
      { method: 'get', path: '/rooms/:roomId/record', scope: 'read', who: 'signedIn', heavy: true, holds: 4 * 1024 * 1024 },
      ({ identity, params }) =>
        inRoom(params, identity, 'room:close', (room, actor) => {
          const view = audienceFor(room.state, actor) ?? 'everyone';
          const bytes = recordLines(room, view, sources);
          const name = `${fileName(room.state.title.text ?? '', 'room')}.room.jsonl`;
          return Promise.resolve({ status: 200, file: { name, contentType: 'application/x-ndjson', bytes } });
        }),
    ),

    route({ method: 'post', path: '/records', scope: 'write', who: 'account' }, async ({ identity, query, content, contentType }) => {
      if (!identity.admin) return { ...refusal({ code: 'notAllowed' }), hangUp: true };
      if (contentType !== 'application/x-ndjson') return { ...refusal({ code: 'malformed', field: 'Content-Type' }), hangUp: true };
      let { you } = query;
      const { as = 'same' } = query;
      if (as !== 'same' && as !== 'new') return { ...refusal({ code: 'malformed', field: 'as' }), hangUp: true };
      // Everything of a record is held in memory while it is checked, so one comes in at a time.
      if (importing) return { ...refusal({ code: 'tooFast', retryAfterMs: 5_000 }), hangUp: true };
      importing = true;
      try {
        const counted = new Counted(limits.recordBytes);
        // Whoever hangs up halfway has sent a file without an end.
        const piped = pipeline(content, counted).catch(() => undefined);
        const record = await readRecord(createInterface({ input: counted, crlfDelay: Infinity }));
        if (counted.tooMuch) return { ...refusal({ code: 'fileTooLarge', most: limits.recordBytes, got: counted.bytes }), hangUp: true };
        // The rest is read before the answer: a sender who is cut off does not see it.
        counted.resume();
        await piped;
        if ('is' in record) {
          const field = record.is === 'wrong' ? findingWords(record.finding, 'en') : `line ${record.line}`;
          const { status, json } = refusal({ code: 'malformed', field });
          return { status, json: { ...(json as object), problem: record } };
        }
        const { participants } = record.proof;
        let brought: ImportedRecord = { ...record, participants };
        if (as === 'new') {
          const copied = asNewRoom(record, identity.displayName ?? '', { now: places.now, newId, newSalt });
          if (copied === null) return refusal({ code: 'malformed', field: 'ids' });
          brought = copied.record;
          you = copied.bringerId;
        } else if (you !== undefined && !participants.has(you)) return refusal({ code: 'unknownParticipant' });
        else if (you === undefined && isGoingOn(record.proof.state)) {
          ({ record: brought, bringerId: you } = withBringer(brought, identity.displayName ?? '', { now: places.now, newId, newSalt }));
        }
        const { principal } = identity;
        const why = await importRecord(places, brought, you === undefined || principal === null ? null : { participantId: you, principal });
        if (why !== null) return refusal(why);
        const { head } = await arrived(brought.roomId);
        return { status: 201, json: { id: brought.roomId, head } };
      } finally {
        importing = false;
      }
    }),
  ];
}

/** Whether people may still come into a room. */
function isGoingOn({ status, archived, deletedUntil }: RoomState): boolean {
  return status === 'open' && !archived && deletedUntil === null;
}

/** Passes bytes on until there are too many, and then no more. */
class Counted extends Transform {
  readonly #most: number;
  bytes = 0;

  constructor(most: number) {
    super();
    this.#most = most;
  }

  get tooMuch(): boolean {
    return this.bytes > this.#most;
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk?: Buffer) => void): void {
    this.bytes += chunk.byteLength;
    if (this.tooMuch) {
      this.push(null);
      done(null);
    } else done(null, chunk);
  }
}
