import type { StoredRecord } from './ports.ts';
import { recordIndexes } from './records.ts';

/** A value by which a record can be found, and whether it is unique within the kind. */
export interface RecordKey {
  readonly field: string;
  readonly value: string;
  readonly unique: boolean;
}

/** How both adapters store a record: as JSON text, so that a database changes no key and no number, and its keys beside it. */
export interface RecordForm {
  readonly id: string;
  readonly rev: number;
  readonly json: string;
  readonly expiresAt: number | null;
  readonly keys: readonly RecordKey[];
}

/** How many records `find` and `list` give when they are not told. */
export const defaultRecordLimit = 1000;

/**
 * The form in which a record is stored, with the given rev. Throws a TypeError if the id or an indexed field is no text: such a
 * value never reaches a database, where an object could act as an operator.
 */
export function recordForm(kind: string, record: StoredRecord, rev: number): RecordForm {
  const fields = record as unknown as { readonly [field: string]: unknown };
  const keys = indexesOf(kind).map(({ field, unique }) => ({ field, value: text(`${kind}.${field}`, fields[field]), unique }));
  const expiresAt = record.expiresAt ?? null;
  if (expiresAt !== null && !Number.isSafeInteger(expiresAt))
    throw new TypeError(`${kind}.expiresAt must be a whole number of milliseconds.`);
  if (!Number.isSafeInteger(record.rev)) throw new TypeError(`${kind}.rev must be a whole number.`);
  return { id: text(`${kind}.id`, record.id), rev, json: JSON.stringify({ ...record, rev }), expiresAt, keys };
}

/** The indexes of a kind; throws a TypeError if there is no such kind. */
export function indexesOf(kind: string): readonly { readonly field: string; readonly unique: boolean }[] {
  if (!Object.hasOwn(recordIndexes, kind)) throw new TypeError(`There is no kind of record called ${JSON.stringify(kind)}.`);
  return recordIndexes[kind as keyof typeof recordIndexes];
}

/** Throws a TypeError unless records of the kind can be found by the field. */
export function assertIndexed(kind: string, field: string): void {
  if (!indexesOf(kind).some((index) => index.field === field))
    throw new TypeError(`Records of kind ${kind} have no index on ${JSON.stringify(field)}.`);
}

/** The value if it is a text, else a TypeError. */
export function text(what: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${what} must be a text.`);
  return value;
}

/** A limit as a whole number from 0. */
export function wholeLimit(limit: number): number {
  return Math.max(0, Math.floor(limit));
}
