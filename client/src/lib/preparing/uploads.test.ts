import { expect, test } from 'vitest';
import type { Refusal } from '../api/refusal.ts';
import { Uploads } from './uploads.svelte.ts';

/** A line that answers when told. */
function steered() {
  const waiting: {
    readonly file: File;
    readonly onSent: (part: number) => void;
    readonly answer: (refusal: Refusal | null) => Promise<void>;
  }[] = [];
  const arrived: string[] = [];
  const uploads = new Uploads(
    (file, onSent) =>
      new Promise((resolve) => {
        waiting.push({
          file,
          onSent,
          answer: async (refusal) => {
            resolve(refusal);
            await new Promise((done) => setImmediate(done));
          },
        });
      }),
    ({ name }) => arrived.push(name),
  );
  return { uploads, waiting, arrived };
}

const file = (name: string): File => new File(['x'], name);
const shown = (uploads: Uploads): string[] =>
  uploads.list.map(({ file: { name }, sent, refusal }) => `${name} ${sent}${refusal === null ? '' : ` ${refusal.code}`}`);

test('[FIL6] two travel at once, the others wait; what arrived is listed by the room, no more here', async () => {
  const { uploads, waiting, arrived } = steered();
  uploads.add([file('a'), file('b'), file('c')]);
  expect(waiting.map((one) => one.file.name)).toEqual(['a', 'b']);
  waiting[0]?.onSent(0.5);
  expect(shown(uploads)).toEqual(['a 0.5', 'b 0', 'c 0']);
  await waiting[0]?.answer(null);
  expect(waiting.map((one) => one.file.name)).toEqual(['a', 'b', 'c']);
  expect(shown(uploads)).toEqual(['b 0', 'c 0']);
  expect(arrived).toEqual(['a']);
});

test('[FIL6] one that was refused stays with its reason until it is sent again or let go', async () => {
  const { uploads, waiting, arrived } = steered();
  uploads.add([file('a'), file('b')]);
  const [first, second] = uploads.list;
  uploads.forget(first?.id ?? 0);
  expect(uploads.list.length).toBe(2);
  await waiting[0]?.answer({ code: 'offline' });
  await waiting[1]?.answer({ code: 'fileTypeRefused' });
  expect(shown(uploads)).toEqual(['a 0 offline', 'b 0 fileTypeRefused']);
  uploads.retry(first?.id ?? 0);
  await waiting[2]?.answer(null);
  uploads.forget(second?.id ?? 0);
  expect(shown(uploads)).toEqual([]);
  expect(arrived).toEqual(['a']);
});
