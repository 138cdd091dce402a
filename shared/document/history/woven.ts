import type { Json } from '../../lib/canonical.ts';

/**
 * A draft with all it ever was, in the order it stands in: from it the text of every moment can be shown without Yjs and without
 * the log. Everything in it is alive from the moment `born` on, up to, not including, the moment `died`; both are places in
 * `moments`, and `died` is -1 for what still stands. What came and went between two moments is left out.
 */
export interface WovenDraft {
  readonly draftId: string;
  readonly lineage: string;
  /** The last entry of the log this rests on. */
  readonly ordinal: number;
  /** Participants (or `system`) who wrote; authors and deleters are places in this list. */
  readonly people: readonly string[];
  readonly moments: readonly Moment[];
  readonly nodes: readonly WovenNode[];
}

/** The draft as it was after the entry with this ordinal. `by`: whoever wrote that entry; `edits`: how many entries it stands for. */
export interface Moment {
  readonly ordinal: number;
  readonly at: number;
  readonly by: number;
  readonly edits: number;
}

export interface WovenElement {
  readonly type: string;
  readonly born: number;
  readonly died: number;
  readonly id: WovenId;
  /** Whoever made it. */
  readonly by: number;
  readonly attrs?: readonly WovenAttribute[];
  readonly nodes: readonly WovenNode[];
}

export interface WovenText {
  readonly born: number;
  readonly died: number;
  readonly pieces: readonly (WovenPiece | WovenFormat)[];
}

export type WovenNode = WovenElement | WovenText;

/** Who a character or a block is in Yjs. */
export type WovenId = readonly [client: number, clock: number];

/**
 * Characters with one author and one fate. `at`: when they came, in milliseconds after the moment of index 0; `deleter` is -1
 * where they still stand. Clocks of the characters count up from `clock`.
 */
export type WovenPiece = readonly [
  text: string,
  author: number,
  at: number,
  born: number,
  died: number,
  deleter: number,
  client: number,
  clock: number,
];

/** From here on, while it is alive, a mark is set to a value; `null` takes it away. */
export type WovenFormat = readonly [mark: string, value: Json, born: number, died: number];

export type WovenAttribute = readonly [name: string, value: Json, born: number, died: number];

export function isWovenText(node: WovenNode): node is WovenText {
  return 'pieces' in node;
}

export function isWovenPiece(piece: WovenPiece | WovenFormat): piece is WovenPiece {
  return piece.length === 8;
}
