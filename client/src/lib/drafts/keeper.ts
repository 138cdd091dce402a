import type * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';
import type { Outbox, OutboxRow, OutboxScope, SetAsideRecord } from './outbox.ts';
import { rowKey } from './outbox.ts';
import type { PendingUpdate } from './pendingUpdates.ts';
import { unsentWords } from './unsentWords.ts';

/** A device that does not answer within so long keeps nothing: nobody waits for it to see the draft. */
const PATIENCE_MS = 3_000;

/** What a device kept of one draft for one person. */
export interface Kept {
  /** The history to which the newest changes belong, or null where there are none. */
  readonly lineage: string | null;
  readonly rows: readonly OutboxRow[];
  readonly ofOtherLineages: readonly (readonly OutboxRow[])[];
  readonly records: readonly SetAsideRecord[];
}

/**
 * Writes to the outbox in order and in the background. A device that keeps nothing takes away the safety net, never the page: then
 * everything lives as long as the page does.
 */
export class Keeper {
  readonly #scope: OutboxScope | null;
  readonly #outbox: Outbox;
  readonly #now: () => number;
  /** Rows that did not get onto the device. */
  readonly #unkept = new Set<string>();
  #queued: OutboxRow[] = [];
  #work: Promise<void> = Promise.resolve();

  constructor(draftId: string, participantId: string | null, outbox: Outbox, now: () => number) {
    this.#scope = participantId === null ? null : { draftId, participantId };
    this.#outbox = outbox;
    this.#now = now;
  }

  async read(): Promise<Kept> {
    const nothing: Kept = { lineage: null, rows: [], ofOtherLineages: [], records: [] };
    if (this.#scope === null) return nothing;
    try {
      const rows = (await soon(this.#outbox.rows(this.#scope))).sort((one, other) => one.madeAt - other.madeAt || one.n - other.n);
      const records = (await soon(this.#outbox.records(this.#scope))).sort((one, other) => one.at - other.at);
      const lineage = rows[rows.length - 1]?.lineage ?? null;
      const others = new Map<string, OutboxRow[]>();
      for (const row of rows) {
        if (row.lineage === lineage) continue;
        const same = others.get(row.lineage);
        if (same === undefined) others.set(row.lineage, [row]);
        else same.push(row);
      }
      return { lineage, rows: rows.filter((row) => row.lineage === lineage), ofOtherLineages: [...others.values()], records };
    } catch {
      return nothing;
    }
  }

  /** Keeps a change until `forget`. Changes made in the same turn are written together. */
  keep(lineage: string | null, pending: PendingUpdate): void {
    const [row] = this.rowsOf(lineage, [pending]);
    if (row === undefined) return;
    this.#queued.push(row);
    if (this.#queued.length > 1) return;
    queueMicrotask(() => {
      const rows = this.#queued;
      this.#queued = [];
      this.#then(
        () => this.#outbox.put(rows),
        () => {
          for (const each of rows) this.#unkept.add(idOf(each));
        },
      );
    });
  }

  /** The changes are durable elsewhere. */
  forget(lineage: string | null, saved: readonly PendingUpdate[]): void {
    const rows = this.rowsOf(lineage, saved);
    if (rows.length === 0) return;
    // Behind the microtask that may still have to write them.
    queueMicrotask(() => this.#then(() => this.#outbox.remove(rows)));
  }

  /**
   * Moves the words of changes that will never be sent into a record. `doc` is the copy they were made in, if there is one. Null
   * where another tab did it already.
   */
  async setAside(rows: readonly OutboxRow[], doc: Y.Doc | null, code: number | null): Promise<SetAsideRecord | null> {
    const record = (some: readonly OutboxRow[]): SetAsideRecord | null => {
      const [first] = some;
      if (first === undefined) return null;
      const words = unsentWords(
        some.map((row) => row.update),
        doc,
      );
      const { draftId, participantId } = first;
      return { id: idOf(first), draftId, participantId, at: this.#now(), words, changes: some.length, code };
    };
    await Promise.resolve();
    let made: SetAsideRecord | null = null;
    this.#then(
      async () => {
        made = await this.#outbox.setAside(rows, (found) =>
          record(rows.filter((row) => found.includes(row) || this.#unkept.has(idOf(row)))),
        );
      },
      () => {
        made = record(rows);
      },
    );
    await this.#work;
    return made;
  }

  /**
   * Keeps the whole text of a copy that came to hold something else than the draft, and drops the changes it still waited for.
   * Null for somebody for whom nothing is kept, and where there is no text.
   */
  async setAsideWhole(rows: readonly OutboxRow[], doc: Y.Doc, code: number | null): Promise<SetAsideRecord | null> {
    const words = buildTextIndex(doc.getXmlFragment(DRAFT_FIELD)).text;
    if (this.#scope === null || words === '') return null;
    const at = this.#now();
    const record: SetAsideRecord = {
      ...this.#scope,
      id: JSON.stringify(['whole', doc.clientID, at]),
      at,
      words,
      changes: rows.length,
      code,
    };
    this.#then(async () => {
      await this.#outbox.setAside(rows, () => record);
    });
    await this.#work;
    return record;
  }

  dismiss(id: string): void {
    this.#then(() => this.#outbox.dismiss(id));
  }

  /** The rows of some changes; none where there is nobody to keep them for. */
  rowsOf(lineage: string | null, pending: readonly PendingUpdate[]): OutboxRow[] {
    const scope = this.#scope;
    if (scope === null || lineage === null) return [];
    return pending.map(({ clientId, n, update, madeAt }) => ({ ...scope, lineage, clientId, n, update, madeAt }));
  }

  #then(work: () => Promise<void>, otherwise: () => void = () => undefined): void {
    this.#work = this.#work.then(() => soon(work())).catch(otherwise);
  }
}

function idOf(row: OutboxRow): string {
  return JSON.stringify(rowKey(row));
}

function soon<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The device does not answer')), PATIENCE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
