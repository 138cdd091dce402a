/** Whose changes to which history of which draft. */
export interface OutboxScope {
  readonly draftId: string;
  readonly participantId: string;
}

/** A change that is kept on this device until the server called it durable. */
export interface OutboxRow extends OutboxScope {
  readonly lineage: string;
  /** Yjs client id under which it was made. Each tab has another, so tabs of one person never share a row. */
  readonly clientId: number;
  readonly n: number;
  readonly madeAt: number;
  readonly update: Uint8Array;
}

/** Words that could not be written into the draft, kept until the person dismisses them. */
export interface SetAsideRecord extends OutboxScope {
  readonly id: string;
  readonly at: number;
  /** May be empty: taking words away or formatting them leaves no words behind. */
  readonly words: string;
  /** How many changes were not written. */
  readonly changes: number;
  /** Close code of the refusal, or null where it was no refusal. */
  readonly code: number | null;
}

/**
 * What must outlive the page: changes not acknowledged yet and words set aside. Every method may reject where the device keeps
 * nothing (storage full or forbidden).
 */
export interface Outbox {
  rows(scope: OutboxScope): Promise<OutboxRow[]>;
  put(rows: readonly OutboxRow[]): Promise<void>;
  remove(rows: readonly OutboxRow[]): Promise<void>;
  /**
   * In one step: takes away those of the rows that are still there and keeps what `record` makes of them (null: nothing). A row
   * that another tab took before is not passed on, so the same words are never set aside twice.
   */
  setAside(rows: readonly OutboxRow[], record: (found: readonly OutboxRow[]) => SetAsideRecord | null): Promise<SetAsideRecord | null>;
  records(scope: OutboxScope): Promise<SetAsideRecord[]>;
  dismiss(id: string): Promise<void>;
}

export type RowKey = [draftId: string, participantId: string, lineage: string, clientId: number, n: number];

export function rowKey(row: OutboxRow): RowKey {
  return [row.draftId, row.participantId, row.lineage, row.clientId, row.n];
}

/** Keeps everything for as long as the page lives; for browsers that keep nothing, and for tests. */
export function memoryOutbox(): Outbox {
  const rows = new Map<string, OutboxRow>();
  const records = new Map<string, SetAsideRecord>();
  const keyOf = (row: OutboxRow): string => JSON.stringify(rowKey(row));
  const isIn = (scope: OutboxScope, each: OutboxScope): boolean =>
    each.draftId === scope.draftId && each.participantId === scope.participantId;
  return {
    rows: (scope) => Promise.resolve([...rows.values()].filter((row) => isIn(scope, row))),
    put: (added) => {
      for (const row of added) rows.set(keyOf(row), row);
      return Promise.resolve();
    },
    remove: (removed) => {
      for (const row of removed) rows.delete(keyOf(row));
      return Promise.resolve();
    },
    setAside: (taken, record) => {
      const made = record(taken.filter((row) => rows.delete(keyOf(row))));
      if (made !== null) records.set(made.id, made);
      return Promise.resolve(made);
    },
    records: (scope) => Promise.resolve([...records.values()].filter((each) => isIn(scope, each))),
    dismiss: (id) => {
      records.delete(id);
      return Promise.resolve();
    },
  };
}
