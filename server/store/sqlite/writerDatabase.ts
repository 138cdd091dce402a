import type { DatabaseSync } from 'node:sqlite';
import type { JournalOutcome, JournalWrite, Snapshot } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { messageOf, StoreOpenError } from '../openError.ts';
import { prepareAppend } from './appendTurn.ts';
import { isBusy, isStorageFault, openConnection, sqliteVersion } from './connection.ts';
import type { EraseStatements } from './erase.ts';
import { prepareErasing } from './erase.ts';
import type { PackStatements } from './pack.ts';
import { preparePacking } from './pack.ts';
import { prepareSnapshots } from './snapshots.ts';
import { migrate } from './migrations.ts';
import type { RecordStatements } from './recordStatements.ts';
import type { RemovedThing } from './removal.ts';
import { prepareRemoval } from './removal.ts';
import { prepareRecords } from './recordStatements.ts';
import type { WriterAnswers, WriterFailure, WriterOp, WriterRequest } from './writerProtocol.ts';

interface OpenWriter {
  readonly database: DatabaseSync;
  readonly append: (writes: readonly JournalWrite[]) => readonly JournalOutcome[];
  readonly records: RecordStatements;
  readonly erase: EraseStatements;
  readonly pack: PackStatements;
  readonly putSnapshot: (snapshot: Snapshot) => void;
  readonly removeSome: (thing: RemovedThing) => boolean;
  readonly beat: () => void;
  readonly writtenElsewhere: () => boolean;
}

/** The one connection that writes. `handle` answers a request or throws; `failureOf` says what a thrown error means. */
export interface WriterDatabase {
  handle(request: WriterRequest): WriterAnswers[WriterOp];
  failureOf(thrown: unknown): WriterFailure;
}

/**
 * A writer on a file, opened by the first request. After a fault of the disk the connection is closed, since what it holds in
 * memory may not be what the disk holds, and never used again; the next request opens a new one, which must first write and
 * sync something small.
 */
export function createWriterDatabase(file: string): WriterDatabase {
  let current: OpenWriter | null = null;
  let pageLimit: number | null = null;

  function open(): OpenWriter {
    if (current !== null) return current;
    const database = openConnection(file, { readOnly: false });
    try {
      // A file of before everything deleted was overwritten holds copies of it; they go once, and none are made since.
      if (migrate(database, file)) database.exec('VACUUM');
      applyPageLimit(database, pageLimit);
      const beat = database.prepare('UPDATE pulse SET beats = beats + 1 WHERE id = 1');
      // Also overwrites what a commit that failed half-way left at the end of the write-ahead log, before anybody reads on.
      beat.run();
      current = {
        database,
        append: prepareAppend(database),
        records: prepareRecords(database),
        erase: prepareErasing(database),
        pack: preparePacking(database),
        putSnapshot: prepareSnapshots(database),
        removeSome: prepareRemoval(database),
        beat: () => {
          beat.run();
        },
        writtenElsewhere: prepareWrittenElsewhere(database),
      };
      return current;
    } catch (thrown) {
      database.close();
      throw thrown;
    }
  }

  function close(): void {
    const closing = current;
    current = null;
    try {
      closing?.database.close();
    } catch {
      // A connection that failed may fail to close as well; it is not used again either way.
    }
  }

  return {
    handle(request) {
      switch (request.op) {
        case 'open':
          return sqliteVersion(open().database);
        case 'append':
          return open().append(request.writes);
        case 'putSnapshot':
          open().putSnapshot(request.snapshot);
          return null;
        case 'insertRecord':
          return open().records.insert(request.kind, request.form);
        case 'replaceRecord':
          return open().records.replace(request.kind, request.form, request.expectedRev);
        case 'removeRecord':
          open().records.remove(request.kind, request.id);
          return null;
        case 'removeExpired':
          return open().records.removeExpired(request.kind, request.now);
        case 'removeSome':
          return open().removeSome(request.thing);
        case 'laySegment':
          return open().pack.lay(request.segment);
        case 'settleSegment':
          return open().pack.settle(request.draftId);
        case 'eraseWords':
          open().erase.words(request.stream, request.erased);
          return null;
        case 'eraseEntries':
          open().erase.entries(request.draftId, request.erased);
          return null;
        case 'forgetSnapshots':
          open().erase.snapshots(request.kind, request.id);
          return null;
        case 'rewriteEntries':
          return open().erase.rewrite(request.draftId, request.from);
        case 'emptyLog':
          open().erase.emptyLog();
          return null;
        case 'health':
          open().beat();
          return null;
        case 'writtenElsewhere':
          return open().writtenElsewhere();
        case 'limitPages':
          pageLimit = request.pages;
          if (current !== null) applyPageLimit(current.database, pageLimit);
          return null;
        case 'close':
          close();
          return null;
      }
    },
    failureOf(thrown) {
      if (thrown instanceof StoreOpenError) return { kind: 'open', message: thrown.message };
      const message = messageOf(thrown);
      if (thrown instanceof StoreUnavailable) return { kind: 'unavailable', message };
      if (isBusy(thrown)) return { kind: 'unavailable', message: `${file} is held by another program: ${message}` };
      if (!isStorageFault(thrown)) return { kind: 'bug', message };
      close();
      return { kind: 'unavailable', message: `${file} could not be written: ${message}` };
    },
  };
}

function applyPageLimit(database: DatabaseSync, pages: number | null): void {
  // The greatest number SQLite takes stands for no limit.
  database.exec(`PRAGMA max_page_count = ${String(pages ?? 4_294_967_294)}`);
}

/** SQLite's data_version is another one than before once another connection has committed, and only then. */
function prepareWrittenElsewhere(database: DatabaseSync): () => boolean {
  const version = database.prepare('PRAGMA data_version');
  let last: unknown;
  return () => {
    const before = last;
    last = version.get()?.['data_version'];
    return last !== before;
  };
}
