import '#server/nativeHash.ts';
import { packSegment } from '#server/store/segment.ts';
import { randomOf } from '../support/random.ts';
import { openPlace } from './places.ts';
import { chainedEntries, draftWrite } from './samples.ts';

// Writes the log that follows from the draft's name and packs it behind itself until it is killed; prints what it was told.
const [address, draftId = '', seed] = process.argv.slice(2);
const chance = randomOf(Number(seed));
const store = await openPlace(JSON.parse(address ?? '') as Parameters<typeof openPlace>[0]);
const log = chainedEntries(draftId, 6_000, randomOf(1));
let written = (await store.journal.readDraft(draftId, 0, 1_000_000)).length;
process.stdout.write('ready\n');

async function write(): Promise<void> {
  for (;;) {
    const entries = log.slice(written, written + 1 + chance(9));
    const [outcome] = await store.journal.append([draftWrite(entries)]);
    if (outcome?.outcome !== 'appended') throw new Error(JSON.stringify(outcome));
    written += entries.length;
    process.stdout.write(`written ${written}.\n`);
  }
}

async function pack(): Promise<void> {
  for (;;) {
    while ((await store.packing.settle(draftId)) === 'settled');
    const { ordinal, digest } = await store.packing.packed(draftId);
    const entries = await store.journal.readDraft(draftId, ordinal, 16 + chance(32));
    if ((entries.at(-1)?.ordinal ?? 0) < written - 20) {
      const outcome = await store.packing.lay(packSegment(digest, entries));
      if (outcome !== 'laid') throw new Error(outcome);
      process.stdout.write(`laid ${ordinal + entries.length}.\n`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

await Promise.all([write(), pack()]);
