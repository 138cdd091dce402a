import type { RoomCommand } from '#shared/domain/facts.ts';
import type { GivenAnchor } from '#shared/domain/comments/events.ts';
import { systemActor } from '#shared/domain/decision.ts';
import type { Visibility } from '#shared/domain/room/events.ts';
import type { People } from '../access/people.ts';
import type { Anchor } from '#shared/document/anchors.ts';
import type { RecordStore } from '../store/ports.ts';
import type { PersonRecord, RecordKinds } from '../store/records.ts';
import type { RoomCards } from './cards.ts';
import type { LiveRoom } from './liveRoom.ts';
import type { Rooms } from './rooms.ts';
import type { SampleTexts } from './sampleTexts.ts';
import { sampleTexts } from './sampleTexts.ts';

export interface SampleParts {
  readonly records: RecordStore<RecordKinds>;
  readonly rooms: Rooms;
  readonly people: People;
  /** Writes a draft's first text and gives the anchors of the quotes in it; see drafts/firstText.ts. */
  readonly writeFirstText: (
    draftId: string,
    paragraphs: readonly string[],
    quotes: readonly string[],
  ) => Promise<readonly (Anchor | null)[]>;
  readonly cards: RoomCards;
}

/**
 * Makes the sample rooms of an installation that has none, one in each language, through the same commands people use. Every
 * step has its own command id, so a start that was cut short goes on where it stopped. Gives the ids of the sample rooms.
 */
export async function ensureSampleRooms(parts: SampleParts): Promise<ReadonlySet<string>> {
  for (const texts of sampleTexts) {
    if ((await parts.records.get('installation', texts.id)) !== null) continue;
    await parts.rooms.with(texts.id, (room) => fillSample(parts, room, texts, 'public'));
    await parts.records.insert('installation', { id: texts.id, rev: 0, value: texts.id });
  }
  await parts.cards.flush();
  return new Set(sampleTexts.map(({ id }) => id));
}

/** Fills an empty room with a sample's people, text and comments. Rejects where a step is refused. */
export async function fillSample(
  { people, writeFirstText }: Pick<SampleParts, 'people' | 'writeFirstText'>,
  room: LiveRoom,
  texts: SampleTexts,
  visibility: Visibility,
): Promise<{ readonly draftId: string; readonly seats: Readonly<Record<'moderator' | 'first' | 'second', PersonRecord>> }> {
  const seats = {
    moderator: await people.takeSeat(room.id, `sample:${room.id}:moderator`, texts.people.moderator),
    first: await people.takeSeat(room.id, `sample:${room.id}:first`, texts.people.first),
    second: await people.takeSeat(room.id, `sample:${room.id}:second`, texts.people.second),
  };
  let step = 0;
  const act = async (who: keyof typeof seats | 'system', command: RoomCommand): Promise<void> => {
    step += 1;
    const actor = who === 'system' ? systemActor : ({ kind: 'participant', id: seats[who].id } as const);
    const answer = await room.submit(actor, `${room.id}-step-${step}`, command);
    // Where somebody has set narrow limits the sample is shorter, and the installation starts all the same.
    if (!answer.ok && answer.rejection.code === 'storeUnavailable') throw new Error(`the sample room could not be made, at step ${step}`);
  };
  await act('moderator', {
    type: 'createRoom',
    creatorId: seats.moderator.id,
    title: texts.title,
    question: texts.question,
    background: texts.background,
    settings: { visibility, whoComments: 'members', guests: false },
  });
  for (const who of ['first', 'second'] as const) {
    await act('system', { type: 'admitParticipant', participantId: seats[who].id, role: 'member', via: 'invitation' });
  }
  const draftId = [...room.state.drafts.keys()][0] ?? '';
  const quotes = texts.comments.map(({ quote }) => quote ?? '');
  const anchors = await writeFirstText(draftId, texts.clauses, quotes);
  for (const [index, comment] of texts.comments.entries()) {
    const anchor = comment.quote === undefined ? null : anchors[index];
    const given: GivenAnchor | null =
      anchor === null || anchor === undefined
        ? null
        : { draftId, ...anchor, runs: anchor.runs.map(([client, clock, length]) => [client, clock, length] as const) };
    const { body, stance, answers } = comment;
    await act(comment.by, { type: 'postComment', body, parent: answers ?? null, stance: stance ?? null, anchor: given });
    for (const who of comment.supportedBy ?? []) {
      await act(who, { type: 'supportComment', comment: index + 1 });
    }
  }
  return { draftId, seats };
}
