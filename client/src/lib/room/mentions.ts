import { fold } from './search.ts';

/** Somebody who can be mentioned. */
export interface Mentionable {
  readonly id: string;
  readonly name: string;
  readonly here: boolean;
  /** When he last said something in this room, in milliseconds since 1970; 0 where he has not. */
  readonly spokeAt: number;
}

/** What is being completed: where its @ stands, and what was typed behind it. */
export interface Completing {
  readonly at: number;
  readonly typed: string;
}

const LONGEST = 40;

/**
 * The mention that is being written at the caret, or null. An @ begins one at the start, behind white space and behind Chinese
 * or punctuation, not behind a Latin letter or digit: mail addresses stay what they are.
 */
export function completingAt(text: string, caret: number): Completing | null {
  const before = text.slice(Math.max(0, caret - LONGEST - 1), caret);
  const found = /[@＠]([^\s@＠]*)$/u.exec(before);
  if (found === null) return null;
  const typed = found[1] ?? '';
  const at = caret - typed.length - 1;
  if (/[\p{Script=Latin}\p{N}._%+-]$/u.test(text.slice(Math.max(0, at - 2), at))) return null;
  return { at, typed };
}

/**
 * Whom the typed letters may mean, best first: names that begin with them before names that hold them, then who is here, then who
 * spoke last.
 */
export function offered(people: readonly Mentionable[], typed: string, most = 8): readonly Mentionable[] {
  const wanted = fold(typed);
  const ranked = people.flatMap((person) => {
    const name = fold(person.name);
    if (!name.includes(wanted)) return [];
    const begins = name.startsWith(wanted) || name.split(/[\s·・.,，、]+/u).some((part) => part.startsWith(wanted));
    return [{ person, begins }];
  });
  ranked.sort(
    (one, other) =>
      Number(other.begins) - Number(one.begins) ||
      Number(other.person.here) - Number(one.person.here) ||
      other.person.spokeAt - one.person.spokeAt ||
      one.person.name.localeCompare(other.person.name),
  );
  return ranked.slice(0, most).map(({ person }) => person);
}

/** The text with the mention put in, and where the caret stands behind it. */
export function withMention(text: string, { at, typed }: Completing, name: string): { readonly text: string; readonly caret: number } {
  const rest = text.slice(at + 1 + typed.length);
  const put = `@${name} `;
  return { text: `${text.slice(0, at)}${put}${rest.startsWith(' ') ? rest.slice(1) : rest}`, caret: at + put.length };
}

/** A name in a text with its @, in code units. */
export interface MentionRange {
  readonly from: number;
  readonly to: number;
  readonly id: string;
}

/** Where people are mentioned in a text. Of two names of which one begins the other, the longer one counts. */
export function mentionRanges(text: string, people: readonly { readonly id: string; readonly name: string }[]): readonly MentionRange[] {
  const longest = people.filter(({ name }) => name !== '').toSorted((one, other) => other.name.length - one.name.length);
  const ranges: MentionRange[] = [];
  for (const sign of text.matchAll(/[@＠]/gu)) {
    const from = sign.index;
    if (from < (ranges.at(-1)?.to ?? 0)) continue;
    const person = longest.find(({ name }) => text.startsWith(name, from + 1));
    if (person !== undefined) ranges.push({ from, to: from + 1 + person.name.length, id: person.id });
  }
  return ranges;
}

/** Of those who were chosen while writing, the ones whose names still stand in the text: each once, in reading order. */
export function mentionedIn(text: string, chosen: readonly { readonly id: string; readonly name: string }[]): readonly string[] {
  return [...new Set(mentionRanges(text, chosen).map(({ id }) => id))];
}
