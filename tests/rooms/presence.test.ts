import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RoomPresence } from '#server/rooms/presence.ts';
import type { Presence } from '#shared/protocol/messages.ts';
import { withPresence } from '#shared/protocol/presence.ts';

const sorted = ({ here, watching }: Presence) => ({ watching, here: here.toSorted((one, other) => one.number - other.number) });

/** Somebody comes with one of three devices, types or stops, leaves; what is due is told; somebody joins and reads along. */
const anyStep = fc.oneof(
  fc.record({ is: fc.constantFrom('enter', 'leave'), who: fc.integer({ min: 0, max: 5 }), device: fc.integer({ min: 0, max: 2 }) }),
  fc.record({
    is: fc.constant('type'),
    who: fc.integer({ min: 0, max: 5 }),
    device: fc.integer({ min: 0, max: 2 }),
    typing: fc.constantFrom('draft', 'comment', null),
  }),
  fc.record({ is: fc.constantFrom('look', 'leaveLooking', 'tell', 'join') }),
);

test('[LRG2] whoever joined at whatever moment knows from changes alone who is here and what they are doing', () => {
  let told = 0;
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 80 }), fc.constantFrom(100, 180, 10_000), (steps, mostBytes) => {
      const presence = new RoomPresence();
      const devices = new Map<string, { connection: object; who: string }>();
      let looking = 0;
      let readers: Presence[] = [presence.view];
      const tell = (): boolean => {
        const change = presence.take(mostBytes);
        if (change === null) return false;
        told += 1;
        readers = readers.map((view) => withPresence(view, JSON.parse(JSON.stringify(change)) as typeof change));
        return true;
      };
      for (const step of steps) {
        if ('who' in step) {
          const key = `${step.who}/${step.device}`;
          const device = devices.get(key);
          if (step.is === 'enter' && device === undefined) {
            const made = { connection: {}, who: `p${step.who}` };
            devices.set(key, made);
            presence.enter(made.connection, made.who);
          } else if (device !== undefined && step.is === 'leave') {
            devices.delete(key);
            presence.leave(device.connection, device.who);
          } else if (device !== undefined && 'typing' in step) presence.type(device.connection, device.who, step.typing as 'draft');
        } else if (step.is === 'look') {
          looking += 1;
          presence.enter({}, null);
        } else if (step.is === 'leaveLooking' && looking > 0) {
          looking -= 1;
          presence.leave({}, null);
        } else if (step.is === 'tell') tell();
        else if (step.is === 'join') readers.push(presence.view);
      }
      while (tell());
      for (const view of readers) expect(sorted(view)).toEqual(sorted(presence.view));
    }),
    { numRuns: 400, seed: 20_270 },
  );
  expect(told).toBeGreaterThan(200);
});

test('[LRG2] a change is as small as it is asked to be, however many do something, and what waits longest comes first', () => {
  const presence = new RoomPresence();
  const people = Array.from({ length: 200 }, (_, n) => ({ id: `participant-${String(n).padStart(12, '0')}`, connection: {} }));
  for (const { id, connection } of people) presence.enter(connection, id);
  const sizes: number[] = [];
  const drain = (mostBytes: number): number => {
    let messages = 0;
    for (let change = presence.take(mostBytes); change !== null; change = presence.take(mostBytes)) {
      sizes.push(JSON.stringify(change).length);
      messages += 1;
    }
    return messages;
  };
  drain(700);
  for (const { id, connection } of people) presence.type(connection, id, 'comment');
  expect(presence.take(700)?.comment?.[0]).toBe(1);
  expect(drain(700)).toBeLessThan(3);
  // Begun, ended and begun again is one word.
  for (const typing of [null, 'draft', null] as const) for (const { id, connection } of people) presence.type(connection, id, typing);
  const change = presence.take(2_000);
  expect([change?.nothing?.length, change?.comment, change?.draft]).toEqual([200, undefined, undefined]);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(700);
  // However little is allowed, something gets through.
  people.slice(0, 5).forEach(({ id, connection }) => presence.type(connection, id, 'draft'));
  expect(drain(1)).toBe(5);
});
