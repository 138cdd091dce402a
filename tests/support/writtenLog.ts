import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';

/** A document that changes nothing of its own accord, as on the server. */
export function quietDoc(gc = true): Y.Doc {
  const doc = new Y.Doc({ gc });
  doc.on('afterTransaction', (transaction: Y.Transaction) => {
    transaction._needFormattingCleanup = false;
  });
  return doc;
}

/** Three people who write, delete, format and undo at the same time; every update of theirs in the order it reached the log. */
export function writtenLog(seed: number, steps: number): Uint8Array[] {
  let state = seed;
  const next = (most: number): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1) % most;
  const log: Uint8Array[] = [];
  const people = [1, 2, 3].map((id) => {
    const doc = quietDoc();
    doc.clientID = 100 * seed + id;
    const fragment = doc.getXmlFragment(DRAFT_FIELD);
    return { doc, fragment, undo: new Y.UndoManager(fragment, { captureTimeout: 0 }), own: [] as Uint8Array[], read: 0 };
  });
  for (const person of people) {
    person.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'log') person.own.push(update);
    });
  }
  for (let step = 0; step < steps; step += 1) {
    const person = people[next(3)];
    if (person === undefined) continue;
    const { doc, fragment, undo } = person;
    const words = ['张三丰', 'secret', '的', '😀x'][next(4)] ?? '';
    doc.transact(() => {
      if (fragment.length === 0 || next(9) === 0) {
        const paragraph = new Y.XmlElement('paragraph');
        fragment.insert(next(fragment.length + 1), [paragraph]);
        paragraph.push([new Y.XmlText(words)]);
        return;
      }
      const element = fragment.get(next(fragment.length)) as Y.XmlElement;
      const text = element.get(0) as Y.XmlText;
      if (next(8) === 0) fragment.delete(next(fragment.length), 1);
      else if (next(3) === 0 && text.length > 2) text.delete(next(text.length - 1), 1 + next(2));
      else if (next(4) === 0 && text.length > 2) text.format(next(text.length - 1), 2, { bold: next(2) === 0 ? true : null });
      else text.insert(next(text.length + 1), words);
    });
    if (next(5) === 0) undo.undo();
    if (next(2) === 0) log.push(...person.own.splice(0));
    // What was sent again comes with what is there already.
    if (next(12) === 0) log.push(Y.encodeStateAsUpdate(doc));
    if (next(2) === 0) for (; person.read < log.length; person.read += 1) Y.applyUpdate(doc, log[person.read] ?? new Uint8Array(), 'log');
  }
  for (const { own } of people) log.push(...own);
  return log;
}
