import { htmlDocument } from '#shared/document/export/html.ts';
import { markdownDocument } from '#shared/document/export/markdown.ts';
import type { Json } from '#shared/lib/canonical.ts';
import type { DraftDocument } from '../drafts/draftText.ts';
import { docxWhenAsked } from '../exports/docxWhenAsked.ts';
import { fileName } from './fileName.ts';
import type { InRoom } from './inRoom.ts';
import type { Route } from './route.ts';
import { refusal, route } from './route.ts';

/** What a draft can be taken out as. */
const formats = {
  md: { contentType: 'text/markdown; charset=utf-8', write: markdownDocument },
  html: { contentType: 'text/html; charset=utf-8', write: htmlDocument },
  docx: { contentType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', write: docxWhenAsked },
} as const satisfies Record<
  string,
  { readonly contentType: string; readonly write: (json: Json, title: string) => string | Promise<Uint8Array> }
>;

export interface ExportParts {
  readonly inRoom: InRoom;
  readonly drafts: { document(roomId: string, draftId: string): Promise<DraftDocument> };
}

/** The durable text of a draft as a file. Who may read the room may take it with him. */
export function exportRoutes({ inRoom, drafts }: ExportParts): readonly Route[] {
  return [
    route(
      { method: 'get', path: '/rooms/:roomId/drafts/:draftId/export', scope: 'read', who: 'anybody', heavy: true, holds: 24 * 1024 * 1024 },
      ({ identity, params, query }) =>
        inRoom(params, identity, 'room:read', async (room) => {
          const draft = room.state.drafts.get(params['draftId'] ?? '');
          if (draft === undefined) return refusal({ code: 'unknownDraft' });
          const name = query['format'] ?? '';
          if (!Object.hasOwn(formats, name)) return refusal({ code: 'malformed', field: 'format' });
          const { contentType, write } = formats[name as keyof typeof formats];
          const title = draft.title?.text ?? room.state.title.text ?? '';
          const { document } = await drafts.document(room.id, draft.id);
          return { status: 200, file: { name: `${fileName(title, 'draft')}.${name}`, contentType, bytes: await write(document, title) } };
        }),
    ),
  ];
}
