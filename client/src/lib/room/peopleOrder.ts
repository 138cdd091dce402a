import { roles } from '#shared/domain/participants/roles.ts';
import type { Participant } from '#shared/domain/state.ts';
import type { PresenceEntry } from '#shared/protocol/messages.ts';

export interface PersonEntry {
  readonly participant: Participant;
  readonly name: string;
  readonly typing: PresenceEntry['typing'];
}

export interface PeopleLists {
  readonly here: readonly PersonEntry[];
  readonly away: readonly PersonEntry[];
  readonly removed: readonly PersonEntry[];
}

/** The participants of a room: who is here, who is not, who was removed; each list by role, then by name. */
export function peopleLists(
  participants: Iterable<Participant>,
  presence: readonly PresenceEntry[],
  nameOf: (id: string) => string,
  language: string,
): PeopleLists {
  const typing = new Map(presence.map((entry) => [entry.participantId, entry.typing]));
  const compare = new Intl.Collator(language, { numeric: true }).compare;
  const entries = [...participants]
    .map((participant) => ({ participant, name: nameOf(participant.id), typing: typing.get(participant.id) ?? null }))
    .sort((one, other) => roles.indexOf(one.participant.role) - roles.indexOf(other.participant.role) || compare(one.name, other.name));
  const is = (entry: PersonEntry) =>
    entry.participant.standing === 'removed' ? 'removed' : typing.has(entry.participant.id) ? 'here' : 'away';
  return {
    here: entries.filter((entry) => is(entry) === 'here'),
    away: entries.filter((entry) => is(entry) === 'away'),
    removed: entries.filter((entry) => is(entry) === 'removed'),
  };
}
