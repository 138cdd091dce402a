/*
 * How much JavaScript a page costs, measured on the built client, and the budgets it must keep: `node scripts/budget.ts` prints the
 * table, and the build step of the checks fails where a page is over. What is counted is what crosses the network, compressed:
 *   at first   what the page names: its entries, its layouts, itself and everything they import
 *   by itself  what it fetches right after that without anybody asking: the words of its language, in a live room the editor and its wire
 *   when idle  what a live room fetches once it has nothing else to do, and nobody needs in its first second: shown, and in no budget
 *   on demand  what comes only when somebody opens it (dialogs): shown, and in no budget
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const kB = 1_000;
/** Most that a public page, a page for people inside (account, what belongs to a room) and a live room load before one can use them; bytes. */
export const budgets = { publicPage: 60 * kB, inside: 90 * kB, room: 300 * kB } as const;

const ROOM = '/rooms/[id]';
const HISTORY = '/rooms/[id]/history';
const ACCOUNT = '/account';
/** What a page fetches by itself, by the source a chunk is made of: the words of its language, and in a room the editor and its wire. */
const siteWords = /lib\/i18n\/siteWords\.(?:en|zh)\.ts$/;
const historyWords = /lib\/i18n\/historyWords\.(?:en|zh)\.ts$/;
const detailWords = /lib\/i18n\/detailWords\.(?:en|zh)\.ts$/;
const roomWords = /lib\/i18n\/roomWords\.(?:en|zh)\.ts$/;
const accountWords = /lib\/i18n\/accountWords\.(?:en|zh)\.ts$/;
const editor = /lib\/drafts\/DraftEditor\.svelte$/;
const wire = /socket\.io-client\/build\/esm\/index\.js$/;
/** What a live room fetches when it is idle; the same parts are named where they are fetched. */
const idle = [
  /lib\/drafts\/(?:tableEditing|cursors|pasteCleaning)\.ts$/,
  /lib\/drafts\/(?:DraftNews|FindBar|LinkForm|TableTools|Outline)\.svelte$/,
  /lib\/room\/(?:CommentActions|CommentMenu|PauseNotice|NextStepButton|RoomMenu|Remote|SteeringLog)\.svelte$/,
  /lib\/suggestions\/(?:SuggestionBoard|AskedNotice|GatherSelected)\.svelte$/,
  /lib\/(?:preparing\/BackgroundFiles|ui\/OfferClock|session\/PlainConnection)\.svelte$/,
];

export interface PageCost {
  readonly route: string;
  readonly first: number;
  readonly byItself: number;
  readonly whenIdle: number;
  readonly onDemand: number;
  readonly most: number;
  readonly over: boolean;
  /** The largest files of what is in the budget. */
  readonly largest: readonly { readonly file: string; readonly bytes: number }[];
}

interface Route {
  readonly id: string;
  readonly page: { readonly layouts: readonly (number | undefined)[]; readonly leaf: number } | null;
}

interface Manifest {
  readonly client: { readonly imports: readonly string[] };
  readonly routes: readonly Route[];
}

/**
 * Measures a built client.
 * @param build folder of the built client
 * @param chunks Vite's own manifest, which tells what a chunk was made of
 */
export async function pageCosts(build: string, chunks: string): Promise<readonly PageCost[]> {
  if (!existsSync(chunks)) throw new Error('What the client was built from is gone: remove build/client.stamp and build it again.');
  const { manifest } = (await import(pathToFileURL(join(build, 'server/manifest.js')).href)) as { manifest: Manifest };
  const files = new Files(join(build, 'client'));
  const sources = Object.entries(JSON.parse(readFileSync(chunks, 'utf8')) as Record<string, { file: string }>);
  /** The chunk made of a source; of several, as of languages, the largest. */
  const chunkOf = (source: RegExp): string => {
    const found = sources.filter(([name]) => source.test(name)).map(([, { file }]) => file);
    const [largest] = found.sort((a, b) => files.size(b) - files.size(a));
    if (largest === undefined) throw new Error(`No chunk is made of ${source.source}: did the file move?`);
    return largest;
  };
  return manifest.routes.flatMap(({ id, page }) => {
    if (page === null) return [];
    const nodes = [...page.layouts, page.leaf].filter((node) => node !== undefined);
    const own = nodes.flatMap((node) => nodeImports(join(build, 'server/nodes', `${node}.js`)));
    const first = files.closure([...manifest.client.imports, ...own], 'static');
    const isRoom = id === ROOM;
    const isInside = id.startsWith(`${ROOM}/`) || id === ACCOUNT;
    const words = [siteWords, ...(id.startsWith(ROOM) ? [roomWords] : []), ...(id === ACCOUNT ? [accountWords] : [])];
    if (id.startsWith(`${ROOM}/`)) words.push(id === HISTORY ? historyWords : detailWords);
    const wanted = isRoom ? [...words, editor, wire] : words;
    const chunksOf = (source: RegExp) => sources.filter(([name]) => source.test(name)).map(([, { file }]) => file);
    const byItself = minus(files.closure(wanted.map(chunkOf), 'static'), first);
    // The application's entry can fetch every page: only what this one's own files fetch is this one's.
    const entries = new Set(manifest.client.imports);
    const reachable = files.closure(
      [...first].filter((file) => !entries.has(file)),
      'all',
      entries,
    );
    const later = isRoom ? files.closure([chunkOf(detailWords), ...idle.flatMap(chunksOf)], 'static') : new Set<string>();
    const whenIdle = minus(minus(later, first), byItself);
    const onDemand = minus(minus(minus(reachable, first), byItself), whenIdle);
    const counted = [...first, ...byItself];
    const most = isRoom ? budgets.room : isInside ? budgets.inside : budgets.publicPage;
    const [atFirst, then] = [files.bytes(first), files.bytes(byItself)];
    const largest = counted.map((file) => ({ file, bytes: files.size(file) })).sort((a, b) => b.bytes - a.bytes);
    return [
      {
        route: id,
        first: atFirst,
        byItself: then,
        whenIdle: files.bytes(whenIdle),
        onDemand: files.bytes(onDemand),
        most,
        over: atFirst + then > most,
        largest: largest.slice(0, 8),
      },
    ];
  });
}

/** What a page's node names as its own files; read and not run, since running it is starting the page. */
function nodeImports(file: string): readonly string[] {
  const list = /export const imports = (\[.*\]);/.exec(readFileSync(file, 'utf8'))?.[1];
  if (list === undefined) throw new Error(`${file} names no imports`);
  return JSON.parse(list) as string[];
}

/** The scripts of a built client, with what each imports. */
class Files {
  readonly #folder: string;
  readonly #sizes = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Bytes of a script as it crosses the network. */
  size(file: string): number {
    const known = this.#sizes.get(file);
    if (known !== undefined) return known;
    const path = join(this.#folder, file);
    const size = existsSync(`${path}.gz`) ? statSync(`${path}.gz`).size : gzipSync(readFileSync(path)).length;
    this.#sizes.set(file, size);
    return size;
  }

  bytes(files: Iterable<string>): number {
    let sum = 0;
    for (const file of files) sum += this.size(file);
    return sum;
  }

  /** These files and all that they import, statically or in every way; `without` are not followed. */
  closure(start: readonly string[], kind: 'static' | 'all', without: ReadonlySet<string> = new Set()): Set<string> {
    const found = new Set<string>();
    const waiting = start.filter((file) => file.endsWith('.js'));
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (found.has(file) || without.has(file)) continue;
      found.add(file);
      waiting.push(...this.#importsOf(file, kind));
    }
    return found;
  }

  #importsOf(file: string, kind: 'static' | 'all'): readonly string[] {
    const text = readFileSync(join(this.#folder, file), 'utf8');
    const pattern = kind === 'static' ? /(?:from|import)\s*["'](\.[^"']+\.js)["']/g : /(?:from|import)\s*\(?\s*["'`](\.[^"'`]+\.js)["'`]/g;
    return [...text.matchAll(pattern)].map(([, name]) => normalize(join(dirname(file), name ?? '')).replaceAll('\\', '/'));
  }
}

function minus(all: ReadonlySet<string>, taken: ReadonlySet<string>): Set<string> {
  return new Set([...all].filter((file) => !taken.has(file)));
}

/** The table for people: kB are thousands of bytes. */
export function budgetTable(costs: readonly PageCost[]): string {
  const cell = (bytes: number) => `${(bytes / kB).toFixed(1)}`.padStart(9);
  const rows = costs.map((cost) => {
    const columns = [cost.first, cost.byItself, cost.first + cost.byItself, cost.most, cost.whenIdle, cost.onDemand].map(cell).join(' ');
    return `${cost.route.padEnd(24)} ${columns}  ${cost.over ? 'OVER' : 'ok'}`;
  });
  const head = `${'page, kB gzip'.padEnd(24)} ${['at first', 'by itself', 'sum', 'most', 'when idle', 'on demand'].map((name) => name.padStart(9)).join(' ')}`;
  return [head, ...rows].join('\n');
}

if (process.argv[1] === import.meta.filename) {
  const [build = 'build/client', chunks = 'client/.svelte-kit/output/client/.vite/manifest.json'] = process.argv
    .slice(2)
    .filter((argument) => !argument.startsWith('--'));
  const costs = await pageCosts(build, chunks);
  console.log(budgetTable(costs));
  for (const { route, over, largest } of costs) {
    if (!over && !process.argv.includes('--files')) continue;
    console.log(`\n${route}:\n${largest.map(({ file, bytes }) => `  ${(bytes / kB).toFixed(1).padStart(7)} ${file}`).join('\n')}`);
  }
  if (costs.some(({ over }) => over)) process.exitCode = 1;
}
