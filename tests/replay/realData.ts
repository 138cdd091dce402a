import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** Real data lies beside the checkout and is read where it lies. */
const folder = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** Whether a file of the real data is there; says so where it is not, since its tests are skipped then. */
export function isThere(file: string): boolean {
  const there = existsSync(path.join(folder, file));
  if (!there) console.log(`skipped: ../shared/data/${file} is not beside this checkout`);
  return there;
}

function read(file: string): string {
  return gunzipSync(readFileSync(path.join(folder, file))).toString('utf8');
}

/** One change of a text: at, so many characters out, these in. */
export type Patch = readonly [at: number, out: number, into: string];

/** How one person wrote a text, keystroke by keystroke. */
export interface Writing {
  readonly endContent: string;
  readonly txns: readonly { readonly patches: readonly Patch[] }[];
}

/** How several wrote one text at the same time: a transaction applies to the merge of its parents. */
export interface WritingTogether {
  readonly endContent: string;
  readonly numAgents: number;
  readonly txns: readonly { readonly parents: readonly number[]; readonly agent: number; readonly patches: readonly Patch[] }[];
}

export function readTrace<T extends Writing | WritingTogether>(file: string): T {
  return JSON.parse(read(file)) as T;
}

/** One contribution to a discussion, in reading order; a heading has no author. */
export interface Contribution {
  readonly id: string;
  readonly type: 'heading' | 'comment';
  readonly parent: string | null;
  readonly thread: string;
  readonly depth: number;
  readonly text: string;
  readonly author?: string;
}

export function readDiscussion(file: string): readonly Contribution[] {
  return read(file)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Contribution);
}
