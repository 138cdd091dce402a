import { readFileSync } from 'node:fs';
import { presenceFrame, stepOneFrame, stepTwoFrame, updateFrame } from '#server/drafts/frames.ts';
import { frameTypes } from '#shared/protocol/frames.ts';
import { messages } from '#shared/protocol/schemas.ts';
import * as Y from 'yjs';
import { DraftSocketClient } from '../integration/draftSocket.ts';
import { routes } from '../protocol/routeTable.ts';
import { codes, tablesOf, tableWith } from '../protocol/tables.ts';
import { everyCommand } from '../support/everyCommand.ts';
import { ask, clientOf, furnish, kinds, outcomeOf } from '../support/furnished.ts';
import type { House, Kind } from '../support/furnished.ts';
import { freshCommandId, until } from '../support/people.ts';
import { logDigest } from '../support/storedLogs.ts';
import type { Row, Scale } from './row.ts';
import { paragraphUpdate } from '../support/updates.ts';

/*
 * Everything there is (routes, messages, commands, frame types: read from the code) tried by everybody whom the page of the protocol
 * gives no right to it, in his room, in another's, in one that was deleted and in none, and with payloads of wrong shapes. Afterwards the
 * logs are what they were, byte for byte. What each of those who may is answered stands in the three matrices of tests/integration.
 */

interface Found {
  cells: number;
  readonly problems: string[];
}

const outside: readonly Kind[] = ['stranger', 'ended', 'outsider', 'removed', 'linkedElsewhere'];
const readOnly: readonly Kind[] = ['observer', 'muted'];
const roleOf: Partial<Record<Kind, string>> = { guest: 'member', observer: 'observer', member: 'member', recorder: 'recorder' };

export async function run(_scale: Scale, seed: number): Promise<Row> {
  const house = await furnish();
  const found: Found = { cells: 0, problems: [] };
  const startedAt = performance.now();
  try {
    // A room that was there, with a draft, and is gone.
    const { id: goneId } = await house.ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Gone', visibility: 'public' });
    const chair = await house.ana.join(goneId);
    const goneDraft = chair.joined?.snapshot?.drafts[0]?.id ?? '';
    await chair.act({ type: 'deleteRoom' });
    chair.close();
    const gone = { roomId: goneId, draftId: goneDraft };
    const before = logDigest(house.server.dataDir);
    await tryRoutes(house, gone, found);
    await tryMessages(house, gone, found);
    await tryCommands(house, found);
    await tryFrames(house, gone, found);
    if (logDigest(house.server.dataDir) !== before) found.problems.push('the logs are not what they were');
    return {
      test: 'T7',
      seed,
      done: `${found.cells} refusals: ${routes.length} routes, ${Object.keys(messages).length} messages, ${Object.keys(everyCommand).length} commands, ${Object.keys(frameTypes).length} frame types, ${kinds.length} kinds of people`,
      lost: 0,
      doubled: 0,
      stallMs: null,
      memoryMb: null,
      passed: found.problems.length === 0,
      notes:
        found.problems.slice(0, 8).join('; ') || `logs byte-identical afterwards; ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
    };
  } finally {
    await house.server.dispose();
  }
}

/** Routes that answer the same to everybody who may ask at all, whatever room there is. */
const bodies = [undefined, {}, { $ne: null }, [], 'text', '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":1}}'];

async function tryRoutes(house: House, gone: { roomId: string; draftId: string }, found: Found): Promise<void> {
  for (const route of routes) {
    const method = route.method.toUpperCase();
    const inRoom = route.path.includes(':roomId');
    const places = inRoom
      ? [
          { roomId: house.roomId, draftId: house.draftId },
          gone,
          { roomId: 'nowhere', draftId: 'nothing' },
          { roomId: '__proto__', draftId: 'constructor' },
        ]
      : [{ roomId: '', draftId: '' }];
    for (const { roomId, draftId } of places) {
      const path = `/api${route.path.replace(':roomId', roomId).replace(':draftId', draftId).replace(/:\w+/g, 'none')}`;
      const isOwn = roomId === house.roomId;
      for (const kind of kinds) {
        const noSession = kind === 'stranger' || kind === 'ended' || (kind === 'guest' && route.who === 'account');
        const wrongToken = (kind === 'reader' && route.scope === 'write') || (kind === 'writer' && route.scope === 'read');
        const mustRefuse = (noSession && route.who !== 'anybody') || wrongToken || (inRoom && (!isOwn || outside.includes(kind)));
        if (!mustRefuse) continue;
        for (const body of method === 'GET' || method === 'DELETE' ? [undefined] : bodies) {
          const { status, json } = await ask(house.server.url, house.credentials(kind), method, path, body);
          found.cells += 1;
          if (status < 400 || status >= 500) found.problems.push(`${method} ${path} for ${kind}: ${status}`);
          const keys = Object.keys((json ?? {}) as object).join();
          if (keys !== 'rejection') found.problems.push(`${method} ${path} for ${kind} says more than a refusal: ${keys}`);
        }
      }
      // Whoever may ask and sends nonsense is refused too.
      if (route.body === undefined) continue;
      for (const kind of ['moderator', 'member'] as const)
        for (const body of bodies) {
          const { status } = await ask(house.server.url, house.credentials(kind), method, path, body);
          // A body whose every field may be left out is none the worse for being empty.
          if (status < 300 && JSON.stringify(body) === '{}') continue;
          found.cells += 1;
          if (status < 400 || status >= 500) found.problems.push(`${method} ${path} with ${JSON.stringify(body)}: ${status}`);
        }
    }
  }
}

async function tryMessages(house: House, gone: { roomId: string }, found: Found): Promise<void> {
  const payloads: readonly unknown[] = [null, [], 'text', 5, { $ne: null }, { roomId: { $ne: null } }, JSON.parse('{"__proto__":{"x":1}}')];
  for (const name of Object.keys(messages)) {
    for (const kind of kinds) {
      const client = clientOf(house, house.credentials(kind));
      for (const payload of payloads) {
        const answer = (await client.socket
          .timeout(10_000)
          .emitWithAck(name as 'room:join', payload as never)
          .catch(() => ({ ok: false }))) as { ok: boolean };
        found.cells += 1;
        if (answer.ok) found.problems.push(`${name} for ${kind} with ${JSON.stringify(payload)}`);
      }
      client.close();
    }
  }
  for (const roomId of [gone.roomId, 'nowhere', '__proto__'])
    for (const kind of kinds) {
      const client = clientOf(house, house.credentials(kind), roomId);
      const answer = await client.tryJoin();
      found.cells += 1;
      if (answer.ok) found.problems.push(`room:join of ${roomId} for ${kind}`);
      client.close();
    }
}

/** The page of the protocol says which role holds what and what each command needs; whoever does not hold it is refused. */
async function tryCommands(house: House, found: Found): Promise<void> {
  const page = tablesOf(readFileSync(new URL('../../docs/PROTOCOL.md', import.meta.url), 'utf8'));
  const rights = new Map(tableWith(page, 'capability', 'moderator').rows.map((row) => [codes(row['capability'])[0] ?? '', row]));
  const needs = new Map(
    tableWith(page, 'command', 'needs').rows.map((row) => [codes(row['command'])[0] ?? '', codes(row['needs'])[0] ?? '']),
  );
  for (const [type, command] of Object.entries(everyCommand)) {
    const capability = needs.get(type);
    const held = rights.get(capability ?? '');
    if (held === undefined) {
      found.problems.push(`the page does not say what ${type} needs`);
      continue;
    }
    for (const kind of kinds) {
      const role = roleOf[kind];
      const muted = kind === 'muted' && capability !== 'comment:withdraw';
      const refused =
        outside.includes(kind) || kind === 'reader' || kind === 'writer' || muted || (role !== undefined && held[role] !== 'yes');
      if (!refused) continue;
      const client = clientOf(house, house.credentials(kind));
      // Who may not come in sends it all the same.
      await client.tryJoin();
      const outcome = await outcomeOf(client, command).catch(() => 'gone');
      found.cells += 1;
      if (outcome === 'ok' || outcome === 'malformed') found.problems.push(`${type} for ${kind}: ${outcome}`);
      client.close();
    }
    const chair = clientOf(house, house.credentials('moderator'));
    await chair.tryJoin();
    for (const wrong of [
      { ...command, type: { $ne: null } },
      [command],
      { ...command, unknown: 1 },
      JSON.parse(`{"__proto__":1,"type":"${type}"}`),
    ]) {
      const answer = await chair.send(wrong as typeof command, freshCommandId());
      found.cells += 1;
      if (answer.ok || answer.rejection.code !== 'malformed') found.problems.push(`${type} of a wrong shape: ${JSON.stringify(answer)}`);
    }
    chair.close();
  }
}

/** What a client can send under each type of frame; what only the server sends is tried as well. */
const framesOf: { readonly [T in keyof typeof frameTypes]: () => readonly Uint8Array[] } = {
  sync: () => [updateFrame(paragraphUpdate(freshClientId(), 'mine')), stepTwoFrame(paragraphUpdate(freshClientId(), 'mine too'))],
  awareness: () => [presenceFrame([{ clientId: freshClientId(), clock: 1, state: '{"cursor":"not shown"}' }])],
  queryAwareness: () => [Uint8Array.of(frameTypes.queryAwareness)],
  saved: () => [Uint8Array.of(frameTypes.saved, 1, 1)],
  standing: () => [Uint8Array.of(frameTypes.standing, 2, 123, 125)],
  content: () => [Uint8Array.of(frameTypes.content, 1, 1, 7)],
  diverged: () => [Uint8Array.of(frameTypes.diverged, 1, 1, 7)],
};
let ids = 700_000;
const freshClientId = (): number => (ids += 1);

async function tryFrames(house: House, gone: { roomId: string; draftId: string }, found: Found): Promise<void> {
  const at = (kind: Kind, roomId: string, draftId: string): DraftSocketClient =>
    new DraftSocketClient(house.server.url, house.credentials(kind), `${roomId}/${draftId}`);
  const watcher = await (await at('moderator', house.roomId, house.draftId).settled()).synced();
  for (const [type, make] of Object.entries(framesOf)) {
    for (const kind of kinds) {
      const places: readonly (readonly [string, string, boolean])[] = [
        [house.roomId, house.draftId, outside.includes(kind) || kind === 'writer'],
        [house.otherRoomId, house.otherDraftId, kind === 'writer'],
        [gone.roomId, gone.draftId, true],
        [house.otherRoomId, house.draftId, true],
        ['nowhere', 'nothing', true],
      ];
      for (const [roomId, draftId, shut] of places) {
        // Who may write in the room is the subject of the matrix of drafts.
        if (!shut && roomId === house.roomId && !readOnly.includes(kind) && kind !== 'reader') continue;
        // Both take part in the other room, one of them by a personal link that counts there only.
        if (!shut && roomId === house.otherRoomId && (kind === 'outsider' || kind === 'linkedElsewhere')) continue;
        for (const frame of make()) {
          const client = await at(kind, roomId, draftId).settled();
          found.cells += 1;
          if (shut) {
            if (client.closed === null) found.problems.push(`${kind} came in at ${roomId}/${draftId}`);
          } else if (client.standing?.write !== false) found.problems.push(`${kind} may write at ${roomId}/${draftId}`);
          client.send(frame);
          if (client.closed === null) {
            const answered = client.stepTwos;
            client.send(stepOneFrame(Y.encodeStateVector(client.doc)));
            await until(() => client.stepTwos > answered || client.closed !== null, 'an answer or a close');
            if (type === 'sync' && client.closed !== 4403) found.problems.push(`${kind} wrote and was not closed`);
          }
          client.ws.terminate();
        }
      }
    }
  }
  if (JSON.stringify([...watcher.presence.values()]).includes('not shown')) found.problems.push('presence of who may not write is shown');
  watcher.close();
}
