import { textAt } from '#shared/document/history/textAt.ts';
import type { Comment, DraftState, DraftVersion, RoomState } from '#shared/domain/state.ts';
import type { DraftLogPage, DraftMoment, HistoryView, VersionView } from '#shared/protocol/historyView.ts';
import type { PersonView } from '#shared/protocol/messages.ts';
import { HistoryTooLarge } from '../drafts/histories.ts';
import type { Histories } from '../drafts/histories.ts';
import type { LiveRoom } from '../rooms/liveRoom.ts';
import type { InRoom } from './inRoom.ts';
import type { Reply, Route, RouteContext } from './route.ts';
import { refusal, route } from './route.ts';

/** Stops of a history: as many as a slider has places; more only where something happened beside the draft. */
const stops = { initial: 600, most: 2_000, beside: 600 };
const entriesPerPage = 1_000;
/** Bytes of updates in a page of a log; a single one may be larger. */
export const pageBytes = 1024 * 1024;
const mebibyte = 1024 * 1024;

export interface HistoryParts {
  readonly inRoom: InRoom;
  readonly histories: Histories;
  readonly people: { inRoom(roomId: string): Promise<readonly PersonView[]> };
}

/** What a room was, moment by moment. Whoever may read the room may read how it came about: the draft was on everybody's screen. */
export function historyRoutes({ inRoom, histories, people }: HistoryParts): readonly Route[] {
  function inDraft(
    { params, identity }: RouteContext<undefined>,
    use: (room: LiveRoom, draft: DraftState) => Promise<Reply>,
  ): Promise<Reply> {
    return inRoom(params, identity, 'room:read', async (room) => {
      const draft = room.state.drafts.get(params['draftId'] ?? '');
      if (draft === undefined) return refusal({ code: 'unknownDraft' });
      try {
        return await use(room, draft);
      } catch (error) {
        if (error instanceof HistoryTooLarge) return refusal({ code: 'historyTooLarge', most: error.most, got: error.got });
        throw error;
      }
    });
  }

  return [
    route({ method: 'get', path: '/rooms/:roomId/history', scope: 'read', who: 'anybody', holds: mebibyte }, ({ identity, params }) =>
      inRoom(params, identity, 'room:read', async (room) => {
        const json = historyView(room, await people.inRoom(room.id));
        return { status: 200, json, pack: true };
      }),
    ),

    route(
      { method: 'get', path: '/rooms/:roomId/drafts/:draftId/history', scope: 'read', who: 'anybody', heavy: true, holds: 8 * mebibyte },
      (context) =>
        inDraft(context, async (room, draft) => {
          const most = numberOf(context.query['stops'], stops.initial);
          if (most === null || most < 1 || most > stops.most) return refusal({ code: 'malformed', field: 'stops' });
          const cuts = draft.versions.map(({ ordinal }) => ordinal);
          const wanted = { most, cuts, times: timesBeside(room.state) };
          return { status: 200, packed: await histories.packed(draft, wanted, context.identity.principal === null) };
        }),
    ),

    route(
      {
        method: 'get',
        path: '/rooms/:roomId/drafts/:draftId/history/:ordinal',
        scope: 'read',
        who: 'anybody',
        heavy: true,
        holds: 8 * mebibyte,
      },
      (context) =>
        inDraft(context, async (_room, told) => {
          const { id, lineage } = told;
          const wanted = numberOf(context.params['ordinal'], null);
          if (wanted === null) return refusal({ code: 'malformed', field: 'ordinal' });
          const draft = await histories.at(told, wanted);
          const { ordinal = 0, at = 0 } = draft.moments[0] ?? {};
          const json: DraftMoment = { draftId: id, lineage, ordinal, at, nodes: textAt(draft, 0) };
          return { status: 200, json, pack: true };
        }),
    ),

    route({ method: 'get', path: '/rooms/:roomId/drafts/:draftId/log', scope: 'read', who: 'anybody', holds: 4 * mebibyte }, (context) =>
      inDraft(context, async (_room, draft) => {
        const after = numberOf(context.query['after'], 0);
        const limit = numberOf(context.query['limit'], 200);
        if (after === null || limit === null || limit < 1) return refusal({ code: 'malformed', field: 'after' });
        const page = await histories.entries(draft, after, Math.min(limit, entriesPerPage), pageBytes);
        // The bytes are written as base64 while they are sent.
        const entries = page.map(({ draftId: _draft, ...entry }) => entry);
        const json: Sent<DraftLogPage> = { lineage: draft.lineage, entries, next: page.at(-1)?.ordinal ?? null };
        return { status: 200, json, pack: true };
      }),
    ),
  ];
}

/** A page of a log before it is written: bytes are no base64 yet. */
type Sent<P extends DraftLogPage> = Omit<P, 'entries'> & {
  readonly entries: readonly (Omit<P['entries'][number], 'bytes'> & { readonly bytes: Uint8Array })[];
};

function historyView(room: LiveRoom, names: readonly PersonView[]): HistoryView {
  const { state, head } = room;
  return {
    roomId: room.id,
    title: state.title.text ?? '',
    status: state.status === 'closed' ? 'closed' : 'open',
    createdAt: state.createdAt,
    head,
    drafts: [...state.drafts.values()].map(({ id, title, lineage, versions }) => ({
      id,
      title: title?.text ?? null,
      lineage,
      versions: versions.map(versionView),
    })),
    people: names,
  };
}

function versionView({ number, ordinal, at, contentHash, cause, name }: DraftVersion): VersionView {
  return { number, ordinal, at, contentHash, cause, label: name?.label.text ?? null, by: name?.by ?? null };
}

/** When comments came, so that the text beside each is the one it was written to; with very many comments not beside each. */
function timesBeside(state: RoomState): readonly number[] {
  const step = Math.max(1, Math.ceil(state.comments.length / stops.beside));
  const times: number[] = [];
  let index = 0;
  for (const { at } of state.comments as Iterable<Comment>) if (index++ % step === 0) times.push(at);
  return times;
}

/** A whole number from 0; `initial` where nothing is written, null where it is something else. */
function numberOf<T>(given: string | undefined, initial: T): number | T | null {
  if (given === undefined) return initial;
  return /^\d{1,10}$/.test(given) ? Number(given) : null;
}
