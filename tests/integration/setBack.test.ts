import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { EDITOR_VERSION } from '#shared/document/schema.ts';
import { closeCodes } from '#shared/protocol/close.ts';
import { administrator, invited, until } from '../support/people.ts';
import type { Visitor } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import './house.ts';
import { startInProcess } from './inProcess.ts';
import type { InProcess } from './inProcess.ts';

let house: InProcess | null = null;
afterEach(() => house?.dispose());

test('[ED25] [DR7] set back to an older copy, a draft takes from each what he wrote himself, and from nobody what others wrote', async () => {
  house = await startInProcess({});
  const ana = await administrator(house.base, house.app.setupSecret ?? '');
  const { id: roomId } = await ana.ok<{ id: string }>('POST', '/api/rooms', { title: 'Set back', visibility: 'public' });
  const ben = await invited(ana, roomId, 'member', 'ben');
  const chair = await ana.join(roomId);
  const address = `${roomId}/${chair.joined?.snapshot?.drafts[0]?.id ?? ''}`;
  chair.close();
  const open = async (who: Visitor, doc: Y.Doc): Promise<DraftSocketClient> =>
    new DraftSocketClient(house?.base ?? '', { cookie: who.cookie ?? '' }, address, `editor=${EDITOR_VERSION}`, doc).settled();
  const write = async (who: Visitor, doc: Y.Doc, words: string): Promise<void> => {
    const client = await (await open(who, doc)).synced();
    const before = client.ordinal;
    client.sendUpdate(client.typed(words));
    await until(() => client.ordinal > before, 'the words are saved');
    client.close();
    await client.ended();
  };
  const [anas, bens] = [new Y.Doc(), new Y.Doc()];
  await write(ana, anas, 'ana before');
  await write(ben, bens, 'ben before');
  await house.app.close();
  const database = path.join(house.folder, 'shangliang.db');
  copyFileSync(database, `${database}.copy`);

  house = await startInProcess({ after: house });
  // Ana writes and has what Ben wrote; Ben has only what is his.
  await write(ben, bens, 'ben after');
  await write(ana, anas, 'ana after');
  await house.app.close();
  copyFileSync(`${database}.copy`, database);

  house = await startInProcess({ after: house });
  const anaBack = await open(ana, anas);
  anaBack.sendUpdate(Y.encodeStateAsUpdate(anas), 'stepTwo');
  expect(await anaBack.ended()).toBe(closeCodes.notAllowed);
  expect(anaBack.standing).toMatchObject({ acceptedFrames: 0 });
  const benBack = await open(ben, bens);
  benBack.sendUpdate(Y.encodeStateAsUpdate(bens), 'stepTwo');
  await until(() => benBack.saved === 1, 'what Ben wrote');
  const reader = await (await open(ana, new Y.Doc())).synced();
  expect(reader.text.split('\n').filter((line) => line !== '')).toEqual(['ana before', 'ben before', 'ben after']);
  reader.close();
  benBack.close();
});
