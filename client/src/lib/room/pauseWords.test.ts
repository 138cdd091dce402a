import { describe, expect, test } from 'vitest';
import { emptyRoom } from '#shared/domain/state.ts';
import type { RoomState } from '#shared/domain/state.ts';
import type { Messages } from '../i18n/catalogue.ts';
import { overWords, whyNotWords } from './pauseWords.ts';

const archivedWords = 'archived';
// Only what is asked for here.
const i18n = {
  m: { room: { preparing: { standing: { archived: archivedWords } } } } as unknown as Messages,
  sentence: ({ code }: { code: string }) => code,
};
const room = (given: Partial<RoomState>): RoomState => ({ ...emptyRoom(), status: 'open', ...given });

describe('[ROOM6] why one may not', () => {
  test('of a room that is over it says how, whatever the seat', () => {
    expect(overWords(room({}), i18n)).toBeNull();
    expect(overWords(room({ status: 'closed' }), i18n)).toBe('roomClosed');
    expect(overWords(room({ status: 'closed', archived: true }), i18n)).toBe('roomClosed');
    // Put away without being closed: it did not end.
    expect(overWords(room({ archived: true }), i18n)).toBe(archivedWords);
    expect(whyNotWords({ code: 'roomClosed' }, room({ archived: true }), i18n, String)).toBe(archivedWords);
    expect(whyNotWords({ code: 'muted' }, room({ archived: true }), i18n, String)).toBe('muted');
    // Who still sees a deleted room is told that it is deleted.
    expect(overWords(room({ status: 'closed', deletedUntil: 1 }), i18n)).toBeNull();
  });
});
