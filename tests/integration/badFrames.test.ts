import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { presenceFrame, stepOneFrame, updateFrame } from '#server/drafts/frames.ts';
import { defaultLimits } from '#shared/domain/limits.ts';
import { paragraphUpdate, rawUpdate } from '../support/updates.ts';
import { until } from '../support/people.ts';
import { DraftSocketClient } from './draftSocket.ts';
import { draftLog, furnish, logDigest } from './house.ts';
import type { House } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await furnish();
});
afterAll(() => house.server.dispose());
const logNow = (): string => logDigest(house.server.dataDir);
const cookie = (): string => house.ana.cookie ?? '';

describe('[DOOR6] [DOOR5] frames that are none', () => {
  const varUint = (number: number): number[] => (number < 128 ? [number] : [(number & 127) | 128, ...varUint(Math.floor(number / 128))]);
  const update = paragraphUpdate(77, 'honest words');
  const cut = updateFrame(update);
  const frames: Readonly<Record<string, readonly [Uint8Array | string, number]>> = {
    'a text frame': ['hello', 4400],
    'an empty text frame': ['', 4400],
    'an empty frame': [Uint8Array.of(), 4400],
    'a type of y-protocols we do not take (auth)': [Uint8Array.of(2, 0), 4400],
    'an unknown type': [Uint8Array.of(4), 4400],
    'what only the server sends: saved': [Uint8Array.of(120, 1, 1), 4400],
    'what only the server sends: standing': [Uint8Array.of(121, 2, 123, 125), 4400],
    'an unknown step': [Uint8Array.of(0, 3, 0), 4400],
    'cut short': [cut.subarray(0, cut.length - 3), 4400],
    'cut after its type': [Uint8Array.of(0), 4400],
    'bytes left over': [Uint8Array.of(...cut, 0), 4400],
    'a length beyond the frame': [Uint8Array.of(0, 2, ...varUint(1_000_000), 1), 4400],
    'a length beyond all numbers': [Uint8Array.of(0, 2, ...Array.from({ length: 20 }, () => 255)), 4400],
    'a type beyond all numbers': [Uint8Array.from({ length: 40 }, () => 255), 4400],
    'an update that is none': [updateFrame(Uint8Array.of(1, 1, 1, 0, 132)), 4400],
    'an update of content nobody knows': [updateFrame(Uint8Array.of(1, 2, 3, 4, 5, 255, 255)), 4422],
    'an empty update field': [updateFrame(Uint8Array.of()), 4400],
    'millions of structs promised': [updateFrame(rawUpdate([1, 100_000_000, 5, 0])), 4400],
    'a state vector that is none': [stepOneFrame(Uint8Array.of(9, 9)), 4400],
    'presence that is none': [Uint8Array.of(1, 3, 9, 9, 9), 4400],
    'more presence than there are people': [
      presenceFrame(Array.from({ length: 2_001 }, (_, n) => ({ clientId: n, clock: 1, state: '{}' }))),
      4400,
    ],
    'content that is in no draft': [updateFrame(updateOfScript()), 4422],
    'another root': [updateFrame(updateOfRoot()), 4422],
  };

  function updateOfScript(): Uint8Array {
    // The honest paragraph's name replaced by one of the same length.
    const bytes = Buffer.from(paragraphUpdate(78, 'x'));
    const at = bytes.indexOf('paragraph');
    bytes.write('<script/>', at);
    return new Uint8Array(bytes);
  }

  function updateOfRoot(): Uint8Array {
    const bytes = Buffer.from(paragraphUpdate(79, 'x'));
    bytes.write('drift', bytes.indexOf('draft'));
    return new Uint8Array(bytes);
  }

  test.each(Object.entries(frames))('%s', async (what, [frame, code]) => {
    const address = `${house.roomId}/${house.draftId}`;
    const bystander = await (await new DraftSocketClient(house.server.url, { cookie: cookie() }, address).settled()).synced();
    const client = await new DraftSocketClient(house.server.url, { cookie: house.people.member.cookie ?? '' }, address).settled();
    await client.synced();
    const before = logNow();
    client.send(frame);
    expect(await client.ended(), what).toBe(code);
    expect(logNow()).toBe(before);
    // The next edit of somebody else is taken and seen.
    bystander.sendUpdate(bystander.typed(`after: ${what}`));
    await until(() => bystander.saved === 1, 'the edit of a bystander');
    expect(bystander.closed).toBeNull();
    bystander.close();
  });

  test('a frame larger than what may be sent', async () => {
    const address = `${house.roomId}/${house.draftId}`;
    const open = async (): Promise<DraftSocketClient> =>
      (await new DraftSocketClient(house.server.url, { cookie: house.people.member.cookie ?? '' }, address).settled()).synced();
    const before = logNow();
    const joining = await open();
    joining.send(new Uint8Array(defaultLimits.joiningFrameBytes + 1));
    expect(await joining.ended()).toBe(1009);
    const later = await open();
    later.sendUpdate(Uint8Array.of(0, 0), 'stepTwo');
    await until(() => later.saved === 1, 'its step 2');
    later.send(updateFrame(new Uint8Array(defaultLimits.frameBytes)));
    expect(await later.ended()).toBe(4413);
    expect(logNow()).toBe(before);
    expect(draftLog(house.server.dataDir, house.draftId).every(({ actor_id }) => actor_id !== house.participants.member)).toBe(true);
  });
});
