import { StoreUnavailable } from '../store/ports.ts';

/** Whether something failed because the store did, which doors answer with "not now" and not as a bug. */
export function isStoreFailure(error: unknown): boolean {
  return error instanceof StoreUnavailable;
}
