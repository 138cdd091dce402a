import type { Rejection } from '#shared/domain/rejections.ts';
import { Damaged } from '../store/damaged.ts';
import { StoreUnavailable } from '../store/ports.ts';

/** Whether something failed because the store did, which doors answer with "not now" and not as a bug. */
export function isStoreFailure(error: unknown): error is StoreUnavailable {
  return error instanceof StoreUnavailable;
}

/** Whether something failed because the one thing it rests on is damaged. */
export function isDamage(error: unknown): error is Damaged {
  return error instanceof Damaged;
}

/**
 * What to answer whoever waits for something that failed: a damaged thing is named, so that nobody sends again for ever; of anything else
 * the outcome is unknown.
 */
export function rejectionOf(error: unknown): Extract<Rejection, { readonly code: 'damaged' | 'storeUnavailable' }> {
  return error instanceof Damaged ? { code: 'damaged', what: error.what } : { code: 'storeUnavailable' };
}

/**
 * For work that goes over many things: what is damaged is told to `onDamaged`, and the others have their turn; anything else is thrown
 * on.
 */
export function passDamaged(onDamaged: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof Damaged)) throw error;
    onDamaged(error);
  };
}
