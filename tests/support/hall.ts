import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { EDITOR_VERSION } from '#shared/document/schema.ts';
import type { Slip } from '#shared/protocol/messages.ts';

import { Visitor } from './people.ts';
import type { RoomClient } from './people.ts';

/** Somebody who is in a room, with its draft. */
export interface Entered {
  readonly client: RoomClient;
  readonly provider: WebsocketProvider;
  readonly cookie: string;
}

/** What a phone does: it follows the link of its slip, joins the room, and fetches the draft. */
export async function enter(base: string, secret: string, roomId: string, draftId: string): Promise<Entered> {
  const visitor = new Visitor(base);
  await visitor.ok('POST', '/api/personal-links/follow', { secret });
  const client = await visitor.join(roomId);
  const cookie = visitor.cookie ?? '';
  class PhoneSocket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { headers: { origin: base, cookie } });
    }
  }
  const provider = new WebsocketProvider(`${base.replace('http', 'ws')}/yjs/${roomId}`, draftId, new Y.Doc(), {
    params: { editor: String(EDITOR_VERSION) },
    WebSocketPolyfill: PhoneSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
  return { client, provider, cookie };
}

/** Puts people on a room's list, all as members, and gives the secrets of their slips. */
export async function slipsFor(host: Visitor, roomId: string, names: readonly string[]): Promise<string[]> {
  const people = names.map((displayName) => ({ displayName, role: 'member' }));
  await host.ok('POST', `/api/rooms/${roomId}/roster`, { people });
  const { slips } = await host.ok<{ slips: readonly Slip[] }>('POST', `/api/rooms/${roomId}/slips`, { participantIds: 'all' });
  return slips.map(({ path }) => path?.split('#')[1] ?? '');
}
