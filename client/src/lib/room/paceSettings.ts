import type { RoomSettings } from '#shared/domain/room/events.ts';

/** Slow mode, limit and review as the settings dialog edits them. */
export interface PaceFields {
  /** Seconds between two comments of one person; 0 is off. */
  readonly slowSeconds: number;
  /** As typed. */
  readonly perPerson: string;
  readonly reviewObservers: boolean;
}

export const slowChoices = [0, 10, 30, 60, 300, 900] as const;
export const MOST_PER_PERSON = 10_000;

export function paceOfSettings({ slowModeMs = 0, commentsPerPerson = 0, review = 'nobody' }: RoomSettings): PaceFields {
  return { slowSeconds: Math.round(slowModeMs / 1000), perPerson: String(commentsPerPerson), reviewObservers: review === 'observers' };
}

/** Whether what was typed as the limit is none. */
export function paceProblem({ perPerson }: PaceFields): boolean {
  const typed = perPerson.normalize('NFKC').trim();
  return typed !== '' && !(/^\d{1,5}$/.test(typed) && Number(typed) <= MOST_PER_PERSON);
}

export function settingsOfPace({ slowSeconds, perPerson, reviewObservers }: PaceFields) {
  return {
    slowModeMs: slowSeconds * 1000,
    commentsPerPerson: Number(perPerson.normalize('NFKC').trim() || 0),
    review: reviewObservers ? ('observers' as const) : ('nobody' as const),
  };
}

export function isSamePace(settings: RoomSettings, pace: PaceFields): boolean {
  const { slowModeMs = 0, commentsPerPerson = 0, review = 'nobody' } = settings;
  const next = settingsOfPace(pace);
  return next.slowModeMs === slowModeMs && next.commentsPerPerson === commentsPerPerson && next.review === review;
}
