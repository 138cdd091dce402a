import type { WireCommit } from '#shared/domain/commit.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import type { Moment } from '#shared/document/history/woven.ts';

/** A place of the slider: the text as of a moment of the draft (-1 before its first edit) and the room as of a commit. */
export interface Stop {
  readonly at: number;
  readonly moment: number;
  readonly seq: number;
  /** What is new at it. */
  readonly what: 'text' | 'talk' | 'stage';
  /** The versions of the draft that this text is, by number. */
  readonly versions: readonly number[];
}

/**
 * The stops of a room and one of its drafts in the order of time: every moment of the draft, every commit that changed what was said
 * or the stage of the room, and every version where it was sealed.
 */
export function stopsOf(moments: readonly Moment[], commits: readonly WireCommit[], draftId: string): readonly Stop[] {
  const stops: Stop[] = [];
  let moment = -1;
  for (let next = 0; next < commits.length || moment + 1 < moments.length;) {
    const commit = commits[next];
    const text = moments[moment + 1];
    const seq = commits[next - 1]?.seq ?? 0;
    if (text !== undefined && (commit === undefined || text.at < commit.at)) {
      moment += 1;
      stops.push({ at: text.at, moment, seq, what: 'text', versions: [] });
    } else if (commit !== undefined) {
      next += 1;
      const { at } = commit;
      const sealed = sealedIn(commit, draftId);
      const here = sealed.filter(({ ordinal }) => placeOf(moments, ordinal) === moment);
      const what = kindOf(commit) ?? (here.length > 0 ? 'stage' : null);
      if (what !== null) stops.push({ at, moment, seq: commit.seq, what, versions: here.map(({ revision }) => revision) });
      // Somebody wrote on while it was being sealed: the version is the text before that.
      for (const { ordinal, revision } of sealed) {
        const place = placeOf(moments, ordinal);
        if (place === moment) continue;
        const before = stops.findLastIndex((stop) => stop.moment === place);
        const stop = stops[before];
        if (stop !== undefined) stops[before] = { ...stop, versions: [...stop.versions, revision] };
      }
    }
  }
  return stops;
}

function sealedIn({ events }: WireCommit, draftId: string): readonly { readonly ordinal: number; readonly revision: number }[] {
  return events.flatMap(({ event }) => (event?.type === 'draft.revisionSealed' && event.draftId === draftId ? [event] : []));
}

/** The last moment whose text holds no entry behind this one; -1 before the first. */
function placeOf(moments: readonly Moment[], ordinal: number): number {
  return moments.findLastIndex((moment) => moment.ordinal <= ordinal);
}

function kindOf({ events }: WireCommit): 'talk' | 'stage' | null {
  let found: 'talk' | 'stage' | null = null;
  for (const { event } of events) {
    const kind = event === undefined ? null : kinds(event.type);
    if (kind === 'stage') return 'stage';
    found ??= kind;
  }
  return found;
}

function kinds(type: RoomEvent['type']): 'talk' | 'stage' | null {
  if (type.startsWith('comment.')) return type === 'comment.supported' || type === 'comment.supportEnded' ? null : 'talk';
  return stageTypes.has(type) ? 'stage' : null;
}

const stageTypes: ReadonlySet<RoomEvent['type']> = new Set<RoomEvent['type']>([
  'room.created',
  'room.commentingOpened',
  'room.commentingClosed',
  'room.paused',
  'room.resumed',
  'room.closed',
  'room.reopened',
  'room.archived',
  'draft.locked',
  'draft.unlocked',
]);
