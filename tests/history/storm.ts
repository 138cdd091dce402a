import * as Y from 'yjs';
import type { LoggedEntry } from '#shared/document/history/weave.ts';
import { editOnce } from '../anchors/edits.ts';
import { Chance } from '../anchors/random.ts';
import { stateOf, Writer } from '../anchors/writer.ts';

const lines = [
  '# 养老服务',
  '社区食堂应当向七十岁以上老人开放。',
  '- 每日供应午餐',
  '- 费用由区财政补贴',
  'The bus stops at the clinic on weekdays.',
];
const vocabulary = ['午餐', '补贴', '老人', '开放', 'bus', 'clinic ', '😀', '应当', ' on Sundays', '。'];

export interface Storm {
  readonly entries: readonly LoggedEntry[];
  /** Who writes under which client id. */
  readonly writers: ReadonlyMap<number, string>;
}

/** A log as several people at once make it: each edits his own copy, what he did reaches the log late, and the others later still. */
export function storm(seed: number, edits: number): Storm {
  const chance = new Chance(seed);
  const first = stateOf(lines);
  const entries: LoggedEntry[] = [];
  let at = 1_700_000_000_000;
  const append = (kind: LoggedEntry['kind'], actorId: string, bytes: Uint8Array): void => {
    at += chance.between(0, 3) === 0 ? 0 : chance.between(1, 60_000);
    entries.push({ ordinal: entries.length + 1, kind, actorId, at, bytes });
  };
  append('update', 'system', first);
  const people = ['ana', 'ben', 'chen'].map((id, index) => {
    const writer = new Writer(1_000 + index, first);
    const outgoing: Uint8Array[] = [];
    // All that is not from others: drawing a text may itself write (two texts of one's own side by side become one).
    writer.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'remote') outgoing.push(update);
    });
    return { id, writer, outgoing, known: 1 };
  });
  const hear = (person: (typeof people)[number], upTo: number): void => {
    // As a client hears the log: through the same door another writer's copy goes through.
    const relay = new Y.Doc({ gc: false });
    for (const entry of entries.slice(0, upTo)) if (entry.kind === 'update') Y.applyUpdate(relay, entry.bytes);
    person.writer.receive(Y.encodeStateAsUpdate(relay, Y.encodeStateVector(person.writer.doc)));
    person.known = upTo;
  };
  const weather = { chance, vocabulary, lines, passages: [{ from: 5, to: 15 }], size: 200 };
  for (let done = 0; done < edits;) {
    const person = chance.pick(people);
    const dice = chance.next();
    if (dice < 0.5) done += editOnce(person.writer, weather) === null ? 0 : 1;
    else if (dice < 0.75) for (const update of person.outgoing.splice(0, chance.between(1, 4))) append('update', person.id, update);
    else if (dice < 0.78) append('barrier', 'system', new Uint8Array());
    else if (person.outgoing.length === 0 || dice < 0.95) hear(person, chance.between(person.known, entries.length));
  }
  for (const person of people) for (const update of person.outgoing.splice(0)) append('update', person.id, update);
  return { entries, writers: new Map([[1, 'system'] as const, ...people.map(({ id, writer }) => [writer.doc.clientID, id] as const)]) };
}
