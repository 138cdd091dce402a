import * as encoding from 'lib0/encoding';

/** Where an item of a handmade update stands: a client id and a clock. */
export type Id = readonly [client: number, clock: number];

/** One struct of a handmade update, written as Yjs writes it (format V1). */
export interface Piece {
  readonly origin?: Id | null;
  readonly right?: Id | null;
  /** The name of a root, or the identity of an element; only where it has no neighbours. */
  readonly parent?: string | Id;
  readonly key?: string;
  readonly content:
    | { readonly text: string }
    | { readonly element: string }
    | 'text'
    | { readonly value: number }
    | { readonly mark: string; readonly value: object | null };
}

function lengthOf({ content }: Piece): number {
  return typeof content === 'object' && 'text' in content ? content.text.length : 1;
}

/** An update of structs, by client from its first clock on, and of deleted ranges. Nothing is checked. */
export function handmade(
  structs: readonly { readonly client: number; readonly clock: number; readonly pieces: readonly Piece[] }[],
  deletes: ReadonlyMap<number, readonly (readonly [clock: number, length: number])[]> = new Map(),
): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, structs.length);
    for (const { client, clock, pieces } of structs) {
      for (const number of [pieces.length, client, clock]) encoding.writeVarUint(encoder, number);
      for (const piece of pieces) writePiece(encoder, piece);
    }
    encoding.writeVarUint(encoder, deletes.size);
    for (const [client, ranges] of deletes) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, ranges.length);
      for (const range of ranges) for (const number of range) encoding.writeVarUint(encoder, number);
    }
  });
}

function writePiece(encoder: encoding.Encoder, { origin, right, parent, key, content }: Piece): void {
  const kind = content === 'text' ? 7 : 'text' in content ? 4 : 'element' in content ? 7 : 'mark' in content ? 6 : 8;
  const alone = !origin && !right;
  encoding.writeUint8(encoder, kind | (origin ? 128 : 0) | (right ? 64 : 0) | (key === undefined ? 0 : 32));
  for (const id of [origin, right]) if (id) for (const number of id) encoding.writeVarUint(encoder, number);
  if (alone) {
    if (typeof parent === 'string') {
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarString(encoder, parent);
    } else {
      encoding.writeVarUint(encoder, 0);
      for (const number of parent ?? [0, 0]) encoding.writeVarUint(encoder, number);
    }
    if (key !== undefined) encoding.writeVarString(encoder, key);
  }
  if (content === 'text') encoding.writeVarUint(encoder, 6);
  else if ('text' in content) encoding.writeVarString(encoder, content.text);
  else if ('element' in content) {
    encoding.writeVarUint(encoder, 3);
    encoding.writeVarString(encoder, content.element);
  } else if ('mark' in content) {
    encoding.writeVarString(encoder, content.mark);
    encoding.writeVarString(encoder, JSON.stringify(content.value));
  } else {
    encoding.writeVarUint(encoder, 1);
    encoding.writeAny(encoder, content.value);
  }
}

/** How many clocks pieces take. */
export function clocksOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
}
