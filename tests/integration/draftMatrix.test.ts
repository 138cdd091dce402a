import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { presenceFrame, stepOneFrame } from '#server/drafts/frames.ts';
import { EDITOR_VERSION } from '#shared/document/schema.ts';
import { frameTypes } from '#shared/protocol/frames.ts';
import { paragraphUpdate } from '../support/updates.ts';
import { until } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { furnish, kinds, logDigest, roomLog } from './house.ts';
import type { House, Kind } from './house.ts';

/** Whoever may not be at the draft of a private room, and the code that says so. */
const doors: Readonly<Record<Kind, number | 'write' | 'read'>> = {
  stranger: 4401,
  ended: 4401,
  outsider: 4404,
  removed: 4440,
  // A program with a token for reading is its owner, and only reads; one without `read` may not look.
  reader: 'read',
  writer: 4403,
  observer: 'read',
  muted: 'read',
  guest: 'write',
  member: 'write',
  recorder: 'write',
  moderator: 'write',
  linked: 'write',
  linkedElsewhere: 4401,
};
const readers = kinds.filter((kind) => doors[kind] === 'read');
const writers = kinds.filter((kind) => doors[kind] === 'write');
const inside = [...readers, ...writers];

let house: House;
beforeAll(async () => {
  house = await furnish();
});
afterAll(() => house.server.dispose());

const at = (kind: Kind): DraftSocketClient =>
  new DraftSocketClient(house.server.url, house.credentials(kind), `${house.roomId}/${house.draftId}`);
const openAt = (kind: Kind): DraftSocketClient =>
  new DraftSocketClient(house.server.url, house.credentials(kind), `${house.otherRoomId}/${house.otherDraftId}`);
const logNow = (): string => logDigest(house.server.dataDir);
let ids = 1_000_000;
const fresh = (words: string): Uint8Array => paragraphUpdate((ids += 1), words);

/** What each kind of frame a client can send does for those who may write and those who may not; a new type needs a row. */
type FrameRow = (kind: Kind, client: DraftSocketClient) => Promise<void>;
const rows: Readonly<Record<string, FrameRow>> = {
  'sync, step 1': async (kind, client) => {
    await client.synced();
    expect(client.stepTwos, kind).toBe(1);
  },
  'sync, step 2': async (kind, client) => {
    client.sendUpdate(fresh(`step two of ${kind}`), 'stepTwo');
    if (writers.includes(kind)) await until(() => client.saved === 1, `${kind} is saved`);
    else expect(await client.ended(), kind).toBe(4403);
  },
  'sync, update': async (kind, client) => {
    await client.synced();
    client.sendUpdate(client.typed(`update of ${kind}`));
    if (writers.includes(kind)) await until(() => client.saved === 1, `${kind} is saved`);
    else expect(await client.ended(), kind).toBe(4403);
  },
  awareness: async (kind, client) => {
    const watcher = await at('moderator').settled();
    const clientId = (ids += 1);
    client.send(presenceFrame([{ clientId, clock: 1, state: JSON.stringify({ user: { name: 'Somebody else' } }) }]));
    // Whatever was said before this answer has been heard.
    await client.synced();
    if (writers.includes(kind)) {
      await until(() => watcher.presence.has(clientId), `${kind} is shown`);
      expect(watcher.presence.get(clientId), kind).toMatchObject({ user: { id: house.participants[kind] } });
    } else {
      const other = await at('moderator').settled();
      await other.synced();
      expect([...watcher.presence.keys(), ...other.presence.keys()], kind).not.toContain(clientId);
      other.close();
    }
    watcher.close();
  },
  queryAwareness: async (kind, client) => {
    client.send(Uint8Array.of(frameTypes.queryAwareness));
    await client.synced();
    expect(client.closed, kind).toBeNull();
  },
  // Whoever reads may find his copy to be wrong; about what nobody was told there is nothing to say.
  diverged: async (kind, client) => {
    client.send(Uint8Array.of(frameTypes.diverged, 5, 32, ...new Uint8Array(32)));
    expect(await client.ended(), kind).toBe(4400);
  },
};

/** What only the server says. */
const fromServer: readonly string[] = ['saved', 'standing', 'content'];

describe('[DOOR4] [DOOR5] who may what at a draft', () => {
  test('every frame a client can send has a row', () => {
    const sent = Object.keys(frameTypes).filter((name) => !fromServer.includes(name));
    expect([...new Set(Object.keys(rows).map((name) => name.split(',')[0]))]).toEqual(sent);
  });

  test('[DR20] the door', async () => {
    const before = logNow();
    for (const kind of kinds) {
      const client = await at(kind).settled();
      const expected = doors[kind];
      if (typeof expected === 'number') expect(client.closed, kind).toBe(expected);
      else {
        expect(client.standing?.write, kind).toBe(expected === 'write');
        expect(client.standing?.why ?? null, kind).toBe(expected === 'write' ? null : kind === 'muted' ? 'muted' : 'notAllowed');
      }
      client.close();
    }
    expect(logNow()).toBe(before);
  });

  test.each(Object.entries(rows))('%s', async (_name, act) => {
    const before = logNow();
    for (const kind of readers) {
      const client = await at(kind).settled();
      expect(client.stepOnes, 'who may only read is asked for nothing').toBe(0);
      await act(kind, client);
      client.close();
    }
    expect(logNow(), 'the log after what was refused').toBe(before);
    for (const kind of writers) {
      const client = await at(kind).settled();
      await until(() => client.stepOnes === 1, 'who may write is asked for what he has');
      await act(kind, client);
      client.close();
    }
  });

  test('[DR13] viewers of a public draft read, live, and write nothing', async () => {
    const who = ['stranger', 'ended', 'member', 'reader'] as const;
    const viewers = await Promise.all(who.map((kind) => openAt(kind).settled()));
    for (const [index, viewer] of viewers.entries()) {
      expect(viewer.standing).toMatchObject({ write: false, why: who[index] === 'reader' ? 'notAllowed' : 'signInNeeded' });
      await viewer.synced();
    }
    const owner = new DraftSocketClient(house.server.url, { cookie: house.ana.cookie ?? '' }, `${house.otherRoomId}/${house.otherDraftId}`);
    await (await owner.settled()).synced();
    owner.sendUpdate(owner.typed('for everybody'));
    await until(() => viewers.every(({ text }) => text === 'for everybody'), 'the words at all viewers');
    const before = logNow();
    for (const viewer of viewers) {
      viewer.sendUpdate(Uint8Array.of(0, 0));
      await until(() => viewer.saved === 1, 'a frame that adds nothing is counted');
      viewer.sendUpdate(viewer.typed('mine'));
      expect(await viewer.ended()).toBe(4403);
      expect(viewer.standing).toMatchObject({ write: false, acceptedFrames: 1 });
    }
    expect(logNow()).toBe(before);
    owner.close();
  });

  test('a locked draft takes nothing from anybody, and goes on being read', async () => {
    const chair = await house.ana.join(house.roomId);
    await chair.act({ type: 'lockDraft', draftId: house.draftId });
    // The text is sealed a moment later, by the system.
    const sealed = () => roomLog(house.server.dataDir, house.roomId).some(({ types }) => types.includes('draft.revisionSealed'));
    await until(sealed, 'the seal');
    for (const kind of inside) {
      const client = await at(kind).settled();
      await client.synced();
      expect(client.standing, kind).toMatchObject({
        write: false,
        why: writers.includes(kind) ? 'draftLocked' : (expect.any(String) as unknown),
      });
      const before = logNow();
      client.sendUpdate(client.typed('into a locked draft'));
      expect(await client.ended(), kind).toBe(4403);
      expect(logNow(), kind).toBe(before);
    }
    await chair.act({ type: 'unlockDraft', draftId: house.draftId });
    chair.close();
  });

  test('[DR7] nobody writes under the client id of another', async () => {
    const one = await at('member').settled();
    await one.synced();
    one.sendUpdate(one.typed('mine'));
    await until(() => one.saved === 1, 'saved');
    const other = await at('recorder').settled();
    await other.synced();
    other.doc.clientID = one.doc.clientID;
    const before = logNow();
    other.sendUpdate(other.typed('as if by the member'));
    expect(await other.ended()).toBe(4403);
    expect(logNow()).toBe(before);
    one.close();
  });

  test('a state vector and a lineage of another draft, an old editor, a draft of another room', async () => {
    const open = (query: string, address = `${house.roomId}/${house.draftId}`) =>
      new DraftSocketClient(house.server.url, house.credentials('member'), address, query).ended();
    const before = logNow();
    expect(await open('editor=0')).toBe(4406);
    expect(await open('')).toBe(4406);
    expect(await open(`editor=${EDITOR_VERSION}&lineage=another`)).toBe(4409);
    expect(await open(`editor=${EDITOR_VERSION}`, `${house.roomId}/nothing`)).toBe(4404);
    expect(await open(`editor=${EDITOR_VERSION}`, `nowhere/${house.draftId}`)).toBe(4404);
    expect(await open(`editor=${EDITOR_VERSION}`, `${house.otherRoomId}/${house.draftId}`)).toBe(4404);
    expect(await open(`editor=${EDITOR_VERSION}`, house.roomId)).toBe(4404);
    expect(logNow()).toBe(before);
    const nonsense = await at('member').settled();
    nonsense.send(stepOneFrame(Uint8Array.of(255, 255, 255)));
    expect(await nonsense.ended()).toBe(4400);
    expect(logNow()).toBe(before);
  });
});
