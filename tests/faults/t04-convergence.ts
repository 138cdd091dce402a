import path from 'node:path';
import * as Y from 'yjs';
import { createDocument } from '#server/drafts/draftText.ts';
import { newSalt } from '#server/access/secrets.ts';
import { writeFirstDocument } from '#server/drafts/firstDocument.ts';
import { createGroupCommit } from '#server/store/groupCommit.ts';
import type { Store } from '#server/store/ports.ts';
import type { RecordKinds } from '#server/store/records.ts';
import { openSqlite } from '#server/store/sqlite/openSqlite.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { contentHash, documentText } from '#shared/document/text.ts';
import { Person, until } from '../drafts/person.ts';
import { edit } from '../drafts/randomEdit.ts';
import { House } from './model/house.ts';
import { quickFolder, watchStalls } from './model/places.ts';
import type { Row, Scale } from './row.ts';
import { randomOf } from '../support/random.ts';

const scales = {
  slice: { seeds: 4, ops: 200, rounds: 10, opens: 50 },
  ci: { seeds: 60, ops: 400, rounds: 100, opens: 50 },
  nightly: { seeds: 500, ops: 400, rounds: 100, opens: 50 },
} as const;
const names = ['ana', 'ben', 'carl', 'dora', 'emil'] as const;

interface Place {
  readonly house: House;
  readonly store: Store<RecordKinds>;
  readonly roomId: string;
  readonly draftId: string;
}

/**
 * T4. Five people edit one draft at random, lose their lines and come back with what they had, and every copy must come to be the
 * log's; a draft leaves memory and comes back a hundred times, with copies that were kept; fifty people open a draft with a first
 * text in the same moment, which must be there once.
 */
export async function run(scale: Scale, seed: number): Promise<readonly Row[]> {
  const { folder, remove } = await quickFolder('convergence');
  const store = await openSqlite({ file: path.join(folder, 'shangliang.db') });
  const house = await House.start(store, folder, Date.now);
  try {
    const size = scales[scale];
    return [
      await randomEdits(house, store, seed, size),
      await comingBack(house, store, seed, size),
      await firstOpens(house, store, seed, size),
    ];
  } finally {
    await house.close();
    await store.close();
    await remove();
  }
}

async function withRoom<T>(house: House, store: Store<RecordKinds>, id: string, use: (place: Place) => Promise<T>): Promise<T> {
  const { room, release } = await house.app.rooms.hold(id);
  const settings = { visibility: 'public', whoComments: 'members', guests: true } as const;
  const creator = { kind: 'participant', id: 'ana' } as const;
  await room.submit(creator, `${id}-make`, { type: 'createRoom', creatorId: 'ana', title: 'T', question: '', background: '', settings });
  for (const participantId of names.slice(1))
    await room.submit({ kind: 'system' }, `${id}-${participantId}`, {
      type: 'admitParticipant',
      participantId,
      role: 'member',
      via: 'invitation',
    });
  try {
    return await use({ house, store, roomId: id, draftId: [...room.state.drafts.keys()][0] ?? '' });
  } finally {
    release();
  }
}

async function join({ house, roomId, draftId }: Place, name: string, doc: Y.Doc): Promise<Person> {
  const person = new Person(house.app.drafts, name, { doc, roomId, draftId });
  await until(`${name} has got the draft`, () => person.synced || person.closed !== null);
  if (person.closed !== null) throw new Error(`${name} was sent away with ${person.closed.code}`);
  return person;
}

async function logDocument({ store, draftId }: Place): Promise<Y.Doc> {
  const doc = createDocument();
  for (const { kind, bytes } of await store.journal.readDraft(draftId, 0, 1_000_000)) if (kind === 'update') Y.applyUpdate(doc, bytes);
  return doc;
}

/** What is wrong with these copies, held against the log and against what the server reads. */
async function differences(place: Place, copies: ReadonlyMap<string, Y.Doc>): Promise<readonly string[]> {
  const log = await logDocument(place);
  const hash = contentHash(log.getXmlFragment(DRAFT_FIELD));
  const wrong: string[] = [];
  for (const [name, doc] of copies) {
    if (contentHash(doc.getXmlFragment(DRAFT_FIELD)) !== hash) wrong.push(`${name} reads otherwise than the log`);
    else if (!Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(log))) wrong.push(`${name} has not what the log has`);
  }
  if ((await place.house.app.drafts.read(place.roomId, place.draftId)).contentHash !== hash)
    wrong.push('the server reads otherwise than the log');
  return wrong;
}

async function randomEdits(house: House, store: Store<RecordKinds>, seed: number, size: { seeds: number; ops: number }): Promise<Row> {
  const stalls = watchStalls();
  const wrong: string[] = [];
  let [edits, drops, entries] = [0, 0, 0];
  for (let each = seed; each < seed + size.seeds; each += 1) {
    const random = randomOf(each);
    await withRoom(house, store, `random-${each}`, async (place) => {
      const copies = new Map(names.map((name) => [name, new Y.Doc()] as const));
      const people = new Map<string, Person>();
      for (let op = 0; op < size.ops; op += 1) {
        const name = names[random(names.length)] ?? 'ana';
        const doc = copies.get(name) ?? new Y.Doc();
        const person = people.get(name);
        const what = random(20);
        if (what === 0 && person !== undefined) {
          person.drop();
          people.delete(name);
          drops += 1;
        } else if (person === undefined && what < 8) people.set(name, await join(place, name, doc));
        else {
          edit(doc, random);
          edits += 1;
          if (random(8) === 0) await new Promise((resolve) => setImmediate(resolve));
        }
      }
      for (const name of names) if (!people.has(name)) people.set(name, await join(place, name, copies.get(name) ?? new Y.Doc()));
      const all = [...people.values()];
      await until('everything is acknowledged', () => all.every(({ allSaved, closed }) => allSaved || closed !== null));
      // A reading is answered behind all that was told before it.
      await house.app.drafts.read(place.roomId, place.draftId);
      wrong.push(...(await differences(place, copies)).map((what) => `seed ${each}: ${what}`));
      entries += (await store.journal.readDraft(place.draftId, 0, 1_000_000)).length;
      for (const person of all) person.drop();
    });
  }
  const done = `${size.seeds} seeds, ${size.ops} steps each of 5 people: ${edits} edits, ${drops} lost lines, ${entries} entries`;
  const passed = wrong.length === 0 && drops > 0 && edits > size.seeds * 100;
  return {
    test: 'T4 random',
    seed,
    done,
    lost: 0,
    doubled: 0,
    stallMs: stalls.stop().wallMs,
    memoryMb: null,
    passed,
    notes: wrong.slice(0, 5).join('; '),
  };
}

async function comingBack(house: House, store: Store<RecordKinds>, seed: number, size: { rounds: number }): Promise<Row> {
  const stalls = watchStalls();
  const random = randomOf(seed);
  const wrong: string[] = [];
  const roomId = `back-${seed}`;
  let copies = new Map<string, Y.Doc>();
  let length = 0;
  await withRoom(house, store, roomId, async (place) => {
    copies = new Map(names.map((name) => [name, new Y.Doc()]));
    const people = await Promise.all([...copies].map(([name, doc]) => join(place, name, doc)));
    for (let n = 0; n < 100; n += 1) edit(people[random(5)]?.doc ?? new Y.Doc(), random);
    await until('all is acknowledged', () => people.every(({ allSaved }) => allSaved));
    for (const person of people) person.drop();
    length = documentText((await logDocument(place)).getXmlFragment(DRAFT_FIELD)).length;
  });
  let restarts = 0;
  for (let round = 0; round < size.rounds; round += 1) {
    if (round % 4 === 0) {
      restarts += 1;
      await (round % 8 === 0 ? house.restart() : house.crash());
    }
    await withRoom(house, store, roomId, async (place) => {
      const people = await Promise.all([...copies].map(([name, doc]) => join(place, name, doc)));
      await until('everybody is settled', () => people.every(({ allSaved, stepTwoFrames }) => allSaved && stepTwoFrames.length > 0));
      const text = documentText((await logDocument(place)).getXmlFragment(DRAFT_FIELD));
      if (text.length !== length) wrong.push(`round ${round}: ${text.length} characters instead of ${length}`);
      wrong.push(...(await differences(place, copies)).map((what) => `round ${round}: ${what}`));
      for (const person of people) person.drop();
    });
    await until('the draft has left memory', () => house.app.drafts.counts().openDrafts === 0, 60_000);
  }
  const done = `${size.rounds} rounds of leaving memory and coming back, ${restarts} of them over a restart or crash; 5 kept copies, ${length} characters`;
  const passed = wrong.length === 0 && length > 0;
  return {
    test: 'T4 coming back',
    seed,
    done,
    lost: 0,
    doubled: 0,
    stallMs: stalls.stop().wallMs,
    memoryMb: null,
    passed,
    notes: wrong.slice(0, 5).join('; '),
  };
}

async function firstOpens(house: House, store: Store<RecordKinds>, seed: number, size: { opens: number }): Promise<Row> {
  const stalls = watchStalls();
  const once = 'What stands here at first.';
  const first = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: once }] }] };
  const counts = await withRoom(house, store, `first-${seed}`, async (place) => {
    // Two processes that both mean to write it, as after a start that was cut short.
    const parts = () => ({ commits: createGroupCommit(store.journal, { turnMs: 5 }), now: Date.now, newSalt });
    await Promise.all([writeFirstDocument(parts(), place.draftId, first), writeFirstDocument(parts(), place.draftId, first)]);
    const people = await Promise.all(
      Array.from({ length: size.opens }, (_, n) => join(place, names[n % names.length] ?? 'ana', new Y.Doc())),
    );
    await until('everybody is settled', () => people.every(({ allSaved }) => allSaved));
    const texts = [...people.map(({ text }) => text), (await house.app.drafts.read(place.roomId, place.draftId)).text];
    for (const person of people) person.drop();
    return texts.map((text) => text.split(once).length - 1);
  });
  return {
    test: 'T4 first opens',
    seed,
    done: `${size.opens} people open a draft with a first text at once, which two processes wrote`,
    lost: counts.filter((count) => count === 0).length,
    doubled: counts.filter((count) => count > 1).length,
    stallMs: stalls.stop().wallMs,
    memoryMb: null,
    passed: counts.length === size.opens + 1,
    notes: '',
  };
}
