import type { GivenAnchor } from '#shared/domain/comments/events.ts';
import { Person } from './person.ts';
import type { Plan, PlannedComment } from './plan.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Makes a room as planned, through the doors everybody uses. The host becomes its moderator. Gives the room's id and its people. */
export async function fillRoom(
  host: Person,
  plan: Plan,
  now: number,
): Promise<{ readonly id: string; readonly people: ReadonlyMap<string, Person> }> {
  const { title, question, background, visibility, whoComments = 'members' } = plan;
  const settings = { visibility, whoComments, guests: true };
  const { id } = await host.ask<{ id: string }>('POST', '/api/rooms', { title, question, background, ...settings });
  await host.join(id);
  const people = new Map<string, Person>([['host', host]]);
  try {
    for (const [key, { name, role }] of Object.entries(plan.people)) people.set(key, await seated(host, id, name, role));
    const who = (key: string): Person => {
      const person = people.get(key);
      if (person === undefined) throw new Error(`the plan of “${title}” names nobody as ${key}`);
      return person;
    };
    const writer = [...people.values()][1] ?? host;
    const anchors = await writer.write(
      plan.clauses,
      plan.comments.map(({ quote }) => quote ?? ''),
    );
    for (const [index, comment] of plan.comments.entries()) await say(who, comment, index + 1, anchors[index] ?? null);
    await gather(host, who, plan);
    for (const [index, { hidden }] of plan.comments.entries()) {
      if (hidden) await host.act({ type: 'hideComment', comment: index + 1, reason: { code: 'personalData' } });
    }
    await end(host, plan, now);
  } finally {
    for (const person of people.values()) person.leave();
  }
  return { id, people };
}

async function seated(host: Person, roomId: string, name: string, role: string): Promise<Person> {
  const { path } = await host.ask<{ path: string }>('POST', `/api/rooms/${roomId}/invitations`, { role, days: 1 });
  const person = new Person(host.base);
  await person.ask('POST', '/api/invitations/accept', { secret: path.split('#')[1], guestName: name });
  await person.join(roomId);
  return person;
}

async function say(who: (key: string) => Person, comment: PlannedComment, number: number, anchor: GivenAnchor | null): Promise<void> {
  const { by, body, answers, stance, enteredBy, support = [] } = comment;
  const given = { body, parent: answers ?? null, stance: stance ?? null, anchor };
  if (enteredBy === undefined) await who(by).act({ type: 'postComment', ...given });
  else await who(enteredBy).act({ type: 'recordSpeech', speakerId: who(by).id, ...given });
  for (const key of support) await who(key).act({ type: 'supportComment', comment: number });
}

async function gather(host: Person, who: (key: string) => Person, plan: Plan): Promise<void> {
  for (const [index, planned] of (plan.suggestions ?? []).entries()) {
    const { ask, problem, reason, from, confirmedBy = [], disputedBy = [], support = [], mergedInto } = planned;
    const suggestion = index + 1;
    const sources = from.map((comment) => ({ kind: 'comment' as const, comment }));
    const more = { ...(problem === undefined ? {} : { problem }), ...(reason === undefined ? {} : { reason }) };
    await host.act({ type: 'gatherSuggestion', sources, ask, ...more });
    for (const key of confirmedBy) await who(key).act({ type: 'confirmSuggestion', suggestion });
    for (const key of disputedBy) await who(key).act({ type: 'disputeSuggestion', suggestion });
    for (const key of support) await who(key).act({ type: 'supportSuggestion', suggestion });
    if (mergedInto !== undefined) await host.act({ type: 'mergeSuggestion', suggestion, into: mergedInto });
  }
}

async function end(host: Person, { ending, pauseNote }: Plan, now: number): Promise<void> {
  switch (ending) {
    case 'open':
      return undefined;
    case 'scheduled':
      return host.act({ type: 'scheduleRoom', startsAt: Math.ceil((now + 2 * DAY_MS) / DAY_MS) * DAY_MS + 6 * 60 * 60 * 1_000 });
    case 'paused':
      return host.act({ type: 'pauseRoom', ...(pauseNote === undefined ? {} : { note: pauseNote }) });
    case 'locked':
      await host.act({ type: 'closeCommenting' });
      return host.act({ type: 'lockDraft', draftId: host.draftId });
    case 'closed':
      return host.act({ type: 'closeRoom' });
    case 'archived':
      await host.act({ type: 'closeRoom' });
      return host.act({ type: 'archiveRoom' });
  }
}
