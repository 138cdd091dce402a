import { expect, test } from 'vitest';
import { presenceFrame } from '#server/drafts/frames.ts';
import { administrator, until } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import './house.ts';
import { startInProcess } from './inProcess.ts';

test('[DR12] whose line was cut without a word is gone from the draft; who is silent and there stays', async () => {
  const { app, base, dispose } = await startInProcess({ askMs: 100 });
  try {
    const ana = await administrator(base, app.setupSecret ?? '');
    const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Lines' });
    const client = await ana.join(id);
    const address = `${id}/${client.joined?.snapshot?.drafts[0]?.id ?? ''}`;
    client.close();
    const open = (): Promise<DraftSocketClient> => new DraftSocketClient(base, { cookie: ana.cookie ?? '' }, address).settled();
    const [silent, watcher, cut] = [await open(), await open(), await open()];
    silent.send(presenceFrame([{ clientId: 11, clock: 1, state: '{"cursor":1}' }]));
    cut.send(presenceFrame([{ clientId: 12, clock: 1, state: '{"cursor":1}' }]));
    await until(() => watcher.presence.has(11) && watcher.presence.has(12), 'both');
    // Below the WebSocket nothing is read any more: no question reaches him, and no answer leaves.
    (cut.ws as unknown as { _socket: { pause(): void } })._socket.pause();
    await until(() => !watcher.presence.has(12), 'the end of the one that was cut');
    expect(watcher.presence.has(11)).toBe(true);
    expect([silent.closed, watcher.closed]).toEqual([null, null]);
    for (const one of [silent, watcher]) one.close();
    cut.ws.terminate();
  } finally {
    await dispose();
  }
});
