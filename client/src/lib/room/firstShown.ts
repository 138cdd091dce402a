import type { FirstSight } from '#shared/protocol/firstSight.ts';

/** What the server drew of a room, without the blocks of its draft: these stand in the page already. */
export interface FirstShown extends Omit<FirstSight, 'text'> {
  readonly text: { readonly draftId: string; readonly title: string | null; readonly locked: boolean } | null;
}

/** The beginning of a draft that is on the screen while the editor still fetches it, and how far the reader has got in it. */
export interface ShownPaper {
  readonly draftId: string;
  readonly html: string;
  readonly scrollTop: number;
}
