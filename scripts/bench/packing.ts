import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import * as Y from 'yjs';
import { entryDigest } from '../../server/drafts/entries.ts';
import { Histories } from '../../server/drafts/histories.ts';
import { loadText } from '../../server/drafts/load.ts';
import { Packer } from '../../server/drafts/packer.ts';
import { takeSnapshot } from '../../server/drafts/snapshot.ts';
import '../../server/nativeHash.ts';
import type { Segment } from '../../server/store/segment.ts';
import type { DraftEntry, Journal, Store } from '../../server/store/ports.ts';
import type { RecordKinds } from '../../server/store/records.ts';
import { openSqlite } from '../../server/store/sqlite/openSqlite.ts';
import { DRAFT_FIELD } from '../../shared/document/schema.ts';

/*
 * One person's real writing of 259,778 changes (../shared/data/editing-traces, beside this checkout), an entry of the log for each. How
 * large the log is in SQLite's file, how long it takes to pack, whether the event loop and others' writes wait for it, and what opening
 * and reading back cost before and after. Times on a busy machine are upper bounds; compare those of one run.
 */
const draftId = 'draft-0123456789abcdef';
const trace = fileURLToPath(new URL('../../../shared/data/editing-traces/automerge-paper.json.gz', import.meta.url));
const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
const ms = (time: number): string => `${time.toFixed(0)} ms`;
/** Of a busy machine the time of its processors says more than that of the clock. */
const took = ({ time, cpu }: Timed<unknown>): string => `${ms(time)} (${ms(cpu)} of the processor)`;

interface Timed<T> {
  readonly value: T;
  readonly time: number;
  readonly cpu: number;
  readonly stall: number;
}

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  let stall = 0;
  let last = performance.now();
  const ticking = setInterval(() => {
    const now = performance.now();
    stall = Math.max(stall, now - last);
    last = now;
  }, 1);
  const begun = performance.now();
  const before = process.cpuUsage();
  const value = await work();
  const time = performance.now() - begun;
  const { user, system } = process.cpuUsage(before);
  await new Promise((resolve) => setTimeout(resolve, 2));
  clearInterval(ticking);
  return { value, time, cpu: (user + system) / 1000, stall };
}

/** The log of the writing; `at` a few keystrokes a second. */
async function logOfWriting(): Promise<readonly DraftEntry[]> {
  const doc = new Y.Doc();
  const entries: DraftEntry[] = [];
  let digest = '';
  let at = 1_790_000_000_000;
  doc.on('update', (bytes: Uint8Array) => {
    at += 20 + Math.floor(Math.random() * 400);
    const salt = randomBytes(16).toString('hex');
    const entry = { draftId, ordinal: entries.length + 1, kind: 'update' as const, actorId: 'p-0123456789abcdef', at, bytes, salt };
    digest = entryDigest(digest, entry);
    entries.push({ ...entry, digest });
  });
  const paragraph = new Y.XmlElement('paragraph');
  const text = new Y.XmlText();
  paragraph.insert(0, [text]);
  doc.getXmlFragment(DRAFT_FIELD).insert(0, [paragraph]);
  const writing = JSON.parse(gunzipSync(await readFile(trace)).toString('utf8')) as {
    readonly txns: readonly { readonly patches: readonly (readonly [number, number, string])[] }[];
  };
  for (const [place, out, into] of writing.txns.flatMap(({ patches }) => patches)) {
    doc.transact(() => {
      if (out > 0) text.delete(place, out);
      if (into !== '') text.insert(place, into);
    });
  }
  return entries;
}

/** Bytes of the tables of logs in the file, with their indexes and what is free in their pages. */
function sizes(file: string): { readonly entries: number; readonly segments: number } {
  const database = new DatabaseSync(file, { timeout: 60_000 });
  const of = (table: string): number =>
    Number(
      database
        .prepare('SELECT coalesce(sum(pgsize), 0) AS bytes FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = ?)')
        .get(table)?.bytes,
    );
  const found = { entries: of('draft_entries'), segments: of('draft_segments') };
  database.close();
  return found;
}

/** What it costs to read the log: from a snapshot, from the log alone, and as a history. */
async function readings(store: Store<RecordKinds>): Promise<void> {
  const { journal, snapshots } = store;
  const none = { latest: () => Promise.resolve([]) };
  const fromSnapshot = await timed(() => loadText({ journal, snapshots }, draftId));
  const fresh = fromSnapshot.value.text.whole().byteLength;
  console.log(`  opened from a snapshot in ${took(fromSnapshot)}; a fresh client is sent ${fresh} bytes of text`);
  const entries = await timed(() => readAll(journal));
  console.log(`  ${entries.value} entries read one after the other in ${took(entries)}, longest stall ${ms(entries.stall)}`);
  const fromLog = await timed(() => loadText({ journal, snapshots: none }, draftId));
  console.log(`  opened from the log alone in ${took(fromLog)}, longest stall ${ms(fromLog.stall)}`);
  const histories = new Histories(journal);
  const history = await timed(() => histories.draft({ id: draftId, lineage: 'lineage', erased: [] }, { most: 200, cuts: [], times: [] }));
  histories.close();
  console.log(`  whole history with authors in ${took(history)}, longest stall ${ms(history.stall)}`);
}

async function readAll(journal: Pick<Journal, 'readDraft'>): Promise<number> {
  let read = 0;
  for (;;) {
    const page = await journal.readDraft(draftId, read, 500);
    read += page.length;
    if (page.length < 500) return read;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shangliang-packing-'));
  const file = path.join(folder, 'shangliang.db');
  const store = await openSqlite({ file });
  const load = (): string => `load ${loadavg()[0]?.toFixed(1) ?? '?'}`;
  try {
    const log = await logOfWriting();
    const raw = log.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    for (let from = 0; from < log.length; from += 2_000) {
      const entries = log.slice(from, from + 2_000);
      await store.journal.append([{ kind: 'draft', draftId, entries }]);
      // Snapshots as they stand in a long session: two, a few hundred entries apart.
      const { ordinal } = entries.at(-1) ?? { ordinal: 0 };
      if (ordinal >= log.length - 2_000) await store.snapshots.put(takeSnapshot((await loadText(store, draftId)).text));
    }
    const before = sizes(file);
    console.log(`${log.length} entries, ${mb(raw)} of updates; ${mb(before.entries)} in the file (${load()})`);
    await readings(store);

    const silent = { info: () => undefined, warn: console.warn, error: console.error };
    const holds = { lay: 0, settle: 0 };
    const held = async <T>(what: keyof typeof holds, work: Promise<T>): Promise<T> => {
      const begun = performance.now();
      const value = await work;
      holds[what] = Math.max(holds[what], performance.now() - begun);
      return value;
    };
    const packing = {
      packed: store.packing.packed,
      lay: (segment: Segment) => held('lay', store.packing.lay(segment)),
      settle: (id: string) => held('settle', store.packing.settle(id)),
    };
    const packer = new Packer({ ...store, packing, log: silent });
    const waits: number[] = [];
    let under = true;
    const others = (async () => {
      for (let ordinal = 1; under; ordinal += 1) {
        const entry = { ...(log[0] as DraftEntry), draftId: 'another', ordinal };
        const begun = performance.now();
        await store.journal.append([{ kind: 'draft', draftId: 'another', entries: [entry] }]);
        waits.push(performance.now() - begun);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const before10 = await timed(() => new Promise((resolve) => setTimeout(resolve, 10_000)));
    console.log(`ten seconds without packing: longest stall of the event loop ${ms(before10.stall)}`);
    const quiet = waits.splice(0).toSorted((a, b) => a - b);
    const packed = await timed(() => packer.pack(draftId, 256));
    under = false;
    await others;
    const busy = waits.toSorted((a, b) => a - b);
    const shown = (sorted: readonly number[]): string =>
      [0.5, 0.99, 1].map((share) => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(0)).join(' / ');
    const { entries, segments, to } = packed.value;
    console.log(`packed ${entries} entries into ${segments} segments of together ${mb(to)} in ${took(packed)} (${load()})`);
    console.log(
      `  longest stall of the event loop ${ms(packed.stall)}; laying one segment took at most ${ms(holds.lay)}, letting go ${ms(holds.settle)}`,
    );
    console.log(`  writes of another draft meanwhile, p50 / p99 / longest: ${shown(busy)} ms; before: ${shown(quiet)} ms`);
    const after = sizes(file);
    const left = after.entries + after.segments;
    console.log(
      `  in the file ${mb(after.segments)} of segments and ${mb(after.entries)} of single entries: ${((left / before.entries) * 100).toFixed(1)} %`,
    );
    await readings(store);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
