import { RunSet } from '#shared/document/erasing/runSet.ts';
import { bodies, id as idSchema } from '#shared/protocol/schemas.ts';
import type { Limits } from '#shared/domain/limits.ts';
import { systemActor } from '#shared/domain/decision.ts';
import type { Actor } from '#shared/domain/decision.ts';
import { whyNot } from '#shared/domain/rules.ts';
import type { DraftState } from '#shared/domain/state.ts';
import type { FoundPassage, FoundPlaces, WantedPassage } from '#shared/document/history/passages.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import type { PassagePlaces, PassageView } from '#shared/protocol/historyView.ts';
import type { Accounts } from '../access/accounts.ts';
import { Buckets } from '../access/buckets.ts';
import type { Identity } from '../access/identity.ts';
import { newId } from '../access/secrets.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Erasures } from '../rooms/erasures.ts';
import type { PersonErasure } from '../rooms/personErasure.ts';
import type { Histories } from '../drafts/histories.ts';
import type { LiveRoom } from '../rooms/liveRoom.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { People } from '../access/people.ts';
import type { InRoom } from './inRoom.ts';
import type { Reply, Route, RouteContext } from './route.ts';
import { refusal, route } from './route.ts';

/** So many people an administrator is shown at once. */
const shown = 50;

export interface ErasureRouteParts {
  readonly inRoom: InRoom;
  readonly histories: Histories;
  readonly people: Pick<People, 'actorIn'>;
  readonly rooms: Rooms;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly erasures: Erasures;
  readonly persons: PersonErasure;
  readonly limits: Limits;
  readonly now: () => number;
}

/** Erasing on demand: texts and people by an administrator, and one's own account. Members and moderators erase texts by a command. */
export function erasureRoutes(parts: ErasureRouteParts): readonly Route[] {
  const { inRoom, histories, people, rooms, accounts, sessions, erasures, persons, limits, now } = parts;
  const tries = new Buckets(limits.signInsPerMinutePerAccount / 60, limits.signInsPerMinutePerAccount, now);
  const keeps = (identity: Identity): boolean => identity.admin && identity.via === 'cookie';

  /** Runs `use` for who moderates the room, and for the administrator in any room. */
  async function inDraft<T>(
    { params, identity }: RouteContext<T>,
    use: (room: LiveRoom, draft: DraftState, actor: Actor) => Promise<Reply>,
  ): Promise<Reply> {
    const within = (room: LiveRoom, actor: Actor): Promise<Reply> => {
      const draft = room.state.drafts.get(params['draftId'] ?? '');
      return draft === undefined ? Promise.resolve(refusal({ code: 'unknownDraft' })) : use(room, draft, actor);
    };
    if (!keeps(identity)) return inRoom(params, identity, 'text:erase', within);
    const roomId = idSchema.safeParse(params['roomId']);
    if (!roomId.success) return refusal({ code: 'notFound' });
    const { actor } = await people.actorIn(roomId.data, identity);
    return rooms.with(roomId.data, (room) => within(room, whyNot(room.state, actor, 'text:erase') === null ? actor : systemActor));
  }

  async function passage(draft: DraftState, of: WantedPassage): Promise<FoundPassage | Rejection> {
    const length = 'words' in of ? of.words.length : of.runs.reduce((sum, [, , run]) => sum + run, 0);
    if (length > limits.erasedLength) return { code: 'textTooLong', most: limits.erasedLength, got: length };
    return (await histories.passage(draft, of)) ?? { code: 'unknownPassage' };
  }

  return [
    route(
      {
        method: 'post',
        path: '/rooms/:roomId/drafts/:draftId/passages',
        scope: 'write',
        who: 'signedIn',
        body: bodies.passage,
        heavy: true,
      },
      (context) =>
        inDraft(context, async (_room, draft) => {
          const found = await passage(draft, context.body.of);
          if ('code' in found) return refusal(found);
          const { lines, here, elsewhere } = found;
          const json: PassageView = { lines, here: placesView(here), elsewhere: placesView(elsewhere) };
          return { status: 200, json };
        }),
    ),

    route(
      {
        ...{ method: 'post', path: '/rooms/:roomId/drafts/:draftId/erasures', scope: 'write', who: 'signedIn' },
        ...{ body: bodies.erasePassage, heavy: true },
      },
      (context) =>
        inDraft(context, async (room, draft, actor) => {
          const { of, elsewhere, under, reason } = context.body;
          const found = await passage(draft, of);
          if ('code' in found) return refusal(found);
          const places = [found.here, ...(elsewhere ? [found.elsewhere] : [])];
          const runs = new RunSet(places.flatMap((place) => [...place.runs, ...(under ? place.under.runs : [])])).runs();
          if (runs.length === 0) return refusal({ code: 'alreadySo' });
          const span = await histories.span(draft, runs);
          const command = { type: 'erasePassage', draftId: draft.id, runs, ...span, lines: found.lines, reason } as const;
          const answer = await erasures.submit(room, actor, `erase-${newId()}`, command);
          return answer.ok ? { status: 200, json: { seq: answer.seq } } : refusal(answer.rejection);
        }),
    ),

    route(
      { method: 'post', path: '/rooms/:roomId/erasures', scope: 'write', who: 'account', body: bodies.eraseText },
      async ({ identity, params, body }) => {
        if (!keeps(identity)) return refusal({ code: 'notAllowed' });
        const roomId = idSchema.safeParse(params['roomId']);
        if (!roomId.success) return refusal({ code: 'notFound' });
        return rooms.with(roomId.data, async (room) => {
          const answer = await erasures.submit(room, systemActor, `erase-${newId()}`, { type: 'eraseText', ...body });
          return answer.ok ? { status: 200, json: { seq: answer.seq } } : refusal(answer.rejection);
        });
      },
    ),

    route({ method: 'get', path: '/people', scope: 'read', who: 'account' }, async ({ identity, query }) => {
      if (!keeps(identity)) return refusal({ code: 'notAllowed' });
      const people = await persons.find((query['q'] ?? '').slice(0, 200), shown);
      return { status: 200, json: { people } };
    }),

    route(
      { method: 'post', path: '/people/erasures', scope: 'write', who: 'account', body: bodies.erasePerson },
      async ({ identity, body }) => {
        if (!keeps(identity)) return refusal({ code: 'notAllowed' });
        const { principal, texts, reason } = body;
        const known = await persons.known(principal);
        if (known === 'unknown') return refusal({ code: 'unknownParticipant' });
        if (known === 'administrator') return refusal({ code: 'lastAdministrator' });
        await persons.erase(principal, { as: 'administrator', texts, reason });
        return { status: 204 };
      },
    ),

    route({ method: 'post', path: '/me/erasure', scope: 'write', who: 'signedIn', body: bodies.eraseMe }, async ({ identity, body }) => {
      const { principal, kind, via, admin } = identity;
      if (principal === null || via !== 'cookie') return refusal({ code: 'notAllowed' });
      // Others can print the link, and what is erased stays so.
      if (kind === 'participant') return refusal({ code: 'linkRoomOnly' });
      if (admin) return refusal({ code: 'lastAdministrator' });
      const retryAfterMs = tries.take(principal);
      if (retryAfterMs > 0) return refusal({ code: 'tooFast', retryAfterMs });
      const id = principal.split(':')[1] ?? '';
      if (kind === 'account' && !(await accounts.isPassword(id, body.password ?? ''))) return refusal({ code: 'wrongCredentials' });
      await persons.erase(principal, { as: 'author', texts: body.texts, reason: null });
      return { status: 204, cookie: sessions.endCookie() };
    }),
  ];
}

function placesView({ places, more, under }: FoundPlaces): PassagePlaces {
  return { places, more, under: under.words };
}
