import { openPlace } from './places.ts';
import { commitAfter, commitWrite, draftWrite, entriesOf } from './samples.ts';

// Appends to a stream and to a draft until it is killed, and prints each position once the store calls it appended.
const [address, streamId = '', draftId = ''] = process.argv.slice(2);
const store = await openPlace(JSON.parse(address ?? '') as Parameters<typeof openPlace>[0]);
const stream = { kind: 'room', id: streamId } as const;
let before = await store.journal.head(stream);
let ordinal = (await store.journal.readDraft(draftId, 0, 1_000_000)).at(-1)?.ordinal ?? 0;
process.stdout.write('ready\n');
for (;;) {
  const commit = commitAfter(stream, before);
  const entries = entriesOf(draftId, ordinal + 1, ordinal + 2);
  const outcomes = await store.journal.append([commitWrite(commit), draftWrite(entries)]);
  if (outcomes.some(({ outcome }) => outcome !== 'appended')) throw new Error(JSON.stringify(outcomes));
  before = commit;
  ordinal += 2;
  // Written at once, not buffered: a line that left this process is a promise.
  process.stdout.write(`${String(commit.seq)} ${commit.hash} ${String(ordinal)}\n`);
}
