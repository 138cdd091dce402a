import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { Run } from '../text-index.ts';
import { RunSet } from './runSet.ts';

type Struct = ReturnType<typeof Y.decodeUpdate>['structs'][number];

/**
 * An update (V1) without the words of these characters, or null where it has none of them. In their place stands deleted content of
 * the same length, so every identity and clock stays what it was, and whatever builds on the update still applies. Characters and
 * formatting can be taken out, nothing else. Throws where `update` is none.
 */
export function eraseFromUpdate(update: Uint8Array, gone: RunSet): Uint8Array | null {
  const { from, to } = Y.parseUpdateMeta(update);
  if (![...from].some(([client, clock]) => gone.touches(client, clock, to.get(client) ?? clock))) return null;
  const { structs, ds } = Y.decodeUpdate(update);
  let changed = false;
  const left = structs.flatMap((struct) => {
    const pieces = struct instanceof Y.Item ? erasedPieces(struct, gone) : null;
    changed ||= pieces !== null;
    return pieces ?? [struct];
  });
  return changed ? encode(left, ds.clients) : null;
}

/** An update from a stranger without the words of these characters; one that cannot be read stays what it is. */
export function withoutRuns(update: Uint8Array, gone: RunSet): Uint8Array {
  try {
    return eraseFromUpdate(update, gone) ?? update;
  } catch {
    return update;
  }
}

/** Whether an update brings any of these characters, erased or not. */
export function holdsAny(update: Uint8Array, runs: RunSet): boolean {
  try {
    return Y.decodeUpdate(update).structs.some(({ id, length }) => runs.touches(id.client, id.clock, id.clock + length));
  } catch {
    return false;
  }
}

/** An update that deletes what of these characters still stands in a document, or null where nothing does. */
export function deletionOf(doc: Y.Doc, gone: RunSet): Uint8Array | null {
  const deletes = new Map<number, { clock: number; len: number }[]>();
  for (const [client, structs] of doc.store.clients) {
    for (const struct of structs) {
      const { id, length, deleted } = struct;
      if (deleted || !(struct instanceof Y.Item) || !isErasable(struct.content)) continue;
      for (const stretch of gone.cut(client, id.clock, length)) {
        if (!stretch.isIn) continue;
        const own = deletes.get(client);
        if (own === undefined) deletes.set(client, [{ clock: stretch.clock, len: stretch.length }]);
        else own.push({ clock: stretch.clock, len: stretch.length });
      }
    }
  }
  return deletes.size === 0 ? null : encode([], deletes);
}

function isErasable(content: Y.Item['content']): boolean {
  return content instanceof Y.ContentString || content instanceof Y.ContentFormat;
}

/** The item, cut where erased characters begin and end; null where none of it is erased. */
function erasedPieces(item: Y.Item, gone: RunSet): Y.Item[] | null {
  const { content, parentSub } = item;
  const { client, clock } = item.id;
  if (!isErasable(content)) return null;
  const stretches = gone.cut(client, clock, item.length);
  if (!stretches.some(({ isIn }) => isIn)) return null;
  return stretches.map((stretch) => {
    const skip = stretch.clock - clock;
    const left = content instanceof Y.ContentString ? new Y.ContentString(content.str.slice(skip, skip + stretch.length)) : content;
    // As Yjs cuts items itself: the second part stands behind the last character of the first.
    const origin = skip === 0 ? item.origin : Y.createID(client, stretch.clock - 1);
    return new Y.Item(
      Y.createID(client, stretch.clock),
      ...([null, origin, null, item.rightOrigin, item.parent, parentSub] as const),
      stretch.isIn ? new Y.ContentDeleted(stretch.length) : left,
    );
  });
}

/** Structs lie together by client, each client's without a gap. */
function encode(structs: readonly Struct[], deletes: ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>) {
  const byClient = new Map<number, Struct[]>();
  for (const struct of structs) {
    const own = byClient.get(struct.id.client);
    if (own === undefined) byClient.set(struct.id.client, [struct]);
    else own.push(struct);
  }
  const encoder = new Y.UpdateEncoderV1();
  const { restEncoder } = encoder;
  encoding.writeVarUint(restEncoder, byClient.size);
  for (const [client, own] of byClient) {
    encoding.writeVarUint(restEncoder, own.length);
    encoder.writeClient(client);
    encoding.writeVarUint(restEncoder, own[0]?.id.clock ?? 0);
    for (const struct of own) struct.write(encoder, 0);
  }
  encoding.writeVarUint(restEncoder, deletes.size);
  for (const [client, ranges] of deletes) {
    encoding.writeVarUint(restEncoder, client);
    encoding.writeVarUint(restEncoder, ranges.length);
    for (const { clock, len } of ranges) {
      encoding.writeVarUint(restEncoder, clock);
      encoding.writeVarUint(restEncoder, len);
    }
  }
  return encoder.toUint8Array();
}

const known = new WeakMap<object, RunSet>();

/** All characters that were erased, as a set; made once for each list, since every edit of a draft asks for it. Lists are never changed. */
export function runSetOf(erased: readonly { readonly runs: readonly Run[] }[]): RunSet {
  const set = known.get(erased) ?? new RunSet(erased.flatMap(({ runs }) => runs));
  known.set(erased, set);
  return set;
}
