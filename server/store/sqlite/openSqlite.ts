import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { makeFolder } from '../../durableFile.ts';
import type { StoreLog } from '../openError.ts';
import { messageOf, StoreOpenError } from '../openError.ts';
import type { JournalWrite, RecordStore, Store } from '../ports.ts';
import { StoreUnavailable } from '../ports.ts';
import { assertIndexed, defaultRecordLimit, indexesOf, recordForm, text } from '../recordForm.ts';
import { parsedRecord, readableRecords } from '../readable.ts';
import type { RecordKinds } from '../records.ts';
import type { Reader } from './reader.ts';
import { openReader } from './reader.ts';
import type { RemovedThing } from './removal.ts';
import type { WriterThread } from './writerThread.ts';
import { createWriterThread } from './writerThread.ts';

export interface SqliteStore extends Store<RecordKinds> {
  /** Bounds the file to so many pages of 4 KiB (null: no bound). A write that needs more is refused as on a full disk. */
  limitPages(pages: number | null): Promise<void>;
}

/**
 * Opens the embedded store, making the folder and the file if they are not there. Writes go through a thread of their own, reads
 * through a read-only connection on this one. Rejects with StoreOpenError, whose message is for a person.
 */
export async function openSqlite(options: { readonly file: string; readonly log?: StoreLog }): Promise<SqliteStore> {
  const { file, log } = options;
  try {
    makeFolder(dirname(file));
  } catch (thrown) {
    throw new StoreOpenError(`The folder ${dirname(file)} cannot be made: ${messageOf(thrown)}.`, { cause: thrown });
  }
  if (isNetworkFileSystem((await statfs(dirname(file))).type)) {
    log?.warn({ file }, 'the data folder is on a network file system, where SQLite cannot keep its file safe');
  }
  const writer = createWriterThread(() => new Worker(new URL('./writer.ts', import.meta.url), { workerData: { file }, execArgv: [] }));
  let reader: Reader;
  let version: string;
  try {
    version = await writer.ask({ op: 'open' });
    reader = openReader(file);
  } catch (thrown) {
    await writer.close();
    throw thrown;
  }

  const ask: WriterThread['ask'] = async (request) => {
    try {
      return await writer.ask(request);
    } catch (thrown) {
      if (thrown instanceof StoreUnavailable) log?.error({ operation: request.op, reason: thrown.message }, 'the store failed');
      throw thrown;
    }
  };

  /** Drafts that were erased in since the last scrubbing. */
  const touched = new Set<string>();
  const removeAll = async (thing: RemovedThing): Promise<void> => {
    while (await ask({ op: 'removeSome', thing }));
  };

  return {
    description: `SQLite ${version} (${file})`,
    journal: {
      append: (writes) => (writes.length === 0 ? Promise.resolve([]) : ask({ op: 'append', writes: writes.map(ownBytes) })),
      readCommits: reader.readCommits,
      head: reader.head,
      findCommand: reader.findCommand,
      listStreams: reader.listStreams,
      readDraft: reader.readDraft,
    },
    snapshots: {
      async put(snapshot) {
        await ask({ op: 'putSnapshot', snapshot: { ...snapshot, bytes: exactBytes(snapshot.bytes) } });
      },
      latest: reader.latestSnapshots,
    },
    records: recordStore(ask, reader, log),
    removal: {
      stream: async ({ kind, id }) => {
        await removeAll({ from: 'snapshots', kind, id });
        await removeAll({ from: 'commits', kind, id });
      },
      draft: async (id) => {
        await removeAll({ from: 'snapshots', kind: 'draft', id });
        await removeAll({ from: 'draftEntries', kind: 'draft', id });
        await removeAll({ from: 'draftSegments', kind: 'draft', id });
      },
    },
    packing: {
      packed: reader.packed,
      lay: (segment) => ask({ op: 'laySegment', segment }),
      settle: (draftId) => ask({ op: 'settleSegment', draftId }),
    },
    erasing: {
      async eraseWords(stream, erased) {
        if (erased.length > 0) await ask({ op: 'eraseWords', stream, erased });
      },
      async eraseEntries(draftId, erased) {
        const own = erased.map((entry) => ({ ...entry, bytes: exactBytes(entry.bytes) }));
        touched.add(draftId);
        if (own.length > 0) await ask({ op: 'eraseEntries', draftId, erased: own });
      },
      async forgetSnapshots(kind, id) {
        await ask({ op: 'forgetSnapshots', kind, id });
      },
      async scrub() {
        for (const draftId of [...touched]) {
          let from = await ask({ op: 'rewriteEntries', draftId, from: null });
          while (from !== null) from = await ask({ op: 'rewriteEntries', draftId, from });
          touched.delete(draftId);
        }
        await ask({ op: 'emptyLog' });
      },
    },
    async health() {
      await ask({ op: 'health' });
    },
    writtenElsewhere: () => ask({ op: 'writtenElsewhere' }),
    async limitPages(pages) {
      await ask({ op: 'limitPages', pages });
    },
    async close() {
      // The reader first: the last connection to close empties the write-ahead log, and a reader cannot.
      reader.close();
      await writer.close();
    },
  };
}

/** Whether a type of file system (as `statfs` gives it on Linux) is NFS or SMB, whose locks SQLite cannot rely on. */
export function isNetworkFileSystem(type: number): boolean {
  return [0x6969, 0x517b, 0xff534d42, 0xfe534d42].includes(type);
}

function recordStore(ask: WriterThread['ask'], reader: Reader, log: StoreLog | undefined): RecordStore<RecordKinds> {
  return {
    insert: async (kind, record) => ask({ op: 'insertRecord', kind, form: recordForm(kind, record, record.rev) }),
    async get(kind, id) {
      indexesOf(kind);
      const stored = await reader.record(kind, text('id', id));
      return stored === null ? null : parsedRecord(kind, stored);
    },
    async find(kind, field, value, { after = '', limit = defaultRecordLimit } = {}) {
      assertIndexed(kind, field);
      text(field, value);
      text('after', after);
      return readableRecords(kind, { after, limit }, (from, most) => reader.recordsByKey(kind, field, value, from, most), log);
    },
    async list(kind, { after = '', limit = defaultRecordLimit } = {}) {
      indexesOf(kind);
      text('after', after);
      return readableRecords(kind, { after, limit }, (from, most) => reader.records(kind, from, most), log);
    },
    replace: async (kind, record) =>
      ask({ op: 'replaceRecord', kind, form: recordForm(kind, record, record.rev + 1), expectedRev: record.rev }),
    async remove(kind, id) {
      indexesOf(kind);
      await ask({ op: 'removeRecord', kind, id: text('id', id) });
    },
    async removeExpired(kind, now) {
      indexesOf(kind);
      return ask({ op: 'removeExpired', kind, now });
    },
  };
}

/** A view of a larger buffer would be cloned to the other thread together with all of it. */
function ownBytes(write: JournalWrite): JournalWrite {
  if (write.kind === 'commit') return write;
  return { ...write, entries: write.entries.map((entry) => ({ ...entry, bytes: exactBytes(entry.bytes) })) };
}

function exactBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes);
}
