import type { PersonEntry } from '#shared/protocol/messages.ts';
import type { AccountRecord } from '../store/records.ts';

/** An account as who keeps the installation sees it. */
export function personEntry({ id, displayName, handle, createdAt, admin, suspension }: AccountRecord): PersonEntry {
  const suspended = suspension === undefined ? null : { at: suspension.at, reason: suspension.reason };
  return { principal: `account:${id}`, displayName, handle, createdAt, admin, suspended };
}
