import { describe, expect, test } from 'vitest';
import { PendingUpdates } from './pendingUpdates.ts';

const change = (n: number): Uint8Array => new Uint8Array([n]);
const numbers = (pending: readonly { readonly n: number }[]): number[] => pending.map(({ n }) => n);

describe('[ED3] changes that are not durable yet', () => {
  test('each update frame carries the change made last and is answered in order', () => {
    const pending = new PendingUpdates();
    pending.opened();
    pending.sentWhole();
    pending.add(7, change(1), 100);
    pending.sentNewest();
    pending.add(7, change(2), 200);
    pending.sentNewest();
    expect(pending.oldestAt).toBe(100);
    expect(numbers(pending.saved(1))).toEqual([]);
    expect(numbers(pending.saved(2))).toEqual([1]);
    expect(pending.oldestAt).toBe(200);
    expect(numbers(pending.saved(3))).toEqual([2]);
    expect(pending.count).toBe(0);
    expect(pending.oldestAt).toBeNull();
  });

  test('what was made without a connection goes out with step 2 and is answered with it', () => {
    const pending = new PendingUpdates();
    pending.add(7, change(1), 100);
    pending.add(7, change(2), 100);
    pending.opened();
    expect(pending.inFlight).toBe(false);
    pending.sentWhole();
    expect(pending.inFlight).toBe(true);
    pending.add(7, change(3), 300);
    pending.sentNewest();
    expect(numbers(pending.saved(1))).toEqual([1, 2]);
    expect(numbers(pending.all)).toEqual([3]);
  });

  test('answers of an earlier connection mean nothing to the next one', () => {
    const pending = new PendingUpdates();
    pending.opened();
    pending.sentWhole();
    pending.add(7, change(1), 100);
    pending.sentNewest();
    pending.opened();
    expect(numbers(pending.saved(9))).toEqual([]);
    pending.sentWhole();
    expect(numbers(pending.saved(1))).toEqual([1]);
  });

  test('a second step 2 on one connection does not put off what earlier frames carry', () => {
    const pending = new PendingUpdates();
    pending.opened();
    pending.sentWhole();
    pending.add(7, change(1), 100);
    pending.sentNewest();
    pending.sentWhole();
    expect(numbers(pending.saved(2))).toEqual([1]);
  });

  test('changes of an earlier life of the page count until they are answered, and keep their own names', () => {
    const pending = new PendingUpdates();
    pending.adopt({ clientId: 3, n: 1, update: change(1), madeAt: 10 });
    pending.add(7, change(2), 100);
    expect(pending.all.map(({ clientId, n }) => [clientId, n])).toEqual([
      [3, 1],
      [7, 1],
    ]);
    expect(numbers(pending.takeAll())).toEqual([1, 1]);
    expect(pending.count).toBe(0);
  });
});
