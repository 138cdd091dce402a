import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RoomSocket } from '#client/lib/room/connection.ts';
import { aShelf } from '#client/lib/room/builders.ts';
import { RoomStore } from '#client/lib/room/roomStore.svelte.ts';
import type { Change } from '#client/lib/room/standing.ts';
import type { Rejection } from '#shared/domain/rejections.ts';
import { commentOf } from '#shared/domain/state.ts';
import { administrator, invited, type RoomClient, until, type Visitor } from '../support/people.ts';
import { ServerProcess } from '../support/serverProcess.ts';

let server: ServerProcess;
let ana: Visitor;
let ben: Visitor;
let roomId: string;
let chair: RoomClient;

beforeAll(async () => {
  server = await ServerProcess.start({ env: { LIMITS: JSON.stringify({ commandsPerSecond: 1_000, commandBurst: 1_000 }) } });
  ana = await administrator(server.url, server.setupSecret);
  ({ id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Parks', visibility: 'public' }));
  ben = await invited(ana, roomId, 'member', 'ben');
  chair = await ana.join(roomId);
});

afterAll(async () => {
  chair.close();
  await server.dispose();
});

/** The store of the page on the real wire, with a browser's storage in memory. */
function aStore(who: Visitor | null, shelf = aShelf()) {
  const sockets: RoomSocket[] = [];
  const told: { readonly changes: Change[]; readonly refused: Rejection[] } = { changes: [], refused: [] };
  const store = new RoomStore(roomId, {
    open: () => {
      const extraHeaders = { origin: server.url, ...(who?.cookie == null ? {} : { cookie: who.cookie }) };
      const socket: RoomSocket = io(server.url, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        autoConnect: false,
        extraHeaders,
      });
      sockets.push(socket);
      return Promise.resolve(socket);
    },
    later: (ms, run) => {
      const timer = setTimeout(run, Math.min(ms, 20));
      return () => clearTimeout(timer);
    },
    random: Math.random,
    shelf,
    readLog: () => Promise.resolve(null),
    refused: (_command, rejection) => told.refused.push(rejection),
    moved: () => undefined,
    changed: (changes) => told.changes.push(...changes),
  });
  store.start();
  return { store, told, shelf, sockets };
}

const bodies = (store: RoomStore) => store.state.comments.toArray().map(({ body }) => body.text);
const live = (store: RoomStore) => until(() => store.phase.name === 'live', 'the store to be live');

describe('the store of the room page on the real wire', () => {
  test('[ROOM1] what the store folds is what the server has, and a command shows as its own effect once', async () => {
    const { store } = aStore(ben);
    await live(store);
    store.commands.give({ type: 'postComment', body: 'one' });
    await until(() => store.commands.list.length === 0, 'the command to be done');
    expect(bodies(store)).toEqual(['one']);
    store.stop();
  });

  test('[ROOM2] what happened while away is there on return, without a snapshot and without a gap', async () => {
    const { store, sockets } = aStore(ben);
    await live(store);
    const { state } = store;
    sockets[0]?.io.engine.close();
    await until(() => store.phase.name !== 'live', 'the loss');
    for (const body of ['two', 'three']) await chair.act({ type: 'postComment', body });
    await until(() => bodies(store).length === 3, 'the missed comments');
    // The objects that did not change are the same: nothing was loaded anew.
    expect(commentOf(store.state, 1)).toBe(commentOf(state, 1));
    store.stop();
  });

  test('[ROOM3] a lost message is fetched as soon as the next one shows the gap', async () => {
    const { store, sockets } = aStore(ben);
    await live(store);
    const before = bodies(store).length;
    const [socket] = sockets;
    const deliver = socket?.listeners('room:commits')[0];
    socket?.off('room:commits');
    await chair.reached(await chair.act({ type: 'postComment', body: 'lost' }));
    // An answer on the same socket comes behind what was published before.
    await socket?.timeout(20_000).emitWithAck('room:catchup', { after: 0 });
    if (deliver !== undefined) socket?.on('room:commits', deliver);
    await chair.act({ type: 'postComment', body: 'seen' });
    await until(() => bodies(store).length === before + 2, 'both comments');
    expect(bodies(store).slice(-2)).toEqual(['lost', 'seen']);
    store.stop();
  });

  test('[ROOM4] commands given through a kill -9 act once each, in order', async () => {
    const { store, shelf } = aStore(ben);
    await live(store);
    const before = bodies(store).length;
    const words = Array.from({ length: 12 }, (_, index) => `storm ${index}`);
    for (const [index, body] of words.entries()) {
      store.commands.give({ type: 'postComment', body });
      if (index === 5) await server.kill();
    }
    const kept = (): readonly string[] => [...shelf.held.keys()].filter((key) => !key.startsWith('shangliang/seen/'));
    expect(kept()).not.toEqual([]);
    await server.start();
    await until(() => store.commands.list.length === 0, 'all commands to be done');
    expect(bodies(store).slice(before)).toEqual(words);
    // Besides what this device saw of the history nothing is kept.
    expect(kept()).toEqual([]);
    store.stop();
    chair.close();
    chair = await ana.join(roomId);
  });

  test('[ROOM4] what was given before the page went away goes out when it comes back', async () => {
    const first = aStore(ben);
    await live(first.store);
    first.sockets[0]?.io.engine.close();
    first.store.commands.give({ type: 'postComment', body: 'from the page before' });
    first.store.stop();
    const { store } = aStore(ben, first.shelf);
    await live(store);
    await until(() => bodies(store).at(-1) === 'from the page before', 'the comment of the page before');
    await until(() => store.commands.list.length === 0, 'the command to be done');
    store.stop();
  });

  test('[ROOM5] hidden words leave everybody but author and moderators, and come back when restored', async () => {
    const author = aStore(ben);
    const watcher = aStore(null);
    await live(author.store);
    await live(watcher.store);
    await chair.act({ type: 'hideComment', comment: 1, reason: { code: 'personalData' } });
    await until(() => commentOf(watcher.store.state, 1)?.status === 'hidden', 'the hiding');
    await until(() => author.store.ownHidden(1) !== null, "the author's words");
    expect(commentOf(watcher.store.state, 1)?.body.text).toBe(undefined);
    expect(author.store.ownHidden(1)?.text).toBe('one');
    expect(watcher.store.ownHidden(1)).toBe(null);
    await chair.act({ type: 'restoreComment', comment: 1 });
    for (const { store } of [author, watcher]) await until(() => commentOf(store.state, 1)?.body.text === 'one', 'the words to be back');
    author.store.stop();
    watcher.store.stop();
  });

  test('[ROOM6] a change of rights is told with who did it, and what may be done follows', async () => {
    const { store, told } = aStore(ben);
    await live(store);
    await chair.act({ type: 'muteParticipant', participantId: store.me ?? '', reason: { code: 'disruption', note: 'twice' } });
    await until(() => told.changes.length > 0, 'the change');
    expect(told.changes.map(({ kind, by }) => [kind, by])).toEqual([['muted', chair.joined?.you.participantId]]);
    expect(store.whyNot('comment:write')).toEqual({ code: 'muted' });
    store.commands.give({ type: 'postComment', body: 'still here' });
    await until(() => store.commands.list[0]?.status.name === 'refused', 'the refusal');
    await chair.act({ type: 'unmuteParticipant', participantId: store.me ?? '' });
    await until(() => store.may('comment:write'), 'the right to be back');
    store.commands.again(store.commands.list[0]?.commandId ?? '');
    await until(() => bodies(store).at(-1) === 'still here', 'the comment');
    store.stop();
  });

  test('[ROOM7] an anonymous viewer follows and gives nothing', async () => {
    const { store } = aStore(null);
    await live(store);
    expect([store.me, store.you.audience]).toEqual([null, 'everyone']);
    expect(store.whyNot('comment:write')).toEqual({ code: 'signInNeeded' });
    store.commands.give({ type: 'postComment', body: 'nobody' });
    expect(store.commands.list).toEqual([]);
    store.stop();
  });

  test('[ROOM8] a removed person is told so for good', async () => {
    await chair.act({ type: 'changeSettings', settings: { visibility: 'private', whoComments: 'members', guests: false } });
    const { store } = aStore(ben);
    await live(store);
    await chair.act({ type: 'removeParticipant', participantId: store.me ?? '', reason: { code: 'disruption' } });
    await until(() => store.phase.name === 'refused', 'the end');
    expect(store.phase).toEqual({ name: 'refused', rejection: { code: 'removed' } });
    const again = aStore(ben);
    await until(() => again.store.phase.name === 'refused', 'the refusal');
    expect(again.store.phase).toEqual({ name: 'refused', rejection: { code: 'removed' } });
    store.stop();
    again.store.stop();
  });
});
