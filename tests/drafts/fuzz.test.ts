import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { checkDocument } from '#shared/document/check.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { presenceFrame, stepOneFrame, stepTwoFrame, updateFrame } from '#server/drafts/frames.ts';
import { documentOf, draftId, join, logOf, openTestStore, Person, roomId, startDrafts, textOf, until } from './harness.ts';
import { randomOf } from '../support/random.ts';
import { mutate } from '../support/mutate.ts';

const nightly = process.env.NIGHTLY === '1';
const frames = nightly ? 200_000 : 4_000;

test.each([11, 12])(
  '[DR4] [DR8] [DR9] mutated frames, seed %i: nothing breaks, readers add nothing, the log holds a valid draft',
  async (seed) => {
    const random = randomOf(seed);
    const store = await openTestStore();
    const { drafts, access } = startDrafts(store, { limits: { framesPerSecond: 1e9, frameBurst: 1e9, frameBytesPerSecond: 1e12 } });
    access.mayNotWrite.set('olga', { code: 'notAllowed' });
    const ana = await join(drafts, 'ana');
    for (let n = 0; n < 20; n += 1) ana.type(`word ${n} `);
    await until('saved', () => ana.allSaved);

    const away = new Y.Doc();
    const corpus: Uint8Array[] = [];
    const gather = (): void => {
      Y.applyUpdate(away, Y.encodeStateAsUpdate(ana.doc));
      const vector = Y.encodeStateVector(away);
      const writer = new Person(drafts, 'eve', { doc: away });
      writer.type('e');
      // Whatever the mutated frames have made of the draft so far, there may be a text to shorten.
      for (const block of away.getXmlFragment(DRAFT_FIELD).toArray()) {
        const text = block instanceof Y.XmlElement ? block.get(0) : null;
        if (text instanceof Y.XmlText && text.length > 5) text.delete(random(5), 1);
      }
      writer.drop();
      corpus.length = 0;
      corpus.push(updateFrame(Y.encodeStateAsUpdate(away, vector)), stepTwoFrame(Y.encodeStateAsUpdate(away)), stepOneFrame(vector));
      corpus.push(presenceFrame([{ clientId: away.clientID, clock: 3, state: '{"cursor":{"anchor":1}}' }]));
    };
    gather();
    let eve = await join(drafts, 'eve');
    let olga = await join(drafts, 'olga', { observer: true });
    let closed = 0;
    for (let n = 0; n < frames; n += 1) {
      if (n % 200 === 0) gather();
      const frame = corpus[random(corpus.length)] ?? new Uint8Array();
      const mutated = mutate(frame, corpus[random(corpus.length)] ?? frame, random, 4);
      // What reaches a client that is not ours may be anything; only the server is looked at here.
      (random(3) === 0 ? olga : eve).send(mutated);
      // A reading is answered behind everything that came in before it, however slow the disk is.
      if (n % 20 === 0) await drafts.read(roomId, draftId);
      if (eve.closed !== null) {
        closed += 1;
        eve = await join(drafts, 'eve');
      }
      if (olga.closed !== null) olga = await join(drafts, 'olga', { observer: true });
    }
    expect(closed).toBeGreaterThan(20);
    ana.type('the last word');
    await until('ana is saved', () => ana.allSaved);
    expect(ana.closed).toBeNull();
    const log = await logOf(store);
    expect(log.filter(({ actorId }) => actorId !== 'ana' && actorId !== 'eve')).toEqual([]);
    const doc = await documentOf(store);
    expect([doc.store.pendingStructs, doc.store.pendingDs, checkDocument(doc)]).toEqual([null, null, null]);
    expect(textOf(doc)).toContain('the last word');
    expect(textOf(doc)).toBe(ana.text);
    expect((await startDrafts(store).drafts.read(roomId, draftId)).text).toBe(ana.text);
  },
);
