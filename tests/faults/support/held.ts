import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { documentText } from '#shared/document/text.ts';
import type { Ledger } from './ledger.ts';
import { countsOf, isDense } from './ledger.ts';
import { markPattern } from './writer.ts';
import type { Writer } from './writer.ts';

/** What a test has found so far. */
export interface Found {
  lost: number;
  doubled: number;
  readonly wrong: string[];
}

export function bookkeeping(): Found {
  return { lost: 0, doubled: 0, wrong: [] };
}

/** Looks for everything acknowledged in the log. */
export function holdAgainst(ledger: Ledger, writers: readonly Writer[], found: Found, when: string): void {
  const wrong = (what: string): void => void found.wrong.push(`${when}: ${what}`);
  if (!isDense(ledger.commits.map(({ seq }) => seq))) wrong('the room has a gap');
  if (!isDense(ledger.ordinals)) wrong('the draft has a gap');
  const seqs = new Map(ledger.commits.map(({ commandId, seq }) => [commandId, seq]));
  const times = countsOf(ledger.commits.map(({ actorId, commandId }) => `${actorId}/${commandId}`));
  const doubledCommands = [...times.values()].filter((count) => count > 1).length;
  const text = documentText(ledger.doc.getXmlFragment(DRAFT_FIELD));
  const marks = countsOf(text.match(markPattern) ?? []);
  const doubledMarks = [...marks.values()].filter((count) => count > 1).length;
  if (doubledCommands + doubledMarks > 0) wrong(`${doubledCommands} commands and ${doubledMarks} marks are there twice`);
  found.doubled += doubledCommands + doubledMarks;
  for (const { commands, edits } of writers) {
    const lostCommands = commands.filter(({ state, id, seq }) => state === 'acked' && seqs.get(id) !== seq).length;
    const removed = new Set(edits.filter(({ is }) => is === 'delete').map(({ mark }) => mark));
    const lostMarks = edits.filter(({ is, mark, state }) => {
      if (is === 'delete') return state === 'acked' && marks.has(mark);
      // A mark whose removal is under way may be there or not.
      return state === 'acked' && !removed.has(mark) && !marks.has(mark);
    }).length;
    if (lostCommands + lostMarks > 0) wrong(`${lostCommands} commands and ${lostMarks} edits are gone`);
    found.lost += lostCommands + lostMarks;
  }
}
