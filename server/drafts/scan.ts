import * as Y from 'yjs';

/**
 * Bounds of one update; an honest update of one frame stays far below them. A client id is any number Yjs can read: Yjs itself draws 32
 * bits, yrs and what is built on it 53.
 */
const maxClientId = Number.MAX_SAFE_INTEGER;
const maxClock = 2 ** 31;
const maxNewRange = 2 ** 21;
const maxWriters = 8;
const maxStructs = 100_000;

/** Numbers of Yjs for content no draft holds (JSON, binary, embedded objects, documents), and for the types it does (element, text). */
const forbiddenContent: ReadonlySet<number> = new Set([2, 3, 5, 9]);
const allowedTypes: ReadonlySet<number> = new Set([3, 6]);
const contentBits = 31;

type DeleteRanges = ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>;

/**
 * What an update would do to a document.
 * nothing: all of it is there already. gap: it rests on something that is not there. bad: it is no update, or one that no
 * client makes. forbidden: it holds content of a kind no draft has. adds: `writers` are the client ids under which it has new structs, none where it only deletes.
 */
export type Scan =
  | { readonly is: 'nothing' }
  | { readonly is: 'gap' }
  | { readonly is: 'bad' }
  | { readonly is: 'forbidden' }
  | {
      readonly is: 'adds';
      readonly writers: readonly number[];
      readonly structs: readonly (Y.Item | Y.GC | Y.Skip)[];
      readonly deletes: DeleteRanges;
    };

const bad: Scan = { is: 'bad' };
const gap: Scan = { is: 'gap' };

class ForbiddenContent extends Error {}

/** Reads an update, and stops where it becomes too much or holds what a draft never does: each struct read is an object made. */
class GuardedDecoder extends Y.UpdateDecoderV1 {
  #structs = 0;

  override readInfo(): number {
    this.#structs += 1;
    if (this.#structs > maxStructs) throw new RangeError('An update of too many pieces.');
    const info = super.readInfo();
    if (forbiddenContent.has(info & contentBits)) throw new ForbiddenContent();
    return info;
  }

  override readTypeRef(): number {
    const type = super.readTypeRef();
    if (!allowedTypes.has(type)) throw new ForbiddenContent();
    return type;
  }
}

/**
 * Looks at an update before it is applied. It decodes lazily, so that a frame which promises millions of structs and holds none
 * costs nothing, and it never trusts an order or a range that Yjs itself would take as given. Only format V1 is read.
 */
export function scanUpdate(doc: Y.Doc, update: Uint8Array): Scan {
  let decoded: ReturnType<typeof Y.decodeUpdate>;
  try {
    decoded = Y.decodeUpdateV2(update, GuardedDecoder);
  } catch (error) {
    return error instanceof ForbiddenContent ? { is: 'forbidden' } : bad;
  }
  const { structs, ds } = decoded;
  const reach = rangesOf(doc, structs);
  if (reach === 'bad' || reach === 'gap') return reach === 'bad' ? bad : gap;
  const known = (client: number): number => Y.getState(doc.store, client);
  const writers: number[] = [];
  for (const [client, end] of reach) if (end > known(client)) writers.push(client);
  if (writers.length > maxWriters) return bad;
  if (writers.length > 0) {
    const there = (id: Y.ID): boolean => id.clock < Math.max(known(id.client), reach.get(id.client) ?? 0);
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || struct.id.clock + struct.length <= known(struct.id.client)) continue;
      const found = ground(struct, there);
      if (found !== null) return found;
    }
  }
  const deletes = deletesOf(doc, ds.clients, reach);
  if (deletes === 'bad' || deletes === 'gap') return deletes === 'bad' ? bad : gap;
  if (writers.length === 0 && deletes === 'nothing') return { is: 'nothing' };
  return { is: 'adds', writers, structs, deletes: ds.clients };
}

/** Where the structs of each client end in this update; they must be dense and begin no later than what is known. */
function rangesOf(doc: Y.Doc, structs: readonly (Y.Item | Y.GC | Y.Skip)[]): Map<number, number> | 'bad' | 'gap' {
  const reach = new Map<number, number>();
  let missing = false;
  let current = -1;
  let known = 0;
  let fresh = 0;
  for (const struct of structs) {
    const { client, clock } = struct.id;
    const end = clock + struct.length;
    if (client > maxClientId || struct.length < 1 || end > maxClock) return 'bad';
    if (client !== current) {
      // Yjs would drop the first of two runs under one client id.
      if (reach.has(client)) return 'bad';
      current = client;
      known = Y.getState(doc.store, client);
      fresh = 0;
      if (clock > known) missing = true;
    } else if (reach.get(client) !== clock) return 'bad';
    if (end > known) {
      if (struct instanceof Y.Skip) missing = true;
      fresh += Math.min(struct.length, end - known);
      if (fresh > maxNewRange) return 'bad';
    }
    reach.set(client, end);
  }
  return missing ? 'gap' : reach;
}

/** Whether what a new item refers to is there; under its own client id only what stands before it can be. */
function ground(item: Y.Item, there: (id: Y.ID) => boolean): Scan | null {
  for (const id of [item.origin, item.rightOrigin, item.parent]) {
    if (!(id instanceof Y.ID)) continue;
    if (id.client === item.id.client) {
      if (id.clock >= item.id.clock) return bad;
    } else if (!there(id)) return gap;
  }
  return null;
}

/** Whether any range deletes something that is not deleted yet. Yjs writes ranges sorted and apart, so others are no update. */
function deletesOf(doc: Y.Doc, deletes: DeleteRanges, reach: ReadonlyMap<number, number>): 'bad' | 'gap' | 'nothing' | 'something' {
  let something = false;
  for (const [client, ranges] of deletes) {
    const known = Y.getState(doc.store, client);
    const most = Math.max(known, reach.get(client) ?? 0);
    let last = -1;
    for (const { clock, len } of ranges) {
      if (client > maxClientId || len < 1 || clock <= last || clock + len > maxClock) return 'bad';
      if (clock + len > most) return 'gap';
      last = clock + len - 1;
      something ||= clock + len > known || !isDeleted(doc, client, clock, len);
    }
  }
  return something ? 'something' : 'nothing';
}

function isDeleted(doc: Y.Doc, client: number, clock: number, length: number): boolean {
  const structs = doc.store.clients.get(client);
  if (structs === undefined) return false;
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
    const struct = structs[index];
    if (struct === undefined || struct.id.clock >= clock + length) break;
    if (!struct.deleted) return false;
  }
  return true;
}
