import { readdirSync } from 'node:fs';
import { lookAtWhatIsLeft } from '../support/leftBehind.ts';
import type { Fault, Row, Scale } from './row.ts';
import { inspect } from './support/inspect.ts';

/** A test that can be run: `T1`, and the file it is in. */
export interface FaultFile {
  readonly test: string;
  readonly file: string;
}

/** The fault tests there are, in the order of their numbers. */
export function faultFiles(): readonly FaultFile[] {
  return readdirSync(new URL('.', import.meta.url))
    .flatMap((file) => {
      const number = /^t(\d\d)-[\w-]+\.ts$/.exec(file)?.[1];
      return number === undefined ? [] : [{ test: `T${Number(number)}`, file }];
    })
    .sort((a, b) => Number(a.test.slice(1)) - Number(b.test.slice(1)));
}

export async function loadFault({ file }: FaultFile): Promise<Fault> {
  return (await import(new URL(file, import.meta.url).href)) as Fault;
}

/**
 * Runs a test; what it throws becomes a row that failed, and so does what is wrong with any installation that it leaves: everything
 * that `npm run doctor` looks at is looked at before it is removed.
 */
export async function rowsOf(fault: FaultFile, scale: Scale, seed: number): Promise<readonly Row[]> {
  const wrong: string[] = [];
  let looked = 0;
  lookAtWhatIsLeft(async (dataDir) => {
    looked += 1;
    wrong.push(...(await inspect(dataDir)));
  });
  try {
    const found = await (await loadFault(fault)).run(scale, seed);
    const rows = 'test' in found ? [found] : found;
    const done = rows.some(({ skipped }) => skipped === undefined);
    if (wrong.length > 0) return [...rows, brokenRow(fault.test, seed, `left behind: ${wrong.slice(0, 8).join('; ')}`)];
    return looked === 0 && done ? [...rows, brokenRow(fault.test, seed, 'left nothing that could be looked at')] : rows;
  } catch (error) {
    return [brokenRow(fault.test, seed, error instanceof Error ? (error.stack ?? error.message) : String(error))];
  }
}

/** A row of a test that broke before it could say what it found. */
export function brokenRow(test: string, seed: number, notes: string): Row {
  return { test, seed, done: 'broke off', lost: 0, doubled: 0, stallMs: null, memoryMb: null, passed: false, notes };
}
