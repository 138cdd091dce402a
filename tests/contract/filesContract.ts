import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Files } from '#server/files/ports.ts';

const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** What every place of files keeps to. `make` opens a new place; `again` opens the same once more, as after a restart. */
export function filesContract(
  title: string,
  make: () => Promise<{ readonly files: Files; readonly again: () => Promise<Files>; readonly dispose: () => Promise<void> }>,
): void {
  describe(`[FIL4] ${title}: contents of files`, () => {
    let place: Awaited<ReturnType<typeof make>>;
    beforeAll(async () => {
      place = await make();
    });
    afterAll(() => place.dispose());

    const put = async (content: Buffer): Promise<string> => {
      const sha256 = hashOf(content);
      await place.files.put(sha256, () => Readable.from([content.subarray(0, 7), content.subarray(7)]));
      return sha256;
    };
    const get = async (sha256: string, files = place.files): Promise<Buffer | null> => {
      const found = await files.get(sha256);
      return found === null ? null : buffer(found.content);
    };

    test('what was stored is there byte for byte, also for who opens the place anew', async () => {
      const content = Buffer.alloc(700_000, 'x商量');
      const sha256 = await put(content);
      expect(hashOf((await get(sha256)) ?? Buffer.alloc(0))).toBe(sha256);
      expect((await place.files.get(sha256))?.bytes).toBe(content.byteLength);
      const other = await place.again();
      expect(hashOf((await get(sha256, other)) ?? Buffer.alloc(0))).toBe(sha256);
      await other.close();
    });

    test('the same content is there once and is newer by being stored again', async () => {
      const content = Buffer.from('the same');
      const sha256 = await put(content);
      const first = (await place.files.list('', 1_000)).filter((one) => one.sha256 === sha256);
      await put(content);
      const second = (await place.files.list('', 1_000)).filter((one) => one.sha256 === sha256);
      expect([first.length, second.length]).toEqual([1, 1]);
      expect(second[0]?.storedAt).toBeGreaterThanOrEqual(first[0]?.storedAt ?? Number.POSITIVE_INFINITY);
    });

    test('of several who store the same at once all succeed', async () => {
      const content = Buffer.from('at once');
      const [sha256 = ''] = await Promise.all([put(content), put(content), put(content)]);
      expect(await get(sha256)).toEqual(content);
      await place.files.remove(sha256);
      expect(await get(sha256)).toBeNull();
    });

    test('a content that breaks off is not there', async () => {
      const sha256 = hashOf(Buffer.from('whole'));
      const broken = (): Readable =>
        new Readable({
          read() {
            this.push('who');
            this.destroy(new Error('broken off'));
          },
        });
      await expect(place.files.put(sha256, broken)).rejects.toThrow();
      expect(await get(sha256)).toBeNull();
      expect((await place.files.list('', 1_000)).some((one) => one.sha256 === sha256)).toBe(false);
      await put(Buffer.from('whole'));
      expect((await get(sha256))?.toString()).toBe('whole');
    });

    test('lists by rising hash, page by page; removing twice is no mistake', async () => {
      for (const words of ['a', 'b', 'c', 'd']) await put(Buffer.from(words));
      const all = (await place.files.list('', 1_000)).map(({ sha256 }) => sha256);
      expect(all).toEqual([...all].sort());
      const pages: string[] = [];
      for (let after = ''; ;) {
        const page = await place.files.list(after, 2);
        pages.push(...page.map(({ sha256 }) => sha256));
        after = page.at(-1)?.sha256 ?? after;
        if (page.length < 2) break;
      }
      expect(pages).toEqual(all);
      const [first = ''] = all;
      await place.files.remove(first);
      await place.files.remove(first);
      expect(await get(first)).toBeNull();
    });
  });
}
