import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
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
