import type { Limits } from '#shared/domain/limits.ts';
import { nameFault } from '#shared/domain/participants/names.ts';
import type { Role } from '#shared/domain/participants/roles.ts';
import { roles } from '#shared/domain/participants/roles.ts';
import type { RosterPerson } from '#shared/protocol/messages.ts';
import type { RosterLine } from './parseRoster.ts';

/** Fields in which a mistake is shown. */
export type Field = keyof RosterLine;

export type Problem =
  | { readonly field: 'displayName'; readonly code: 'empty' | 'twice' | 'nameInvisible' | 'nameMixed' }
  | { readonly field: Field; readonly code: 'tooLong'; readonly most: number; readonly got: number }
  | { readonly field: 'handle'; readonly code: 'handleInvalid' | 'handleTwice' }
  | { readonly field: 'role'; readonly code: 'unknownRole' | 'moderatorNotAllowed' };

export interface CheckedLine {
  readonly line: RosterLine;
  readonly problems: readonly Problem[];
  /** Came by an earlier list already: sent again, this line changes nothing. */
  readonly present: boolean;
}

export interface CheckedRoster {
  readonly lines: readonly CheckedLine[];
  /** How many lines have a mistake. */
  readonly wrong: number;
  /** How many people would come in. */
  readonly fresh: number;
  /** More people than a room may have by lists. */
  readonly tooMany: boolean;
}

export interface Given {
  readonly limits: Pick<Limits, 'displayNameLength' | 'labelLength' | 'rosterSize'>;
  /** Whom earlier lists brought. */
  readonly known: readonly RosterPerson[];
  /** Role of those whose line says none. */
  readonly role: Role;
  readonly mayListModerators: boolean;
}

/** The same as the server's: letters and digits of any script, and . _ - between them; 2 to 32 long. */
const HANDLE = /^[\p{L}\p{N}](?:[\p{L}\p{N}._-]{0,30}[\p{L}\p{N}])$/u;
const labels = ['organisation', 'level', 'sector'] as const;

/** What makes two lines the same person. */
function keyOf(line: { readonly [field in 'displayName' | 'handle' | 'organisation' | 'level' | 'sector']?: string }): string {
  const word = (text: string | undefined) => (text ?? '').trim().normalize('NFC');
  const handle = word(line.handle).normalize('NFKC').toLowerCase();
  return [word(line.displayName), handle, word(line.organisation), word(line.level), word(line.sector)].join('\0');
}

/** Looks through a list as the server would, so that every mistake is seen at once and beside its line. */
export function checkRoster(list: readonly RosterLine[], given: Given): CheckedRoster {
  const { limits, known, mayListModerators } = given;
  const inside = new Set(known.map(keyOf));
  const seen = new Set<string>();
  const handles = new Set<string>();
  const lines = list.map((line): CheckedLine => {
    const problems: Problem[] = [];
    const name = line.displayName.trim();
    const key = keyOf(line);
    if (name === '') problems.push({ field: 'displayName', code: 'empty' });
    else if (name.length > limits.displayNameLength) {
      problems.push({ field: 'displayName', code: 'tooLong', most: limits.displayNameLength, got: name.length });
    } else if (seen.has(key)) problems.push({ field: 'displayName', code: 'twice' });
    const fault = name === '' ? null : nameFault(name);
    if (fault !== null) problems.push({ field: 'displayName', code: fault });
    seen.add(key);
    const handle = line.handle.trim().normalize('NFKC').toLowerCase();
    if (handle !== '') {
      if (!HANDLE.test(handle)) problems.push({ field: 'handle', code: 'handleInvalid' });
      else if (handles.has(handle)) problems.push({ field: 'handle', code: 'handleTwice' });
      handles.add(handle);
    }
    for (const label of labels) {
      const got = line[label].trim().length;
      if (got > limits.labelLength) problems.push({ field: label, code: 'tooLong', most: limits.labelLength, got });
    }
    const role = roleIn(line, given.role);
    if (role === null) problems.push({ field: 'role', code: 'unknownRole' });
    else if (role === 'moderator' && !mayListModerators) problems.push({ field: 'role', code: 'moderatorNotAllowed' });
    return { line, problems, present: inside.has(key) };
  });
  const fresh = lines.filter(({ present }) => !present).length;
  return {
    lines,
    fresh,
    wrong: lines.filter(({ problems }) => problems.length > 0).length,
    tooMany: known.length + fresh > limits.rosterSize,
  };
}

/** The role of a line, that of the list where it says none, or null for a word that is no role. */
export function roleIn(line: RosterLine, otherwise: Role): Role | null {
  if (line.role.trim() === '') return otherwise;
  return roles.find((role) => role === line.role) ?? null;
}

/** A person as the server is told. */
export interface SentPerson {
  readonly displayName: string;
  readonly role: Role;
  readonly handle?: string;
  readonly organisation?: string;
  readonly level?: string;
  readonly sector?: string;
}

/** The list in parts, each within what one request may carry. Sent again after a break, a part changes nothing. */
export function partsOf(list: readonly RosterLine[], role: Role, mostBytes: number): readonly (readonly SentPerson[])[] {
  const parts: SentPerson[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const line of list) {
    const texts = (['handle', ...labels] as const).flatMap((field) => {
      const text = line[field].trim();
      return text === '' ? [] : [[field, text] as const];
    });
    const person: SentPerson = {
      displayName: line.displayName.trim(),
      role: roleIn(line, role) ?? role,
      ...Object.fromEntries(texts),
    };
    const size = new TextEncoder().encode(JSON.stringify(person)).length + 1;
    if (bytes + size > mostBytes || parts.at(-1) === undefined) {
      parts.push([]);
      bytes = 20;
    }
    parts.at(-1)?.push(person);
    bytes += size;
  }
  return parts;
}
