import type { WireCommit } from '#shared/domain/commit.ts';
import type { RoomEvent } from '#shared/domain/facts.ts';
import type { Moment } from '#shared/document/history/woven.ts';
import type { VersionView } from '#shared/protocol/historyView.ts';

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
 * The stops of a room and one of its drafts in the order of time: every moment of the draft, and every commit that changed what was
 * said or the stage of the room.
 */
export function stopsOf(moments: readonly Moment[], commits: readonly WireCommit[], versions: readonly VersionView[]): readonly Stop[] {
  const byMoment = new Map<number, number[]>();
  for (const { number, ordinal } of versions) {
    const moment = moments.findLastIndex((one) => one.ordinal <= ordinal);
    byMoment.set(moment, [...(byMoment.get(moment) ?? []), number]);
  }
  const stops: Stop[] = [];
  let [moment, seq] = [-1, 0];
  const push = (at: number, what: Stop['what'], own: readonly number[]): void => {
    stops.push({ at, moment, seq, what, versions: own });
  };
  for (let next = 0; next < commits.length || moment + 1 < moments.length;) {
    const commit = commits[next];
    const text = moments[moment + 1];
    if (text !== undefined && (commit === undefined || text.at < commit.at)) {
      moment += 1;
      push(text.at, 'text', byMoment.get(moment) ?? []);
    } else if (commit !== undefined) {
      next += 1;
      seq = commit.seq;
      const what = kindOf(commit);
      if (what !== null) push(commit.at, what, []);
    }
  }
  // A version of a text nobody had written in yet.
  const [first] = stops;
  const early = byMoment.get(-1);
  return first !== undefined && early !== undefined ? [{ ...first, versions: [...early, ...first.versions] }, ...stops.slice(1)] : stops;
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
