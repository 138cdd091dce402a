import type { DatabaseSync } from 'node:sqlite';
import type { StoredEvent, StreamRef } from '#shared/domain/commit.ts';
import type { DraftEntry, Journal, Snapshot } from '../ports.ts';
import type { DamagedThing } from '#shared/domain/rejections.ts';
import { Damaged } from '../damaged.ts';
import { StoreUnavailable } from '../ports.ts';
import type { StoredText } from '../readable.ts';
import { readPacked } from '../packedLog.ts';
import type { Packing } from '../packing.ts';
import { messageOf, StoreOpenError } from '../openError.ts';
import { BoundedRows } from '../readBounds.ts';
import { wholeLimit } from '../recordForm.ts';
import type { Segment } from '../segment.ts';
import { isCorrupt, openConnection, sqliteCode } from './connection.ts';

type Query =
  | 'commits'
  | 'head'
  | 'command'
  | 'streams'
  | 'draft'
  | 'segmentAfter'
  | 'segment'
  | 'packed'
  | 'snapshots'
  | 'record'
  | 'recordsByKey'
  | 'records';

const queries: { readonly [query in Query]: string } = {
  commits: 'SELECT * FROM commits WHERE stream_kind = ? AND stream_id = ? AND seq > ? ORDER BY seq LIMIT ?',
  head: 'SELECT seq, hash, at FROM commits WHERE stream_kind = ? AND stream_id = ? ORDER BY seq DESC LIMIT 1',
  command: 'SELECT seq, command_mac FROM commits WHERE stream_kind = ? AND stream_id = ? AND actor_id = ? AND command_id = ?',
  streams: 'SELECT stream_id FROM commits WHERE stream_kind = ? AND stream_id > ? AND seq = 1 ORDER BY stream_id LIMIT ?',
  draft: 'SELECT * FROM draft_entries WHERE draft_id = ? AND ordinal > ? ORDER BY ordinal LIMIT ?',
  segmentAfter: 'SELECT first, last, sha256 FROM draft_segments WHERE draft_id = ? AND last > ? ORDER BY last LIMIT 1',
  segment: 'SELECT * FROM draft_segments WHERE draft_id = ? AND first = ?',
  packed: 'SELECT last, digest FROM draft_segments WHERE draft_id = ? ORDER BY last DESC LIMIT 1',
  snapshots: 'SELECT * FROM snapshots WHERE kind = ? AND id = ? ORDER BY position DESC LIMIT 2',
  record: 'SELECT id, json FROM records WHERE kind = ? AND id = ?',
  recordsByKey: `SELECT r.id, r.json FROM record_keys k JOIN records r ON r.kind = k.kind AND r.id = k.id
    WHERE k.kind = ? AND k.field = ? AND k.value = ? AND k.id > ? ORDER BY k.id LIMIT ?`,
  records: 'SELECT id, json FROM records WHERE kind = ? AND id > ? ORDER BY id LIMIT ?',
};

/** What a question is about, to name it where its rows are damaged. */
type Thing = readonly [what: DamagedThing, id: string];

/** Everything that reads, on a connection of its own that cannot write. */
export interface Reader extends Omit<Journal, 'append'> {
  packed: Packing['packed'];
  latestSnapshots(kind: Snapshot['kind'], id: string): Promise<readonly Snapshot[]>;
  record(kind: string, id: string): Promise<StoredText | null>;
  recordsByKey(kind: string, field: string, value: string, after: string, limit: number): Promise<readonly StoredText[]>;
  records(kind: string, after: string, limit: number): Promise<readonly StoredText[]>;
  close(): void;
}

/**
 * Opens a reader on a file that a writer has opened before. Throws a StoreOpenError if it cannot. Its functions reject with
 * StoreUnavailable when the disk fails; the connection is then closed, and the next question opens a new one. They reject with Damaged
 * where what was asked for is not readable, and the rest is.
 */
export function openReader(file: string): Reader {
  let connection: DatabaseSync | null = openConnection(file, { readOnly: true });
  let statements = prepareAll(connection);
  let closed = false;

  // Asynchronous, so that whatever is thrown becomes a rejection.
  async function guarded<T>(of: Thing | null, read: () => T): Promise<T> {
    if (closed) throw new StoreUnavailable('The store is closed.');
    try {
      if (connection === null) {
        connection = openConnection(file, { readOnly: true });
        statements = prepareAll(connection);
      }
      return read();
    } catch (thrown) {
      if (sqliteCode(thrown) === null && !(thrown instanceof StoreOpenError)) throw thrown;
      connection?.close();
      connection = null;
      // A page that is damaged is one of this thing; the rest of the file can be read and written.
      if (of !== null && isCorrupt(thrown)) throw damaged(of, thrown);
      throw new StoreUnavailable(`${file} could not be read: ${messageOf(thrown)}`, { cause: thrown });
    }
  }

  /** `of`: the one thing that is asked for, where it is one. */
  const all = <T>(
    query: Query,
    parameters: readonly (string | number)[],
    shape: (row: Row) => T,
    of: Thing | null = null,
  ): Promise<readonly T[]> => guarded(of, () => shaped(statements[query].all(...parameters) as readonly Row[], shape, of));

  /** Reads row by row, and no further than is wanted. */
  function bounded<T>(
    query: Query,
    parameters: readonly (string | number)[],
    shape: (row: Row) => T,
    sizeOf: (row: Row) => number,
    limit: number,
    mostBytes: number,
    of: Thing,
  ): Promise<readonly T[]> {
    return guarded(of, () => {
      const found = new BoundedRows<T>(limit, mostBytes);
      for (const row of statements[query].iterate(...parameters) as Iterable<Row>) {
        const [shapedRow] = shaped([row], shape, of);
        if (shapedRow === undefined || !found.take(shapedRow, sizeOf(row))) break;
      }
      return found.rows;
    });
  }

  return {
    readCommits: (stream, after, limit, mostBytes = Infinity) =>
      bounded(
        'commits',
        [stream.kind, stream.id, after, wholeLimit(limit)],
        (row) => ({
          stream: { kind: stream.kind, id: stream.id },
          seq: Number(row.seq),
          at: Number(row.at),
          actorId: String(row.actor_id),
          commandId: String(row.command_id),
          commandMac: String(row.command_mac),
          events: JSON.parse(String(row.events)) as readonly StoredEvent[],
          prevHash: String(row.prev_hash),
          hash: String(row.hash),
        }),
        (row) => String(row.events).length,
        wholeLimit(limit),
        mostBytes,
        ['room', stream.id],
      ),
    async head(stream: StreamRef) {
      const found = await all(
        'head',
        [stream.kind, stream.id],
        (row) => ({
          seq: Number(row.seq),
          hash: String(row.hash),
          at: Number(row.at),
        }),
        ['room', stream.id],
      );
      return found[0] ?? { seq: 0, hash: '', at: 0 };
    },
    async findCommand(stream, actorId, commandId) {
      const found = await all(
        'command',
        [stream.kind, stream.id, actorId, commandId],
        (row) => ({
          seq: Number(row.seq),
          commandMac: String(row.command_mac),
        }),
        ['room', stream.id],
      );
      return found[0] ?? null;
    },
    listStreams: (kind, after, limit) => all('streams', [kind, after, wholeLimit(limit)], (row) => String(row.stream_id)),
    readDraft: readPacked({
      segmentAfter: async (draftId, after) =>
        (
          await all(
            'segmentAfter',
            [draftId, after],
            (row) => ({
              first: Number(row.first),
              last: Number(row.last),
              sha256: String(row.sha256),
            }),
            ['draft', draftId],
          )
        )[0] ?? null,
      segment: async (draftId, first) => (await all('segment', [draftId, first], segmentOf, ['draft', draftId]))[0] ?? null,
      single: (draftId, after, limit, mostBytes) =>
        bounded('draft', [draftId, after, limit], entryOf, (row) => (row.bytes as Uint8Array).byteLength, limit, mostBytes, [
          'draft',
          draftId,
        ]),
    }),
    async packed(draftId) {
      const found = await all('packed', [draftId], (row) => ({ ordinal: Number(row.last), digest: String(row.digest) }), [
        'draft',
        draftId,
      ]);
      return found[0] ?? { ordinal: 0, digest: '' };
    },
    latestSnapshots: (kind, id) =>
      all(
        'snapshots',
        [kind, id],
        (row) => ({
          kind,
          id,
          position: Number(row.position),
          version: Number(row.version),
          sha256: String(row.sha256),
          bytes: row.bytes as Uint8Array,
        }),
        kind === 'room' || kind === 'draft' ? [kind, id] : null,
      ),
    async record(kind, id) {
      return (await all('record', [kind, id], storedRecordOf, ['record', `${kind} ${id}`]))[0] ?? null;
    },
    recordsByKey: (kind, field, value, after, limit) => all('recordsByKey', [kind, field, value, after, wholeLimit(limit)], storedRecordOf),
    records: (kind, after, limit) => all('records', [kind, after, wholeLimit(limit)], storedRecordOf),
    close() {
      closed = true;
      connection?.close();
      connection = null;
    },
  };
}

export type Row = Readonly<Record<string, string | number | Uint8Array | null>>;

/** A row of draft_entries. */
export function entryOf(row: Row): DraftEntry {
  return {
    draftId: String(row.draft_id),
    ordinal: Number(row.ordinal),
    kind: row.kind as DraftEntry['kind'],
    actorId: String(row.actor_id),
    at: Number(row.at),
    bytes: row.bytes as Uint8Array,
    digest: String(row.digest),
    ...(row.salt === null ? {} : { salt: String(row.salt) }),
    ...(row.erased === null ? {} : { erased: String(row.erased) }),
  };
}

/** A row of draft_segments. */
export function segmentOf(row: Row): Segment {
  return {
    draftId: String(row.draft_id),
    first: Number(row.first),
    last: Number(row.last),
    before: String(row.before),
    digest: String(row.digest),
    sha256: String(row.sha256),
    bytes: row.bytes as Uint8Array,
  };
}

const storedRecordOf = (row: Row): StoredText => ({ id: String(row.id), json: String(row.json) });

function shaped<T>(rows: readonly Row[], shape: (row: Row) => T, of: Thing | null): readonly T[] {
  try {
    return rows.map(shape);
  } catch (thrown) {
    throw of === null ? thrown : damaged(of, thrown);
  }
}

function damaged([what, id]: Thing, cause: unknown): Damaged {
  return new Damaged(what, id, `What is stored of ${what} ${id} is damaged: ${messageOf(cause)}`, { cause });
}

function prepareAll(database: DatabaseSync) {
  const prepared = Object.entries(queries).map(([name, sql]) => [name, database.prepare(sql)] as const);
  return Object.fromEntries(prepared) as { readonly [query in Query]: ReturnType<DatabaseSync['prepare']> };
}
