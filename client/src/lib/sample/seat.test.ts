import { expect, test } from 'vitest';
import { forSeat, seatIn, seatOfPage } from './seat.ts';

test('[SAM2] only what can be the name of a seat is taken for one', () => {
  expect(seatIn('?seat=member')).toBe('member');
  for (const search of ['', '?seat=', '?seat=../x', '?other=member', `?seat=${'m'.repeat(21)}`]) expect(seatIn(search), search).toBeNull();
  expect(seatOfPage()).toBeNull();
});

test('[SAM2] a request names the seat beside what it asks for', () => {
  expect(forSeat('/api/me', null)).toBe('/api/me');
  expect(forSeat('/api/me', 'member')).toBe('/api/me?seat=member');
  expect(forSeat('/api/rooms/x/log?after=3', 'observer')).toBe('/api/rooms/x/log?after=3&seat=observer');
});
