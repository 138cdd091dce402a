import { rangeToProseMirror } from '#shared/document/anchors.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';
import type { DraftHistory } from '#shared/protocol/historyView.ts';
import { drawAuthorMarks } from '../drafts/authorMarks.ts';
import type { BoundPaper } from '../drafts/boundPaper.ts';
import type { CaretPerson } from '../drafts/draftCarets.ts';
import type { DraftCopy } from '../drafts/draftCopy.ts';
import { isComposing } from '../drafts/composing.ts';
import { settled } from '../drafts/settled.ts';
import { authoredRanges, authorshipOf } from './authoredRanges.ts';

/** Drawn anew when nothing changed for so long, and at the latest after so long. */
const QUIET_MS = 300;
const MOST_MS = 1_500;

export interface AuthorParts {
  readonly paper: BoundPaper;
  readonly copy: DraftCopy;
  /** Who writes under a Yjs client id. */
  readonly ownerOf: (client: number) => string | undefined;
  readonly personOf: (id: string) => CaretPerson;
  readonly when: (at: number) => string;
}

/** Shows in a live text who wrote what, and goes on as people write. Gives its own undo. */
export function showLiveAuthors({ paper, copy, ownerOf, personOf, when }: AuthorParts, history: DraftHistory): () => void {
  const { editor } = paper;
  const authorship = authorshipOf(history);
  const draw = (): void => {
    if (editor.isDestroyed) return;
    if (isComposing(editor.view)) {
      drawing.stir();
      return;
    }
    const index = buildTextIndex(copy.fragment);
    const marks = authoredRanges(index, authorship, ownerOf)
      .filter(({ by }) => by !== 'system')
      .map(({ from, to, by, at }) => {
        const { name, color } = personOf(by);
        return { ...rangeToProseMirror(index, from, to), color, says: at === null ? name : `${name} · ${when(at)}` };
      });
    drawAuthorMarks(editor.view, marks);
  };
  const drawing = settled(draw, QUIET_MS, MOST_MS);
  const stir = ({ transaction }: { readonly transaction: { readonly docChanged: boolean } }): void => {
    if (transaction.docChanged) drawing.stir();
  };
  editor.on('transaction', stir);
  draw();
  return () => {
    drawing.stop();
    editor.off('transaction', stir);
    if (!editor.isDestroyed) drawAuthorMarks(editor.view, []);
  };
}
