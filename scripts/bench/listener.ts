import { WebSocket } from 'ws';
import { EDITOR_VERSION } from '../../shared/document/schema.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';

/** What a listener has received: frames that carry a change, and all bytes with the headers of the frames; those of presence apart. */
export interface Heard {
  changes: number;
  bytes: number;
  presence: number;
}

export const nothingHeard = (): Heard => ({ changes: 0, bytes: 0, presence: 0 });

export type Door = 'draft' | 'room' | 'relay';

/** Where a door is, and the room behind it. */
export interface Place {
  readonly base: string;
  readonly relayPort: number;
  readonly roomId: string;
  readonly draftId: string;
  /** How the room is asked for, beside version and id: as pages do, or as programs do where it is absent. */
  readonly asked?: Readonly<Record<string, unknown>>;
}

/** Step 1 of a copy that holds nothing. */
const emptyStepOne = Uint8Array.of(0, 0, 1, 0);

/**
 * Opens a socket that listens and parses nothing it need not, so that a thousand of them cost little. Resolves once it has what was
 * there before: the draft, or the room. `cookie`: whose socket it is; without it nobody's.
 */
export function listen(door: Door, place: Place, heard: Heard, cookie?: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const headers = { origin: place.base, ...(cookie === undefined ? {} : { cookie }) };
    const ws = new WebSocket(addressOf(door, place), { headers, perMessageDeflate: false });
    ws.on('error', reject);
    ws.on('close', (code) => reject(new Error(`closed with ${code}`)));
    if (door === 'relay') ws.on('open', () => resolve(ws));
    ws.on('message', (data: Buffer, binary: boolean) => {
      const bytes = data.byteLength + (data.byteLength < 126 ? 2 : data.byteLength < 65_536 ? 4 : 10);
      heard.bytes += bytes;
      if (door === 'relay') heard.changes += 1;
      else if (door === 'draft') hearDraft(data);
      else if (binary) resolve(ws);
      else hearRoom(data, bytes);
    });

    function hearDraft(data: Buffer): void {
      if (data[0] === 121) ws.send(emptyStepOne);
      else if (data[0] === 0 && data[1] === 1) resolve(ws);
      else if (data[0] === 0 && data[1] === 2) heard.changes += 1;
    }

    function hearRoom(data: Buffer, bytes: number): void {
      const start = data.toString('latin1', 0, 17);
      if (start.startsWith('0{')) ws.send('40');
      else if (start.startsWith('40'))
        ws.send(`420${JSON.stringify(['room:join', { v: PROTOCOL_VERSION, roomId: place.roomId, ...place.asked }])}`);
      else if (start.startsWith('430[{"ok":true')) resolve(ws);
      else if (start.startsWith('430')) reject(new Error(data.toString()));
      else if (start === '2') ws.send('3');
      else if (start.startsWith('42["room:commits') || start.startsWith('42["room:told')) heard.changes += 1;
      else if (start.startsWith('42["room:presence')) heard.presence += bytes;
    }
  });
}

/** Says on a line of the rooms what its person is doing. */
export function sayTyping(ws: WebSocket, typing: 'comment' | null): void {
  ws.send(`42${JSON.stringify(['presence:set', { typing }])}`);
}

function addressOf(door: Door, { base, relayPort, roomId, draftId }: Place): string {
  const server = base.replace('http', 'ws');
  if (door === 'relay') return `ws://127.0.0.1:${relayPort}`;
  return door === 'draft'
    ? `${server}/yjs/${roomId}/${draftId}?editor=${EDITOR_VERSION}`
    : `${server}/socket.io/?EIO=4&transport=websocket`;
}
