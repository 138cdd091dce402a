import { expect, test } from 'vitest';
import type { RoomCommand } from './facts.ts';
import { defaultLimits } from './limits.ts';
import { fullnessOf, whyTooFull } from './roomSize.ts';

const limits = { ...defaultLimits, roomLogBytes: 1_000, roomReserveBytes: 100, roomFileBytes: 500 };
const at = (discussion: number, drafts = 0, files = 0) => ({ discussion, drafts, files });
const post: RoomCommand = { type: 'postComment', body: 'Goodbye' };
const draft: RoomCommand = { type: 'createDraft', title: 'Second' };
const file = (bytes: number): RoomCommand => ({
  ...{ type: 'addFile', fileId: 'f', name: 'a', contentType: 'text/plain', sha256: 'a'.repeat(64) },
  bytes,
});

test('[SIZ2] a room is near its limit from four fifths on, and full at it; words and files each have their own', () => {
  expect([0, 799, 800, 999, 1_000, 5_000].map((bytes) => fullnessOf(at(bytes), limits).words)).toEqual([
    ...['fine', 'fine', 'near', 'near', 'full', 'full'],
  ]);
  expect(fullnessOf(at(300, 600, 450), limits)).toEqual({ words: 'near', files: 'near' });
  expect(fullnessOf(at(0, 0, 500), limits)).toEqual({ words: 'fine', files: 'full' });
});

test('[SIZ3] a full room takes no more content; last words come out of a reserve; what ends, orders and takes away always goes', () => {
  const full = { code: 'roomFull' };
  expect([whyTooFull(at(500, 499), post, limits), whyTooFull(at(500, 499), draft, limits)]).toEqual([null, null]);
  expect([whyTooFull(at(500, 500), post, limits), whyTooFull(at(500, 500), draft, limits)]).toEqual([null, full]);
  expect(whyTooFull(at(600, 500), post, limits)).toEqual(full);
  const always: readonly RoomCommand[] = [
    { type: 'closeRoom' },
    { type: 'archiveRoom' },
    { type: 'deleteRoom' },
    { type: 'pauseRoom' },
    { type: 'hideComment', comment: 1, reason: { code: 'spam' } },
    { type: 'withdrawComment', comment: 1 },
    { type: 'removeFile', fileId: 'f' },
    { type: 'muteParticipant', participantId: 'p', reason: { code: 'spam' } },
    { type: 'lockDraft', draftId: 'd' },
  ];
  for (const command of always) expect(whyTooFull(at(9_000, 9_000, 9_000), command, limits), command.type).toBeNull();
});

test('[SIZ3] files have a limit of their own: the one that would go beyond it is refused with both numbers, words go on', () => {
  expect(whyTooFull(at(0, 0, 400), file(100), limits)).toBeNull();
  expect(whyTooFull(at(0, 0, 400), file(101), limits)).toEqual({ code: 'filesFull', most: 500, got: 501 });
  expect(whyTooFull(at(0, 0, 500), post, limits)).toBeNull();
});
