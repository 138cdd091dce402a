import * as encoding from 'lib0/encoding';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import * as sync from 'y-protocols/sync';
import { frameTypes } from '#shared/protocol/frames.ts';
import { outgoingKind } from './draftFrames.ts';
import { OutgoingGate } from './outgoingGate.ts';
import { PendingUpdates } from './pendingUpdates.ts';

function frame(type: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

const doc = new Y.Doc();
const step1 = frame(frameTypes.sync, (encoder) => sync.writeSyncStep1(encoder, doc));
const step2 = frame(frameTypes.sync, (encoder) => sync.writeSyncStep2(encoder, doc));
const update = frame(frameTypes.sync, (encoder) => sync.writeUpdate(encoder, Y.encodeStateAsUpdate(doc)));
const presence = frame(frameTypes.awareness, (encoder) => encoding.writeVarUint8Array(encoder, new Uint8Array([0])));
const query = frame(frameTypes.queryAwareness, () => undefined);

test('[ED3] frames are told apart by their first two numbers', () => {
  expect([step1, step2, update, presence, query].map(outgoingKind)).toEqual(['step1', 'step2', 'update', 'presence', 'other']);
  expect(outgoingKind(new Uint8Array())).toBe('other');
  expect(outgoingKind(new Uint8Array([0, 9]))).toBe('other');
  expect(outgoingKind(new Uint8Array([0]))).toBe('other');
});

describe('[ED5] what leaves on a draft’s socket', () => {
  function gateWith(write: boolean | null): { gate: OutgoingGate; pending: PendingUpdates } {
    const pending = new PendingUpdates();
    const gate = new OutgoingGate(pending);
    gate.opened();
    if (write !== null) gate.mayWrite(write);
    return { gate, pending };
  }

  test.each([null, false])('somebody whose right to write is %s sends step 1 and nothing else', (write) => {
    const { gate } = gateWith(write);
    expect([step1, step2, update, presence].map((each) => gate.lets(each))).toEqual([true, false, false, false]);
  });

  test('a writer sends step 2 before any update, which it contains', () => {
    const { gate, pending } = gateWith(true);
    pending.add(1, update, 0);
    expect(gate.lets(update)).toBe(false);
    expect(pending.inFlight).toBe(false);
    expect(gate.lets(step2)).toBe(true);
    expect(pending.saved(1)).toHaveLength(1);
    expect(gate.lets(update)).toBe(true);
    expect(gate.lets(presence)).toBe(true);
  });

  test('only frames that leave are counted', () => {
    const { gate, pending } = gateWith(true);
    gate.lets(update);
    gate.lets(presence);
    gate.lets(step1);
    gate.lets(step2);
    pending.add(1, update, 0);
    gate.lets(update);
    expect(pending.saved(1)).toHaveLength(0);
    expect(pending.saved(2)).toHaveLength(1);
  });

  test('a new socket may do nothing until the server said so', () => {
    const { gate } = gateWith(true);
    gate.lets(step2);
    gate.opened();
    expect([step2, update, presence].map((each) => gate.lets(each))).toEqual([false, false, false]);
  });

  test('the right to write can end on a living socket; who was shown may still take his caret away', () => {
    const { gate } = gateWith(true);
    gate.lets(step2);
    gate.mayWrite(false);
    expect([update, presence, step2].map((each) => gate.lets(each))).toEqual([false, false, false]);
    gate.mayWrite(true);
    gate.lets(presence);
    gate.mayWrite(false);
    expect([update, presence, step2].map((each) => gate.lets(each))).toEqual([false, true, false]);
  });
});
