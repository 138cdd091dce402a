import { htmlDocument } from '#shared/document/export/html.ts';
import { markdownDocument } from '#shared/document/export/markdown.ts';
import type { Actor } from '#shared/domain/decision.ts';
import type { Json } from '#shared/lib/canonical.ts';
import { OutcomeReader } from '#shared/protocol/outcomeReader.ts';
import type { OutcomeView } from '#shared/protocol/outcomeView.ts';
import { isOutcomeLang } from '#shared/protocol/outcomeWords.ts';
import { docxWhenAsked } from '../exports/docxWhenAsked.ts';
import { outcomeDocument } from '../exports/outcomeDocument.ts';
import type { LiveRoom } from '../rooms/liveRoom.ts';
import type { OutcomeParts, OutcomeRead, OutcomeScope } from '../rooms/outcomeReading.ts';
import { readOutcome, whyNoOutcome } from '../rooms/outcomeReading.ts';
import { fileName } from './fileName.ts';
import type { InRoom } from './inRoom.ts';
import type { Reply, Route } from './route.ts';
import { refusal, route } from './route.ts';

const formats = {
  docx: { contentType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', write: docxWhenAsked },
  md: { contentType: 'text/markdown; charset=utf-8', write: markdownDocument },
  html: { contentType: 'text/html; charset=utf-8', write: htmlDocument },
} as const satisfies Record<
  string,
  { readonly contentType: string; readonly write: (json: Json, title: string) => string | Promise<Uint8Array> }
>;

/** What remains of a room, for the page and as a file. Public where the room is. */
export function outcomeRoutes(parts: OutcomeParts & { readonly inRoom: InRoom }): readonly Route[] {
  async function answer(
    room: LiveRoom,
    actor: Actor,
    scope: OutcomeScope,
    reply: (read: OutcomeRead) => Reply | Promise<Reply>,
  ): Promise<Reply> {
    const why = whyNoOutcome(room.state, actor);
    return why === null ? reply(await readOutcome(parts, room, actor, scope)) : refusal(why);
  }

  return [
    route(
      { method: 'get', path: '/rooms/:roomId/outcome', scope: 'read', who: 'anybody', holds: 8 * 1024 * 1024 },
      async ({ identity, params, query }) => {
        const { comments = 'all' } = query;
        if (comments !== 'all' && comments !== 'cited') return refusal({ code: 'malformed', field: 'comments' });
        return parts.inRoom(params, identity, 'room:read', (room, actor) =>
          answer(room, actor, comments, (json) => ({ status: 200, json, pack: true })),
        );
      },
    ),

    route(
      { method: 'get', path: '/rooms/:roomId/outcome/export', scope: 'read', who: 'anybody', heavy: true, holds: 24 * 1024 * 1024 },
      ({ identity, params, query }) =>
        parts.inRoom(params, identity, 'room:read', (room, actor) =>
          answer(room, actor, 'all', async ({ outcome: rows }) => {
            const outcome: OutcomeView = { ...rows, comments: [...rows.comments] };
            const { format = '' } = query;
            if (!Object.hasOwn(formats, format)) return refusal({ code: 'malformed', field: 'format' });
            const reader = readerFor(outcome, query);
            if (reader === null) return refusal({ code: 'malformed', field: 'lang' });
            const { contentType, write } = formats[format as keyof typeof formats];
            const bytes = await write(outcomeDocument(reader), outcome.title);
            return { status: 200, file: { name: `${fileName(outcome.title, 'outcome')}.${format}`, contentType, bytes } };
          }),
        ),
    ),
  ];
}

/** `lang` and `tz` of the query, Chinese and UTC where they are left out; null where they are none. */
function readerFor(outcome: OutcomeView, query: Readonly<Record<string, string>>): OutcomeReader | null {
  const { lang = 'zh', tz = 'UTC' } = query;
  if (!isOutcomeLang(lang)) return null;
  try {
    return new OutcomeReader(outcome, lang, tz);
  } catch {
    // What is no time zone throws in Intl.
    return null;
  }
}
