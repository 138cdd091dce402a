import { readdirSync } from 'node:fs';
import type { Fault, Row, Scale } from './row.ts';

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

/** Runs a test; what it throws becomes a row that failed. */
export async function rowsOf(fault: FaultFile, scale: Scale, seed: number): Promise<readonly Row[]> {
  try {
    const rows = await (await loadFault(fault)).run(scale, seed);
    return 'test' in rows ? [rows] : rows;
  } catch (error) {
    return [brokenRow(fault.test, seed, error instanceof Error ? (error.stack ?? error.message) : String(error))];
  }
}

/** A row of a test that broke before it could say what it found. */
export function brokenRow(test: string, seed: number, notes: string): Row {
  return { test, seed, done: 'broke off', lost: 0, doubled: 0, stallMs: null, memoryMb: null, passed: false, notes };
}
