import * as Y from 'yjs';

/** What a struct of an update says of its place; fields that Yjs resolves only when it integrates. */
type Struct = ReturnType<typeof Y.decodeUpdate>['structs'][number];
type Types = ReadonlySet<unknown>;

/**
 * Whether an update changes any of these types (blocks of a text in which a word is being composed): writes or deletes in them, or
 * deletes them. Also true where the update rests on something this document does not have yet, since that may be an update that is
 * held back itself.
 */
export function touches(doc: Y.Doc, update: Uint8Array, types: Types): boolean {
  const { structs, ds } = Y.decodeUpdate(update);
  return structs.some((struct) => rests(doc, struct, structs, types)) || deletesIn(doc, ds, structs, types);
}

function rests(doc: Y.Doc, struct: Struct, structs: readonly Struct[], types: Types): boolean {
  const { client, clock } = struct.id;
  const had = Y.getState(doc.store, client);
  // A gap: what comes before it is not here.
  if (clock > had && !structs.some(({ id, length }) => id.client === client && id.clock + length === clock)) return true;
  if (!(struct instanceof Y.Item) || clock + struct.length <= had) return false;
  return isWithin(doc, struct, structs, types);
}

/** Whether an item of an update, not integrated yet, comes to stand within the types. */
function isWithin(doc: Y.Doc, item: Y.Item, structs: readonly Struct[], types: Types): boolean {
  const parent = item.parent as unknown;
  if (typeof parent === 'string') return types.has(doc.share.get(parent));
  const next = parent instanceof Y.ID ? parent : (item.origin ?? item.rightOrigin);
  if (next === null) return parent !== null && reaches(parent as Y.AbstractType<unknown>, types);
  if (next.clock < Y.getState(doc.store, next.client)) {
    const known = Y.getItem(doc.store, next) as Y.Item | Y.GC;
    // What is under something collected is collected too.
    if (!(known instanceof Y.Item)) return false;
    const type = parent instanceof Y.ID ? (known.content as Y.ContentType).type : known.parent;
    return reaches(type as Y.AbstractType<unknown>, types);
  }
  const beside = structs.find(({ id, length }) => id.client === next.client && id.clock <= next.clock && next.clock < id.clock + length);
  return beside === undefined || (beside instanceof Y.Item && isWithin(doc, beside, structs, types));
}

function deletesIn(doc: Y.Doc, ds: ReturnType<typeof Y.decodeUpdate>['ds'], structs: readonly Struct[], types: Types): boolean {
  for (const [client, ranges] of ds.clients) {
    const known = doc.store.clients.get(client) ?? [];
    const had = Y.getState(doc.store, client);
    for (const { clock, len } of ranges) {
      const end = clock + len;
      const isHere = end <= had || structs.some(({ id, length }) => id.client === client && id.clock <= end && end <= id.clock + length);
      if (!isHere) return true;
      if (clock >= had) continue;
      for (let at = Y.findIndexSS(known, clock); at < known.length; at += 1) {
        const struct = known[at];
        if (struct === undefined || struct.id.clock >= end) break;
        if (!(struct instanceof Y.Item) || struct.deleted) continue;
        if (reaches(struct.parent as Y.AbstractType<unknown>, types)) return true;
        const { content } = struct;
        if (content instanceof Y.ContentType && holds(content.type as Y.AbstractType<unknown>, types)) return true;
      }
    }
  }
  return false;
}

/** Whether a type is one of these, or stands within one. */
function reaches(type: Y.AbstractType<unknown> | null, types: Types): boolean {
  for (let at = type; at !== null; at = (at._item?.parent ?? null) as Y.AbstractType<unknown> | null) if (types.has(at)) return true;
  return false;
}

/** Whether one of these stands within a type, or is it. */
function holds(type: Y.AbstractType<unknown>, types: Types): boolean {
  for (const one of types) if (reaches(one as Y.AbstractType<unknown>, new Set([type]))) return true;
  return false;
}
