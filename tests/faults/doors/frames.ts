import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { presenceFrame, stepOneFrame, stepTwoFrame, updateFrame } from '#server/drafts/frames.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';

/** An update that adds one paragraph under a client id. */
export function paragraphUpdate(clientId: number, words: string): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText(words)]);
  doc.getXmlFragment(DRAFT_FIELD).insert(0, [paragraph]);
  return Y.encodeStateAsUpdate(doc);
}

/** An update of parts, written number by number; strings are written as Yjs writes them. */
export function rawUpdate(parts: readonly (number | string)[]): Uint8Array {
  return encoding.encode((encoder) => {
    for (const part of parts) {
      if (typeof part === 'string') encoding.writeVarString(encoder, part);
      else encoding.writeVarUint(encoder, part);
    }
  });
}

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
