import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '#server/store/ports.ts';
import type { OpenPlace } from './place.ts';

function snapshotAt(id: string, position: number, change: Partial<Snapshot> = {}): Snapshot {
  const bytes = change.bytes ?? Uint8Array.of(0, 255, position % 256);
  return { kind: 'room', id, position, version: 1, sha256: createHash('sha256').update(bytes).digest('hex'), bytes, ...change };
}

/** What the caches of folds promise. */
export function snapshotContract(shared: () => OpenPlace): void {
  describe('snapshots', () => {
    test('[ST9] a thing without snapshots has none', async () => {
      expect(await shared().store.snapshots.latest('room', randomUUID())).toEqual([]);
    });

    test('[ST9] the two newest are kept, newest first', async () => {
      const { snapshots } = shared().store;
      const id = randomUUID();
      for (const position of [10, 20, 30, 40]) await snapshots.put(snapshotAt(id, position));
      expect(await snapshots.latest('room', id)).toEqual([snapshotAt(id, 40), snapshotAt(id, 30)]);
    });

    test('[ST9] an older one that comes late displaces no newer one', async () => {
      const { snapshots } = shared().store;
      const id = randomUUID();
      for (const position of [30, 40, 10]) await snapshots.put(snapshotAt(id, position));
      expect((await snapshots.latest('room', id)).map(({ position }) => position)).toEqual([40, 30]);
    });

    test('[ST9] at the same position the later one stands', async () => {
      const { snapshots } = shared().store;
      const id = randomUUID();
      await snapshots.put(snapshotAt(id, 5));
      const remade = snapshotAt(id, 5, { version: 2, bytes: new Uint8Array(0) });
      await snapshots.put(remade);
      expect(await snapshots.latest('room', id)).toEqual([remade]);
    });

    test('[ST9] kinds and things do not mix, and large ones fit', async () => {
      const { snapshots } = shared().store;
      const id = randomUUID();
      const room = snapshotAt(id, 1);
      const draft = snapshotAt(id, 1, { kind: 'draft', bytes: new Uint8Array(2 * 1024 * 1024).fill(7) });
      await snapshots.put(room);
      await snapshots.put(draft);
      expect(await snapshots.latest('room', id)).toEqual([room]);
      const [read] = await snapshots.latest('draft', id);
      expect(Buffer.compare(read?.bytes ?? Buffer.of(), draft.bytes)).toBe(0);
    });
  });
}
