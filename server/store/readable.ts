import { Damaged } from './damaged.ts';
import type { StoreLog } from './openError.ts';
import { wholeLimit } from './recordForm.ts';

/** A record as it is stored. */
export interface StoredText {
  readonly id: string;
  readonly json: string;
}

/** The record, or Damaged thrown where it is none. */
export function parsedRecord<R>(kind: string, { id, json }: StoredText): R {
  try {
    const record: unknown = JSON.parse(json);
    if (typeof record === 'object' && record !== null && 'id' in record && record.id === id) return record as R;
  } catch (cause) {
    throw damagedRecord(kind, id, cause);
  }
  throw damagedRecord(kind, id, undefined);
}

/**
 * A page of records. Those that cannot be read are left out and told to the log, and the page is filled up from behind them, since a
 * short page is taken for the last one.
 */
export async function readableRecords<R>(
  kind: string,
  { after, limit }: { readonly after: string; readonly limit: number },
  read: (after: string, limit: number) => Promise<readonly StoredText[]>,
  log: StoreLog | undefined,
): Promise<readonly R[]> {
  const wanted = wholeLimit(limit);
  const records: R[] = [];
  for (let from = after; records.length < wanted;) {
    const asked = wanted - records.length;
    const stored = await read(from, asked);
    for (const one of stored) {
      try {
        records.push(parsedRecord<R>(kind, one));
      } catch (thrown) {
        if (!(thrown instanceof Damaged)) throw thrown;
        log?.error({ kind, id: one.id }, 'a damaged record is left out');
      }
    }
    const last = stored.at(-1);
    if (last === undefined || stored.length < asked) break;
    from = last.id;
  }
  return records;
}

function damagedRecord(kind: string, id: string, cause: unknown): Damaged {
  return new Damaged('record', `${kind} ${id}`, `The record ${id} of kind ${kind} is damaged.`, { cause });
}
