import * as Y from 'yjs';
import { presenceFrame, stepOneFrame, stepTwoFrame, updateFrame } from '#server/drafts/frames.ts';
import { paragraphUpdate, rawUpdate } from '../../support/updates.ts';

/** One honest frame of every type a client can send, fresh; what mutations begin with. */
export function honestFrames(random: (below: number) => number): readonly Uint8Array[] {
  // Mostly ids that were seen before, so that the draft does not grow without end.
  const clientId = random(10) === 0 ? 1 + random(2 ** 31 - 2) : 1 + random(500);
  const update = paragraphUpdate(clientId, `words ${String(random(1000))}`);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return [
    updateFrame(update),
    stepTwoFrame(update),
    stepOneFrame(Y.encodeStateVector(doc)),
    presenceFrame([{ clientId, clock: 1 + random(9), state: '{"cursor":{"anchor":1}}' }]),
    Uint8Array.of(3),
    Uint8Array.of(123, 4, 2, 7, 7),
    // Deletions of what others may have written.
    updateFrame(rawUpdate([0, 1, clientId, 1, random(4), 1 + random(6)])),
  ];
}
