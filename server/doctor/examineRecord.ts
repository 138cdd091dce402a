import type { Finding } from '#shared/domain/proof/finding.ts';
import type { StoredRecord } from '../store/ports.ts';
import type { RecordForm } from '../store/recordForm.ts';
import { recordForm } from '../store/recordForm.ts';
import type { StoredForm } from '../store/inspection.ts';

/** What is wrong with a record: it is no record of its kind, or is found by keys that are not its own. */
export function examineRecord(stored: StoredForm): Finding | null {
  const { kind, id } = stored;
  let form: RecordForm;
  try {
    const record = JSON.parse(stored.json) as StoredRecord;
    if (record.id !== id || record.rev !== stored.rev) return { what: 'recordUnreadable', kind, id };
    form = recordForm(kind, record, record.rev);
  } catch {
    return { what: 'recordUnreadable', kind, id };
  }
  const spell = ({ keys, expiresAt }: RecordForm): string =>
    JSON.stringify([expiresAt, keys.map(({ field, value, unique }) => [field, value, unique]).sort()]);
  return spell(form) === spell(stored) ? null : { what: 'recordKeys', kind, id };
}
