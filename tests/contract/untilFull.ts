import { once } from 'node:events';
import type { Commit } from '#shared/domain/commit.ts';
import { StoreUnavailable } from '#server/store/ports.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import { commitAfter, commitWrite } from './samples.ts';

// Appends until the disk refuses, says so, waits for a line on its input, and appends once more. Prints what was appended.
const [file = '', streamId = ''] = process.argv.slice(2);
const store = await openSqlite({ file });
const stream = { kind: 'room', id: streamId } as const;
const events = [{ salt: 's', json: JSON.stringify('x'.repeat(30_000)) }];

async function append(commit: Commit): Promise<void> {
  const [outcome] = await store.journal.append([commitWrite(commit)]);
  process.stdout.write(`${outcome?.outcome ?? ''} ${String(commit.seq)} ${commit.hash}\n`);
}

try {
  for (;;) await append(commitAfter(stream, await store.journal.head(stream), { events }));
} catch (thrown) {
  if (!(thrown instanceof StoreUnavailable)) throw thrown;
  process.stdout.write(`refused ${thrown.message}\n`);
}
await once(process.stdin, 'data');
await append(commitAfter(stream, await store.journal.head(stream), { events }));
await store.health();
await store.close();
process.exit(0);
