import type { Limits } from '#shared/domain/limits.ts';
import { newId } from '../access/secrets.ts';
import { receive } from '../files/incoming.ts';
import type { Incoming } from '../files/incoming.ts';
import type { RoomFiles } from '../files/roomFiles.ts';
import type { InRoom } from './inRoom.ts';
import type { Reply, Route } from './route.ts';
import { refusal, route } from './route.ts';

/** So many files come in at once, from one person and from all. */
const mostOfOne = 3;
const mostOfAll = 24;

export interface FileParts {
  readonly inRoom: InRoom;
  readonly files: RoomFiles;
  readonly limits: Limits;
  /** Folder where files lie while they come in. */
  readonly incomingDir: string;
}

/** Background files of a room: putting them in, and taking them out. They are removed by a command. */
export function fileRoutes({ inRoom, files, limits, incomingDir }: FileParts): readonly Route[] {
  const underWay = new Map<string, number>();

  /** Runs `work` unless this person, or all together, send too many at once. */
  async function counted(person: string, work: () => Promise<Reply>): Promise<Reply> {
    const own = underWay.get(person) ?? 0;
    let all = 0;
    for (const count of underWay.values()) all += count;
    if (own >= mostOfOne || all >= mostOfAll) return { ...refusal({ code: 'tooFast', retryAfterMs: 2_000 }), hangUp: true };
    underWay.set(person, own + 1);
    try {
      return await work();
    } finally {
      const left = (underWay.get(person) ?? 1) - 1;
      if (left > 0) underWay.set(person, left);
      else underWay.delete(person);
    }
  }

  const tooLarge = (got: number): Reply => ({ ...refusal({ code: 'fileTooLarge', most: limits.fileBytes, got }), hangUp: true });

  return [
    route(
      { method: 'post', path: '/rooms/:roomId/files', scope: 'write', who: 'signedIn' },
      // The right is asked before anything of the body is read, and by the room once more when it is here.
      ({ identity, params, query, content, contentLength, contentType }) =>
        inRoom(params, identity, 'file:manage', async (room, actor) => {
          const name = query['name'] ?? '';
          if (contentType !== 'application/octet-stream') return refusal({ code: 'malformed', field: 'Content-Type' });
          if (!name.isWellFormed() || name.includes('\u0000')) return refusal({ code: 'malformed', field: 'name' });
          if (name.trim() === '') return refusal({ code: 'emptyText' });
          if (name.length > limits.titleLength) return refusal({ code: 'textTooLong', most: limits.titleLength, got: name.length });
          if (room.state.files.length >= limits.filesPerRoom) return refusal({ code: 'tooMany', most: limits.filesPerRoom });
          if (contentLength !== null && contentLength > limits.fileBytes) return tooLarge(contentLength);
          const take = async (incoming: Incoming): Promise<Reply> => {
            if (!incoming.ok) {
              if (incoming.why === 'tooLarge') return tooLarge(incoming.got);
              return refusal(incoming.why === 'type' ? { code: 'fileTypeRefused' } : { code: 'malformed' });
            }
            const fileId = newId();
            const { file } = incoming;
            const answer = await files.add(room, actor, { fileId, name, file });
            if (!answer.ok) return refusal(answer.rejection);
            return { status: 201, json: { id: fileId, contentType: file.contentType, bytes: file.bytes, sha256: file.sha256 } };
          };
          return counted(identity.principal ?? '', () => receive(content, { folder: incomingDir, most: limits.fileBytes }, take));
        }),
    ),

    route(
      { method: 'get', path: '/rooms/:roomId/files/:fileId', scope: 'read', who: 'anybody', holds: 128 * 1024 },
      ({ identity, params, query }) =>
        inRoom(params, identity, 'room:read', async (room) => {
          const file = room.state.files.find(({ id }) => id === params['fileId']);
          if (file?.erased !== undefined) return refusal({ code: 'textErased' });
          if (file === undefined) return refusal({ code: 'unknownFile' });
          const stored = await files.get(file);
          const { contentType } = file;
          const inline = query['show'] === '1' && (contentType.startsWith('image/') || contentType === 'application/pdf');
          const name = file.name.text ?? file.id;
          return { status: 200, file: { name, contentType, bytes: stored.content, length: stored.bytes, inline } };
        }),
    ),
  ];
}
