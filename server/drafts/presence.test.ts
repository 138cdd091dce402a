import * as decoding from 'lib0/decoding';
import { expect, test } from 'vitest';
import { defaultLimits } from '#shared/domain/limits.ts';
import { presenceFrame } from './frames.ts';
import { Presence, presenceTurnMs } from './presence.ts';
import type { PresenceSource } from './presence.ts';

/** An awareness update as it stands in its frame, behind the type and its length. */
function update(clientId: number, clock: number, cursor: string): Uint8Array {
  const frame = presenceFrame([{ clientId, clock, state: JSON.stringify({ cursor }) }]);
  const decoder = decoding.createDecoder(frame);
  decoding.readVarUint(decoder);
  return decoding.readVarUint8Array(decoder);
}

const source = (id: string): PresenceSource => ({ person: { id, name: id, role: 'member' } });
const nobody = (): undefined => undefined;
const turnsOf = (ms: number): number => Math.ceil(ms / presenceTurnMs);

test('[DR12] what a page has not renewed for half a minute ends; a word a little earlier keeps it', () => {
  const presence = new Presence(defaultLimits);
  const [frozen, alive] = [source('frozen'), source('alive')];
  const shown = (): readonly number[] => presence.present().map(({ clientId }) => clientId);
  presence.receive(frozen, update(1, 1, 'here'), nobody);
  presence.receive(alive, update(2, 1, 'here'), nobody);
  let clock = 1;
  for (let turn = 1; turn <= turnsOf(30_000); turn += 1) {
    if (turn % turnsOf(15_000) === 0) presence.receive(alive, update(2, (clock += 1), 'here'), nobody);
    // What was said before, said once more (an echo), is no sign of life.
    presence.receive(frozen, update(1, 1, 'here'), nobody);
    expect(presence.turn()).toBe(true);
    expect(shown()).toEqual([1, 2]);
  }
  presence.takeChanges();
  presence.turn();
  expect(shown()).toEqual([2]);
  expect(presence.takeChanges()).toMatchObject([{ clientId: 1, state: 'null', source: null }]);
  // With a clock behind what others last saw of it, the place would stay hidden.
  presence.receive(frozen, update(1, 2, 'moved'), nobody);
  expect(presence.takeChanges()[0]).toMatchObject({ clientId: 1, clock: 3, source: frozen });
  presence.leave(frozen);
  presence.leave(alive);
  expect(presence.turn()).toBe(false);
});
