import * as Y from 'yjs';

/*
 * What it costs to integrate an update, before it is integrated. Yjs is quadratic in places where adversaries like to be and people are
 * not: items that contend for one place are compared with each other, a value of an attribute walks past the values before it, and each
 * cut through a run of text moves the array that holds all later pieces of its client. One unit is about a microsecond.
 */

type Struct = Y.Item | Y.GC | Y.Skip;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the events of a type are of no interest here, and Yjs knows no other name for all of them
type List = Y.AbstractType<any>;
type DeleteRanges = ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>;

/* Measured, on the machine of docs/TRUST.md: a piece 2 to 3 µs, a step 0.15, a cut 3 to 4 and more where the array is long. */
const pieceCost = 2.5;
const stepCost = 0.15;
const cutCost = 3;
/** So many places in the array of a client's pieces are moved for one unit. */
const movedForOne = 16_384;
const rangeCost = 0.5;

export interface Cost {
  /** Everything, in units. */
  readonly units: number;
  /** New items. */
  readonly items: number;
  /** Steps past other items at places that are contended: what grows with what the draft holds. */
  readonly steps: number;
  /** New items that did not find their neighbours side by side. */
  readonly contended: number;
  /**
   * Steps that whoever joins may have to make for these items at most, in the order in which Yjs takes them then: the contended ones
   * and those they passed may each have to pass all of their list.
   */
  readonly reach: number;
}

class TooMuch extends Error {}

/**
 * What it would cost to integrate the new ones of `structs` (as decoded: grouped by client, dense) and the `deletes` into `doc`, or
 * null where it is more than `most` units. Takes time in proportion to what it gives, `most` at the most. Everything the structs refer
 * to must be there, in the document or among them.
 */
export function costOf(doc: Y.Doc, structs: readonly Struct[], deletes: DeleteRanges, most: number): Cost | null {
  const estimate = new Estimate(doc, structs, most);
  try {
    for (const struct of structs) estimate.add(struct);
    for (const [client, ranges] of deletes) for (const { clock, len } of ranges) estimate.remove(client, clock, len);
  } catch (error) {
    if (error instanceof TooMuch) return null;
    throw error;
  }
  return estimate;
}

/** A place at which new items are put: behind one item, or first in a list or among the values of a key. */
interface Place {
  last: Y.ID | null;
}

/** Where a new item stands. `list` is the new element itself where its parent is new; `wall` the first item right of it that is in the document. */
interface Stand {
  readonly list: List | Struct | null;
  readonly sub: string | null;
  readonly wall: Y.Item | null;
}

/**
 * How many items Yjs looks at, from `at` to before `wall`, to find where an item with these neighbours goes: its own loop, which
 * remembers in `before` what it has passed. Stops counting soon after `most`.
 */
export function stepsPast(
  doc: Y.Doc,
  item: { readonly client: number; readonly origin: Y.ID | null; readonly rightOrigin: Y.ID | null },
  first: Y.Item | null,
  wall: Y.Item | Y.GC | null,
  before: Set<Y.Item | Y.GC>,
  most: number,
): number {
  let steps = 0;
  for (let at = first; at !== null && at !== wall && steps <= most; at = at.right) {
    steps += 1;
    if (Y.compareIDs(item.origin, at.origin)) {
      if (at.id.client >= item.client && Y.compareIDs(item.rightOrigin, at.rightOrigin)) break;
    } else if (at.origin === null || !before.has(Y.getItem(doc.store, at.origin))) break;
    before.add(at);
  }
  return steps;
}

class Estimate implements Cost {
  units = 0;
  items = 0;
  steps = 0;
  contended = 0;
  reach = 0;
  readonly #doc: Y.Doc;
  readonly #most: number;
  readonly #fresh = new Map<number, Struct[]>();
  readonly #cuts = new Map<number, Set<number>>();
  readonly #behind = new Map<string, Place>();
  readonly #first = new Map<object, Map<string | null, Place>>();
  readonly #stands = new Map<Struct, Stand>();
  readonly #freshIn = new Map<object, number>();
  readonly #chains = new Map<Y.Item, number>();
  readonly #lengths = new Map<object, number>();

  constructor(doc: Y.Doc, structs: readonly Struct[], most: number) {
    this.#doc = doc;
    this.#most = most;
    for (const struct of structs) {
      if (struct.id.clock + struct.length <= this.#known(struct.id.client)) continue;
      const own = this.#fresh.get(struct.id.client);
      if (own === undefined) this.#fresh.set(struct.id.client, [struct]);
      else own.push(struct);
    }
  }

  add(struct: Struct): void {
    const { client, clock } = struct.id;
    const known = this.#known(client);
    if (clock + struct.length <= known) return;
    this.#spend(pieceCost);
    if (!(struct instanceof Y.Item)) return;
    this.items += 1;
    // Of an item whose beginning is there already, the rest stands behind that.
    const origin = clock < known ? Y.createID(client, known - 1) : struct.origin;
    const left = origin === null ? null : this.#neighbour(origin, origin.clock + 1);
    const right = struct.rightOrigin === null ? null : this.#neighbour(struct.rightOrigin, struct.rightOrigin.clock);
    if (left instanceof Y.GC || right instanceof Y.GC) return;
    const stand = this.#standOf(struct, left, right);
    this.#stands.set(struct, stand);
    const { list, sub } = stand;
    const place = this.#placeOf(origin, list, sub);
    const steps =
      this.#pastOld(struct, origin, left, right, stand) +
      (place.last !== null && !Y.compareIDs(place.last, struct.rightOrigin) && list !== null ? (this.#freshIn.get(list) ?? 0) : 0);
    if (steps > 0) {
      this.contended += 1;
      this.steps += steps;
      if (list !== null) this.reach += (1 + steps) * this.#lengthOf(list, sub);
      this.#spend(steps * stepCost);
    }
    place.last = struct.id;
    if (list !== null) this.#freshIn.set(list, (this.#freshIn.get(list) ?? 0) + 1);
  }

  remove(client: number, clock: number, length: number): void {
    this.#spend(rangeCost);
    const known = this.#known(client);
    const end = clock + length;
    const old = this.#doc.store.clients.get(client);
    if (old !== undefined && clock < known) {
      for (let index = Y.findIndexSS(old, clock); index < old.length; index += 1) {
        const struct = old[index];
        if (struct === undefined || struct.id.clock >= end) break;
        if (struct.deleted || !(struct instanceof Y.Item)) continue;
        this.#removeFrom(struct, client, clock, end);
      }
    }
    if (end > known) {
      for (const struct of this.#freshFrom(client, Math.max(clock, known))) {
        if (struct.id.clock >= end) break;
        if (struct instanceof Y.Item) this.#removeFrom(struct, client, clock, end);
      }
    }
  }

  #removeFrom(struct: Y.Item, client: number, from: number, to: number): void {
    this.#spend(1);
    if (struct.id.clock < from) this.#cut(client, from);
    if (struct.id.clock + struct.length > to) this.#cut(client, to);
    if (struct.content instanceof Y.ContentType) this.#removeWithin(struct.content.type);
  }

  /** What stands in an element goes with it. */
  #removeWithin(type: List): void {
    const waiting = [type];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const look = (first: Y.Item | null | undefined): void => {
        for (let item = first ?? null; item !== null; item = item.right) {
          this.#spend(1);
          if (!item.deleted && item.content instanceof Y.ContentType) waiting.push(item.content.type);
        }
      };
      look(at._start);
      for (const value of at._map.values()) look(value);
    }
  }

  /** The item a new one stands beside; where it has to be cut in two for it, at `cut`, that costs. */
  #neighbour(id: Y.ID, cut: number): Struct | null {
    const old = this.#doc.store.clients.get(id.client);
    const struct = id.clock < this.#known(id.client) && old !== undefined ? (old[Y.findIndexSS(old, id.clock)] ?? null) : this.#freshAt(id);
    if (struct instanceof Y.Item && cut > struct.id.clock && cut < struct.id.clock + struct.length) this.#cut(id.client, cut);
    return struct;
  }

  #cut(client: number, clock: number): void {
    const cuts = this.#cuts.get(client) ?? new Set();
    if (cuts.has(clock)) return;
    cuts.add(clock);
    this.#cuts.set(client, cuts);
    const pieces = (this.#doc.store.clients.get(client)?.length ?? 0) + (this.#fresh.get(client)?.length ?? 0) + cuts.size;
    // Cut, and where nothing comes between, put together again.
    this.#spend(cutCost + pieces / movedForOne);
  }

  #standOf(item: Y.Item, left: Struct | null, right: Struct | null): Stand {
    const wall = right === null ? null : this.#isOld(right) ? (right as Y.Item) : (this.#stands.get(right)?.wall ?? null);
    for (const beside of [left, right]) {
      if (!(beside instanceof Y.Item)) continue;
      if (this.#isOld(beside)) return { list: beside.parent as List, sub: beside.parentSub, wall };
      const stand = this.#stands.get(beside);
      if (stand !== undefined) return { list: stand.list, sub: stand.sub, wall };
    }
    const { parent } = item;
    const sub = item.parentSub;
    if (typeof parent === 'string') return { list: this.#doc.share.get(parent) ?? null, sub, wall };
    if (!(parent instanceof Y.ID)) return { list: parent as List | null, sub, wall };
    const holder = this.#neighbour(parent, parent.clock);
    if (!(holder instanceof Y.Item)) return { list: null, sub, wall };
    const isOld = this.#isOld(holder) && holder.content instanceof Y.ContentType;
    return { list: isOld ? (holder.content as Y.ContentType).type : holder, sub, wall };
  }

  #placeOf(origin: Y.ID | null, list: object | null, sub: string | null): Place {
    const fresh = { last: null };
    if (origin !== null) {
      const key = `${origin.client} ${origin.clock}`;
      const place = this.#behind.get(key) ?? fresh;
      this.#behind.set(key, place);
      return place;
    }
    if (list === null) return fresh;
    const keys = this.#first.get(list) ?? new Map<string | null, Place>();
    this.#first.set(list, keys);
    const place = keys.get(sub) ?? fresh;
    keys.set(sub, place);
    return place;
  }

  /** How many items that are in the document Yjs looks at to find the place: those between its neighbours, by the rules of its own loop. */
  #pastOld(item: Y.Item, origin: Y.ID | null, left: Struct | null, right: Struct | null, { list, sub, wall }: Stand): number {
    if (left !== null && !this.#isOld(left)) return 0;
    if (!(list instanceof Y.AbstractType)) return 0;
    let steps = 0;
    let at: Y.Item | null;
    const before = new Set<Y.Item | Y.GC>();
    if (left instanceof Y.Item) {
      at = left.right;
      if (origin !== null && origin.clock + 1 < left.id.clock + left.length) {
        // It stands inside a run: beside it is the rest of the run, or something else by what it says.
        if (Y.compareIDs(item.rightOrigin, Y.createID(origin.client, origin.clock + 1))) return 0;
        if (right === left) return 1;
        steps += 1;
        before.add(left);
      }
    } else if (sub !== null) {
      const last = list._map.get(sub);
      if (last === undefined || right?.id.clock === 0) return 0;
      const [first, length] = this.#chain(last);
      at = first;
      steps += length;
    } else at = list._start;
    // The walk itself takes the time that it counts.
    const most = (this.#most - this.units) / stepCost - steps;
    return steps + stepsPast(this.#doc, { client: item.id.client, origin, rightOrigin: item.rightOrigin }, at, wall, before, most);
  }

  /** How many items stand in a list, or under a key, with those this update has put there so far. */
  #lengthOf(list: List | Struct, sub: string | null): number {
    const fresh = this.#freshIn.get(list) ?? 0;
    if (!(list instanceof Y.AbstractType)) return fresh;
    if (sub !== null) {
      const last = list._map.get(sub);
      return fresh + (last === undefined ? 0 : this.#chain(last)[1]);
    }
    let length = this.#lengths.get(list);
    if (length === undefined) {
      length = 0;
      for (let item = list._start; item !== null; item = item.right) length += 1;
      this.#lengths.set(list, length);
    }
    return fresh + length;
  }

  /** The first value of a key, and how many there are. */
  #chain(last: Y.Item): readonly [Y.Item, number] {
    let first = last;
    let length = this.#chains.get(last);
    for (let count = 1; ; count += 1) {
      if (first.left === null) {
        length ??= count;
        break;
      }
      if (this.units + count * stepCost > this.#most) throw new TooMuch();
      first = first.left;
    }
    this.#chains.set(last, length);
    return [first, length];
  }

  #isOld(struct: Struct): boolean {
    return struct.id.clock < this.#known(struct.id.client) && !this.#stands.has(struct);
  }

  #freshAt(id: Y.ID): Struct | null {
    return this.#freshFrom(id.client, id.clock).next().value ?? null;
  }

  /** The new structs of a client from the one that holds a clock. */
  *#freshFrom(client: number, clock: number): Generator<Struct, undefined> {
    const structs = this.#fresh.get(client) ?? [];
    let low = 0;
    let high = structs.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const struct = structs[middle];
      if (struct !== undefined && struct.id.clock + struct.length <= clock) low = middle + 1;
      else high = middle;
    }
    for (; low < structs.length; low += 1) {
      const struct = structs[low];
      if (struct !== undefined) yield struct;
    }
    return undefined;
  }

  #known(client: number): number {
    return Y.getState(this.#doc.store, client);
  }

  #spend(units: number): void {
    this.units += units;
    if (this.units > this.#most) throw new TooMuch();
  }
}
