import { linkify } from './linkify.ts';
import type { MentionRange } from './mentions.ts';
import type { Hit } from './search.ts';

/** A piece of a plain text with all that is to be seen of it. */
export interface TextPiece {
  readonly text: string;
  readonly href: string | null;
  /** The participant it names, or null. */
  readonly mentions: string | null;
  readonly hit: boolean;
}

/** Splits a text at the borders of its links, mentions and search hits. The pieces put together are the text. */
export function piecesOf(text: string, mentions: readonly MentionRange[] = [], hits: readonly Hit[] = []): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const link of linkify(text)) {
    const end = at + link.text.length;
    const inside = (border: number) => border > at && border < end;
    const borders = [...mentions, ...hits].flatMap(({ from, to }) => [from, to]).filter(inside);
    const cuts = [at, ...new Set(borders.toSorted((one, other) => one - other)), end];
    for (const [index, from] of cuts.slice(0, -1).entries()) {
      const to = cuts[index + 1] ?? end;
      const covers = (range: { readonly from: number; readonly to: number }) => range.from <= from && range.to >= to;
      pieces.push({
        text: text.slice(from, to),
        href: link.href,
        mentions: link.href === null ? (mentions.find(covers)?.id ?? null) : null,
        hit: hits.some(covers),
      });
    }
    at = end;
  }
  return pieces;
}
