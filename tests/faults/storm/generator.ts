/* People in a process of their own, so that what they cost is not taken for what the server costs. Told what to do over IPC. */
import { createHash } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { contentHash } from '#shared/document/text.ts';
import * as Y from 'yjs';
import { randomOf } from '../../support/random.ts';
import { until } from '../../support/people.ts';
import type { Holding, Order, Place, Returned } from './orders.ts';
import { Returning } from './returning.ts';

const loop = monitorEventLoopDelay({ resolution: 5 });
loop.enable();
let people: Returning[] = [];

process.on('message', (order: Order) => {
  obey(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));

async function obey(order: Order): Promise<object> {
  switch (order.is) {
    case 'open':
      await open(order.places, order.seed);
      return {};
    case 'expect': {
      const contents = new Contents();
      for (const person of people) person.expect(order.manner, contents.of(person.received).vector);
      return {};
    }
    case 'go':
      return go(order.watchdogMs);
    case 'holding':
      return holding();
    default:
      return order satisfies never;
  }
}

async function open(places: readonly Place[], seed: number): Promise<void> {
  const chance = randomOf(seed);
  people = [];
  for (const place of places) {
    people.push(new Returning(place, 1_000 + chance(2 ** 31), () => chance(2 ** 30) / 2 ** 30));
    if (people.length % 20 === 0) await allBack(60_000);
  }
  await allBack(60_000);
  const refused = people.find((person) => person.refused !== null)?.refused;
  if (refused !== undefined) throw new Error(`somebody was not let in: ${String(refused)}`);
}

async function go(watchdogMs: number): Promise<Returned> {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  loop.reset();
  for (const person of people) person.go();
  await allBack(watchdogMs).catch(() => undefined);
  const { user, system } = process.cpuUsage(cpu);
  const times = (door: 'draft' | 'room') => people.flatMap((person) => person.at(door) ?? []).map((at) => Math.round(at - begun));
  return {
    drafts: times('draft'),
    rooms: times('room'),
    missing: people.filter(({ isBack, refused }) => !isBack && refused === null).length,
    refused: people.flatMap(({ refused }) => refused ?? []),
    tries: people.reduce((sum, { tries }) => sum + tries, 0),
    cpuMs: Math.round((user + system) / 1_000),
    stallMs: Math.round(loop.max / 1e6),
  };
}

async function allBack(watchdogMs: number): Promise<void> {
  await until(() => people.every(({ isBack, refused }) => isBack || refused !== null), 'everybody to be back', watchdogMs);
}

function holding(): Holding {
  const contents = new Contents();
  const groups = new Map<string, { draftId: string; hash: string; people: number }>();
  for (const { place, received } of people) {
    const { hash } = contents.of(received);
    const key = `${place.draftId} ${hash}`;
    const group = groups.get(key) ?? { draftId: place.draftId, hash, people: 0 };
    group.people += 1;
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** What was received, put together; once for all who received the same. */
class Contents {
  readonly #known = new Map<string, { readonly vector: Uint8Array; readonly hash: string }>();

  of(pieces: readonly Uint8Array[]): { readonly vector: Uint8Array; readonly hash: string } {
    const digest = createHash('sha1');
    for (const piece of pieces) digest.update(piece);
    const key = digest.digest('base64');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const doc = new Y.Doc();
    doc.transact(() => {
      for (const piece of pieces) Y.applyUpdate(doc, piece);
    });
    const made = { vector: Y.encodeStateVector(doc), hash: contentHash(doc.getXmlFragment(DRAFT_FIELD)) };
    this.#known.set(key, made);
    return made;
  }
}
