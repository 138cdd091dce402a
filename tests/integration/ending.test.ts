import { describe, expect, test } from 'vitest';
import { createEnding } from '#server/ending.ts';
import type { Journal } from '#server/store/ports.ts';
import { retryCodes } from '#shared/protocol/close.ts';
import { administrator, until } from '../support/people.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { startInProcess } from './inProcess.ts';

describe('[OP10] an error nobody caught', () => {
  const faults = {
    'an exception': 'throw new Error("planned")',
    'a rejection': 'Promise.reject(new Error("planned"))',
  };
  test.for(Object.entries(faults))('%s ends the process with 1, in order, and nothing that was acknowledged is lost', async ([, fault]) => {
    const planned = `data:text/javascript,${encodeURIComponent(`process.on("SIGUSR2", () => { ${fault}; });`)}`;
    const server = await ServerProcess.start({ env: { NODE_OPTIONS: `--import=${planned}` } });
    try {
      const ana = await administrator(server.url, server.setupSecret);
      const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Breaking', visibility: 'public' });
      const room = await ana.join(id);
      const draft = new DraftSocketClient(server.url, { cookie: ana.cookie ?? '' }, `${id}/${room.joined?.snapshot?.drafts[0]?.id ?? ''}`);
      await (await draft.settled()).synced();
      draft.sendUpdate(draft.typed('an edit'));
      await until(() => draft.saved === 1, 'the edit to be stored');
      await room.act({ type: 'postComment', body: 'a comment' });
      process.kill(server.pid ?? 0, 'SIGUSR2');
      expect(await server.ended()).toBe(1);
      expect(server.output).toContain('planned');
      // Sent away with the code that says come back in a moment, not cut off.
      expect(await draft.ended()).toBe(retryCodes.restart);
      await server.start();
      const again = await ana.join(id);
      expect(JSON.stringify(again.joined?.snapshot)).toContain('a comment');
      const read = new DraftSocketClient(server.url, { cookie: ana.cookie ?? '' }, `${id}/${again.joined?.snapshot?.drafts[0]?.id ?? ''}`);
      expect((await (await read.settled()).synced()).text).toBe('an edit');
      read.close();
      again.close();
    } finally {
      await server.dispose();
    }
  });

  test('what was decided before is stored though it came to the store only afterwards; nothing is accepted any more', async () => {
    const gate = Promise.withResolvers<void>();
    let slow = false;
    let appending = false;
    const stored: string[] = [];
    const slowed = (journal: Journal): Journal => ({
      append: async (writes) => {
        appending = slow;
        if (slow) await gate.promise;
        const outcomes = await journal.append(writes);
        for (const write of writes) if (write.kind === 'commit') stored.push(write.commit.commandId);
        return outcomes;
      },
      readCommits: (stream, after, limit) => journal.readCommits(stream, after, limit),
      head: (stream) => journal.head(stream),
      findCommand: (stream, actorId, commandId) => journal.findCommand(stream, actorId, commandId),
      listStreams: (kind, after, limit) => journal.listStreams(kind, after, limit),
      readDraft: (draftId, after, limit) => journal.readDraft(draftId, after, limit),
    });
    const server = await startInProcess({ wrap: (store) => ({ ...store, journal: slowed(store.journal) }) });
    const ana = await administrator(server.base, server.app.setupSecret ?? '');
    const { id } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Breaking', visibility: 'public' });
    const room = await ana.join(id);
    slow = true;
    const under = room.send({ type: 'postComment', body: 'decided' }, 'decided-1aaa').catch(() => null);
    await until(() => appending, 'the command to be on its way');

    const ended = Promise.withResolvers<number>();
    const ending = createEnding({ fatal: () => undefined }, ended.resolve);
    ending.begins({ stopAccepting: () => server.app.stopAccepting(), close: () => server.dispose() });
    ending.broken(new Error('planned'), 'an error nobody caught');
    await until(() => room.socket.disconnected, 'the room to be left');
    await expect(ana.request('GET', '/healthz')).rejects.toThrow();
    expect(stored).not.toContain('decided-1aaa');
    gate.resolve();
    expect(await ended.promise).toBe(1);
    expect(stored).toContain('decided-1aaa');
    await under;
  });
});
