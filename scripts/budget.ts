/*
 * What a page asks for until it can be used, measured on the built client, and the budgets it must keep: `node scripts/budget.ts` prints the
 * table, and the build step of the checks fails where a page is over. On a slow line a request costs half a second whatever it brings, so
 * requests count as much as bytes. Counted are the page itself, its scripts with all they import, its styles, the words of its language and, for a
 * live room, its two sockets; bytes as they cross the network, without those of the page itself, which hang on what the room holds.
 * How long that takes is measured by `npm run bench -- page`.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const kB = 1_000;
/** Most that a public page, a page for people inside (account, what belongs to a room) and a live room ask for before one can use them. */
export const budgets = {
  publicPage: { requests: 20, bytes: 85 * kB },
  inside: { requests: 25, bytes: 110 * kB },
  room: { requests: 25, bytes: 330 * kB },
} as const;
/** Styles smaller than this stand in the page: see svelte.config.js. */
const INLINE_BYTES = 5_000;

const ROOM = '/rooms/[id]';
const HISTORY = '/rooms/[id]/history';
const ACCOUNT = '/account';
/** What a page fetches by itself, by the source a chunk is made of: the words of its language, and in a room the editor and its wire. */
const siteWords = /lib\/i18n\/siteWords\.(?:en|zh)\.ts$/;
const historyWords = /lib\/i18n\/historyWords\.(?:en|zh)\.ts$/;
const detailWords = /lib\/i18n\/detailWords\.(?:en|zh)\.ts$/;
const roomWords = /lib\/i18n\/roomWords\.(?:en|zh)\.ts$/;
const accountWords = /lib\/i18n\/accountWords\.(?:en|zh)\.ts$/;
export interface PageCost {
  readonly route: string;
  readonly requests: number;
  readonly bytes: number;
  readonly most: { readonly requests: number; readonly bytes: number };
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
    const own = nodes.flatMap((node) => nodeList(join(build, 'server/nodes', `${node}.js`), 'imports'));
    const first = files.closure([...manifest.client.imports, ...own]);
    const isRoom = id === ROOM;
    const isInside = id.startsWith(`${ROOM}/`) || id === ACCOUNT;
    const words = [siteWords, ...(id.startsWith(ROOM) ? [roomWords] : []), ...(id === ACCOUNT ? [accountWords] : [])];
    if (id.startsWith(`${ROOM}/`)) words.push(id === HISTORY ? historyWords : detailWords);
    const scripts = new Set([...first, ...files.closure(words.map(chunkOf))]);
    const sheets = nodes.flatMap((node) => nodeList(join(build, 'server/nodes', `${node}.js`), 'stylesheets'));
    const styles = [...new Set(sheets)].filter((file) => files.rawSize(file) >= INLINE_BYTES);
    const counted = [...scripts, ...styles];
    // The page, its icon, and what holds early clicks; two sockets in a room.
    const requests = counted.length + 3 + (isRoom ? 2 : 0);
    const bytes = files.bytes(counted);
    const most = isRoom ? budgets.room : isInside ? budgets.inside : budgets.publicPage;
    const largest = counted.map((file) => ({ file, bytes: files.size(file) })).sort((a, b) => b.bytes - a.bytes);
    const over = requests > most.requests || bytes > most.bytes;
    return [{ route: id, requests, bytes, most, over, largest: largest.slice(0, 8) }];
  });
}

/** What a page's node names as its own files; read and not run, since running it is starting the page. */
function nodeList(file: string, name: 'imports' | 'stylesheets'): readonly string[] {
  const list = new RegExp(`export const ${name} = (\\[.*\\]);`).exec(readFileSync(file, 'utf8'))?.[1];
  if (list === undefined) throw new Error(`${file} names no ${name}`);
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

  /** Bytes of a file as it lies on the disk. */
  rawSize(file: string): number {
    return statSync(join(this.#folder, file)).size;
  }

  bytes(files: Iterable<string>): number {
    let sum = 0;
    for (const file of files) sum += this.size(file);
    return sum;
  }

  /** These scripts and all that they import statically. */
  closure(start: readonly string[]): Set<string> {
    const found = new Set<string>();
    const waiting = start.filter((file) => file.endsWith('.js'));
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (found.has(file)) continue;
      found.add(file);
      waiting.push(...this.#importsOf(file));
    }
    return found;
  }

  #importsOf(file: string): readonly string[] {
    const text = readFileSync(join(this.#folder, file), 'utf8');
    const pattern = /(?:from|import)\s*["'](\.[^"']+\.js)["']/g;
    return [...text.matchAll(pattern)].map(([, name]) => normalize(join(dirname(file), name ?? '')).replaceAll('\\', '/'));
  }
}

/** The table for people: kB are thousands of bytes. */
export function budgetTable(costs: readonly PageCost[]): string {
  const cell = (value: number, digits = 0) => value.toFixed(digits).padStart(9);
  const rows = costs.map(({ route, requests, bytes, most, over }) => {
    const columns = [cell(requests), cell(most.requests), cell(bytes / kB, 1), cell(most.bytes / kB, 1)].join(' ');
    return `${route.padEnd(24)} ${columns}  ${over ? 'OVER' : 'ok'}`;
  });
  const head = `${'page'.padEnd(24)} ${['requests', 'most', 'kB', 'most'].map((name) => name.padStart(9)).join(' ')}`;
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
