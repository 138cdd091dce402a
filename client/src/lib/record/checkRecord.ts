import { DraftProof } from '#shared/document/draftProof.ts';
import { outcomeOf } from '#shared/domain/outcome.ts';
import type { Finding } from '#shared/domain/proof/finding.ts';
import { RoomProof } from '#shared/domain/proof/roomProof.ts';
import type { RoomOrigin } from '#shared/domain/room/events.ts';
import type { RoomState } from '#shared/domain/state.ts';
import { commentOf, originOf, suggestionOf } from '#shared/domain/state.ts';
import type { Json } from '#shared/lib/canonical.ts';
import { canonicalJson } from '#shared/lib/canonical.ts';
import { sha256OfBytes } from '#shared/lib/hash.ts';
import type { CheckpointsView, DraftLogPage, LogEntryView } from '#shared/protocol/historyView.ts';
import type { Head, LogPage } from '#shared/protocol/messages.ts';
import type { OutcomeAnswer, OutcomeView } from '#shared/protocol/outcomeView.ts';
import type { Api } from '../api/client.ts';
import { patientGet } from '../api/patientGet.ts';
import type { Refusal, Result } from '../api/refusal.ts';
import { signatureOf } from './signature.ts';

/** What was looked at, and what of it could be checked. */
export interface RecordCounts {
  readonly entries: number;
  readonly texts: number;
  readonly comments: number;
  readonly suggestions: number;
  readonly figures: number;
  readonly edits: number;
  readonly versions: number;
  readonly finalTexts: number;
  /** Signed marks that fit the record, and of how many the signature could be checked here. */
  readonly marks: number;
  readonly signatures: number;
  /** Not checked, since this reader does not get it or it was erased. */
  readonly withheld: number;
  readonly unreadVersions: number;
}

export type RecordReport =
  | {
      readonly is: 'sound';
      readonly counts: RecordCounts;
      readonly lastAt: number;
      readonly head: Head;
      /** The record the room was made of, as this one says. */
      readonly origin: RoomOrigin | undefined;
    }
  | { readonly is: 'wrong'; readonly finding: Finding; readonly counts: RecordCounts }
  | { readonly is: 'unread'; readonly refusal: Refusal };

/** How far the reading has come: entries of the room's log and of the drafts'. */
export type OnProgress = (read: number) => void;

const commitsPerPage = 500;
const entriesPerPage = 1000;

/**
 * Reads a room's record from the server, entry by entry, and checks here, in the reader's browser, that it holds together and
 * that it gives the figures, the comments and the final texts on the page. `shown`: what the page shows; read now if it is null.
 */
export async function checkRecord(api: Api, roomId: string, shown: OutcomeView | null, onProgress: OnProgress): Promise<RecordReport> {
  const room = `/api/rooms/${encodeURIComponent(roomId)}`;
  const tally = { figures: 0, comments: 0, suggestions: 0, edits: 0, versions: 0, finalTexts: 0, unreadVersions: 0, withheld: 0 };
  const signed = { marks: 0, signatures: 0 };
  let proof = new RoomProof(roomId);
  const counts = (): RecordCounts => {
    const { entries, texts, withheldEvents, withheldTexts } = proof.counts;
    return { ...tally, ...signed, entries, texts, withheld: tally.withheld + withheldEvents + withheldTexts };
  };
  try {
    const whole = async () => value(await patientGet<OutcomeAnswer>(api, `${room}/outcome`)).outcome;
    const outcome = shown ?? (await whole());
    // What the page left out is looked at as well, and what it shows is compared as it is shown.
    const shownNumbers = new Set(outcome.comments.map(({ number }) => number));
    const leftOut = outcome.commentsLeftOut === 0 ? [] : (await whole()).comments.filter(({ number }) => !shownNumbers.has(number));
    const { checkpoints } = value(await patientGet<CheckpointsView>(api, `${room}/checkpoints`));
    for (const checkpoint of checkpoints) {
      const said = checkpoint.room === roomId ? await signatureOf(checkpoint) : 'wrong';
      if (said === 'wrong') sound({ what: 'checkpointForged', room: roomId, seq: checkpoint.size });
      if (said === 'right') signed.signatures += 1;
    }
    proof = new RoomProof(roomId, checkpoints);
    let read = 0;
    for (;;) {
      const page = value(await patientGet<LogPage>(api, `${room}/log?after=${proof.head.seq}&limit=${commitsPerPage}`));
      for (const commit of page.commits) sound(proof.take(commit));
      onProgress((read += page.commits.length));
      if (page.next !== null) continue;
      const { seq } = proof.head;
      if (page.head.seq !== seq) sound({ what: 'historyCut', room: roomId, seq: page.head.seq, end: seq });
      sound(proof.end());
      if (page.head.hash !== proof.head.hash) sound({ what: 'historyReplaced', room: roomId, seq });
      break;
    }
    signed.marks = checkpoints.length;
    checkFigures({ ...outcome, comments: [...outcome.comments, ...leftOut] }, proof.state, tally);
    for (const draftId of proof.draftIds) {
      const draft = new DraftProof(draftId, proof);
      for (;;) {
        const page = value(
          await patientGet<DraftLogPage>(
            api,
            `${room}/drafts/${encodeURIComponent(draftId)}/log?after=${draft.head.ordinal}&limit=${entriesPerPage}`,
          ),
        );
        for (const entry of page.entries) sound(draft.take(entryOf(entry)));
        onProgress((read += page.entries.length));
        if (page.next === null) break;
      }
      sound(draft.end());
      tally.edits += draft.counts.updates;
      tally.withheld += draft.counts.erased;
      tally.versions += draft.counts.revisions - draft.unread.size;
      tally.unreadVersions += draft.unread.size;
      const document = draft.document();
      const text = outcome.texts.find((candidate) => candidate.draftId === draftId);
      if (text === undefined) continue;
      if (canonicalJson(text.document) !== canonicalJson(document)) sound({ what: 'shownText', draft: draftId });
      tally.finalTexts += 1;
    }
    return {
      is: 'sound',
      counts: counts(),
      lastAt: proof.head.at,
      head: { seq: proof.head.seq, hash: proof.head.hash },
      origin: originOf(proof.state),
    };
  } catch (thrown) {
    if (thrown instanceof NotSound) return { is: 'wrong', finding: thrown.finding, counts: counts() };
    if (thrown instanceof NotRead) return { is: 'unread', refusal: thrown.refusal };
    throw thrown;
  }
}

/** Every figure with its rows, and the words of every comment and suggestion, against the fold of the record. */
function checkFigures(outcome: OutcomeView, state: RoomState, tally: { figures: number; comments: number; suggestions: number }): void {
  const counted = outcomeOf(state);
  for (const count of Object.keys(counted) as (keyof typeof counted)[]) {
    const shown = outcome.counts[count];
    // The order of people is the order of a set, which redaction does not change; compared as it is.
    if (canonicalJson(shown as unknown as Json) !== canonicalJson(counted[count] as unknown as Json))
      sound({ what: 'shownCount', count, shown: shown.length, counted: counted[count].length });
    tally.figures += 1;
  }
  for (const comment of outcome.comments) {
    const { body, authorId } = commentOf(state, comment.number) ?? {};
    if (authorId !== comment.authorId || (body?.text !== undefined && body.text !== comment.text))
      sound({ what: 'shownComment', comment: comment.number });
    tally.comments += 1;
  }
  for (const suggestion of outcome.suggestions) {
    const { ask, by } = suggestionOf(state, suggestion.number) ?? {};
    if (by !== suggestion.by || (ask?.text !== undefined && ask.text !== suggestion.ask))
      sound({ what: 'shownSuggestion', suggestion: suggestion.number });
    tally.suggestions += 1;
  }
}

function entryOf({ bytes, ...entry }: LogEntryView) {
  const raw = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
  return { ...entry, bytes: raw, bytesHash: sha256OfBytes(raw) };
}

class NotSound extends Error {
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(finding.what);
    this.finding = finding;
  }
}

class NotRead extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

function sound(finding: Finding | null): void {
  if (finding !== null) throw new NotSound(finding);
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new NotRead(result.rejection);
  return result.value;
}
