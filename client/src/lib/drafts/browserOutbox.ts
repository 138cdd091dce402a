import { memoryOutbox, rowKey } from './outbox.ts';
import type { Outbox, OutboxRow, OutboxScope, SetAsideRecord } from './outbox.ts';

const DATABASE = 'shangliang-drafts';
const VERSION = 1;
const ROWS = 'outbox';
const RECORDS = 'setAside';
const BY_SCOPE = 'scope';

/** The outbox in the browser's IndexedDB, which is there on plain HTTP too; in memory where the browser has none. */
export function browserOutbox(): Outbox {
  if (typeof indexedDB === 'undefined') return memoryOutbox();
  let opened: Promise<IDBDatabase> | null = null;
  const database = (): Promise<IDBDatabase> => {
    opened ??= openDatabase().catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  };

  async function within<T>(stores: string | string[], mode: IDBTransactionMode, work: (tx: IDBTransaction) => () => T): Promise<T> {
    const tx = (await database()).transaction(stores, mode);
    return new Promise<T>((resolve, reject) => {
      const result = work(tx);
      tx.oncomplete = () => resolve(result());
      tx.onabort = () => reject(tx.error ?? new Error('The transaction was cut off'));
    });
  }

  return {
    rows: (scope) => within(ROWS, 'readonly', (tx) => all<OutboxRow>(tx.objectStore(ROWS).getAll(rowsOf(scope)))),
    put: (rows) =>
      within(ROWS, 'readwrite', (tx) => {
        for (const row of rows) tx.objectStore(ROWS).put(row);
        return nothing;
      }),
    remove: (rows) =>
      within(ROWS, 'readwrite', (tx) => {
        for (const row of rows) tx.objectStore(ROWS).delete(rowKey(row));
        return nothing;
      }),
    setAside: (rows, record) =>
      within([ROWS, RECORDS], 'readwrite', (tx) => {
        const store = tx.objectStore(ROWS);
        const reads = rows.map((row) => store.get(rowKey(row)));
        let made: SetAsideRecord | null = null;
        const finish = (): void => {
          made = record(rows.filter((_, index) => reads[index]?.result !== undefined));
          for (const row of rows) store.delete(rowKey(row));
          if (made !== null) tx.objectStore(RECORDS).put(made);
        };
        const last = reads[reads.length - 1];
        if (last === undefined) finish();
        else last.onsuccess = finish;
        return () => made;
      }),
    records: (scope) =>
      within(RECORDS, 'readonly', (tx) =>
        all<SetAsideRecord>(tx.objectStore(RECORDS).index(BY_SCOPE).getAll([scope.draftId, scope.participantId])),
      ),
    dismiss: (id) =>
      within(RECORDS, 'readwrite', (tx) => {
        tx.objectStore(RECORDS).delete(id);
        return nothing;
      }),
  };
}

const nothing = (): void => undefined;

function all<T>(request: IDBRequest<unknown[]>): () => T[] {
  return () => request.result as T[];
}

/** Every row of one person in one draft: an array sorts after all strings, so it ends the range. */
function rowsOf(scope: OutboxScope): IDBKeyRange {
  return IDBKeyRange.bound([scope.draftId, scope.participantId], [scope.draftId, scope.participantId, []]);
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(ROWS, { keyPath: ['draftId', 'participantId', 'lineage', 'clientId', 'n'] });
      request.result.createObjectStore(RECORDS, { keyPath: 'id' }).createIndex(BY_SCOPE, ['draftId', 'participantId']);
    };
    request.onsuccess = () => {
      // Another tab with a newer version of the page must not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error('IndexedDB does not open'));
  });
}
