import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { DraftCopy } from './draftCopy.ts';

let changes = 0;
const copies: DraftCopy[] = [];

function copy(): DraftCopy {
  const nothing = () => undefined;
  const made = new DraftCopy(
    { url: 'ws://127.0.0.1:1/yjs/room', draftId: 'draft', lineage: null, earlier: [], now: () => 0 },
    { standing: nothing, saved: nothing, synced: nothing, closed: nothing, diverged: () => true, changed: () => (changes += 1) },
  );
  copies.push(made);
  return made;
}

afterEach(() => {
  for (const made of copies.splice(0)) made.leave();
  changes = 0;
});

/** What two people write who make the same words bold at once: the borders of marks that Yjs would tidy away. */
function boldTwice(): Uint8Array[] {
  const first = new Y.Doc();
  const words = new Y.XmlText('第一条 公园东侧增设一处入口');
  const paragraph = new Y.XmlElement('paragraph');
  first.getXmlFragment(DRAFT_FIELD).insert(0, [paragraph]);
  paragraph.insert(0, [words]);
  const updates = [Y.encodeStateAsUpdate(first)];
  for (let person = 0; person < 2; person += 1) {
    const other = new Y.Doc();
    Y.applyUpdate(other, updates[0] ?? new Uint8Array());
    const before = Y.encodeStateVector(other);
    ((other.getXmlFragment(DRAFT_FIELD).get(0) as Y.XmlElement).get(0) as Y.XmlText).format(0, 8, { bold: {} });
    updates.push(Y.encodeStateAsUpdate(other, before));
  }
  return updates;
}

/** The origins of all changes that a document makes of these updates; somebody looks at it, as an editor does. */
function originsOf(doc: Y.Doc): unknown[] {
  const origins: unknown[] = [];
  doc.getXmlFragment(DRAFT_FIELD).observeDeep(() => undefined);
  doc.on('update', (_, origin) => origins.push(origin));
  for (const update of boldTwice()) Y.applyUpdate(doc, update, 'remote');
  return origins;
}

describe('[ED5] a copy of a draft', () => {
  it('makes no changes of its own after those of others', () => {
    expect(originsOf(copy().doc)).toEqual(['remote', 'remote', 'remote']);
  });

  it('which a plain document of Yjs does', () => {
    expect(originsOf(new Y.Doc())).toContain(null);
  });
});
