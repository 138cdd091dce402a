import { combineTransactionSteps, getChangedRanges, Mark, markPasteRule, mergeAttributes } from '@tiptap/core';
import type { Node as ProseMirrorNode, MarkType } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { isSafeHref, LINK_REL, LINK_TARGET } from '#shared/document/schema.ts';
import { linkify } from '../room/linkify.ts';

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    link: {
      /** Links what is selected; refuses an address that a draft may not hold. */
      setLink: (attributes: { readonly href: string }) => ReturnType;
      unsetLink: () => ReturnType;
    };
  }
}

/** What is read of a pasted element; named here because the schema is also loaded where there is no DOM. */
interface Tag {
  getAttribute(name: string): string | null;
}

/**
 * Links in a draft: an address that is written out with its protocol becomes one when the word ends or when it is pasted, and
 * a pasted link keeps its address and nothing else. It finds addresses the way comments do.
 */
export const DraftLink = Mark.create({
  name: 'link',
  priority: 1_000,
  keepOnSplit: false,
  exitable: true,
  inclusive: false,
  addAttributes() {
    return {
      href: { default: null, parseHTML: (element: Tag) => element.getAttribute('href') },
      target: { default: LINK_TARGET, parseHTML: () => LINK_TARGET },
      rel: { default: LINK_REL, parseHTML: () => LINK_REL },
      class: { default: null, parseHTML: () => null },
      title: { default: null, parseHTML: () => null },
    };
  },
  parseHTML() {
    return [{ tag: 'a[href]', getAttrs: (element: Tag) => (isSafeHref(element.getAttribute('href')) ? null : false) }];
  },
  renderHTML({ HTMLAttributes }) {
    const href: unknown = HTMLAttributes['href'];
    return ['a', mergeAttributes({ rel: LINK_REL, target: LINK_TARGET }, HTMLAttributes, { href: isSafeHref(href) ? href : '' }), 0];
  },
  addCommands() {
    return {
      setLink:
        ({ href }) =>
        ({ commands }) =>
          isSafeHref(href) && commands.setMark(this.name, { href }),
      unsetLink:
        () =>
        ({ commands }) =>
          commands.unsetMark(this.name, { extendEmptyMarkRange: true }),
    };
  },
  addPasteRules() {
    return [
      markPasteRule({
        find: (pasted) => addressesIn(pasted).map(({ at, href }) => ({ index: at, text: href, data: { href } })),
        type: this.type,
        getAttributes: (match) => ({ href: (match.data as { href: string } | undefined)?.href }),
      }),
    ];
  },
  addProseMirrorPlugins() {
    const { type, editor } = this;
    return [
      new Plugin({
        appendTransaction: (transactions, before, after) => linkedWords(transactions, before, after, type),
        props: {
          // An address pasted over selected words links them.
          handlePaste: (view, _, slice) => {
            const pasted = slice.content.textBetween(0, slice.content.size, '\n').trim();
            const isOneAddress = addressesIn(pasted).some(({ href }) => href === pasted);
            return isOneAddress && !view.state.selection.empty && editor.commands.setLink({ href: pasted });
          },
        },
      }),
    ];
  },
});

interface Address {
  readonly at: number;
  readonly href: string;
}

function addressesIn(text: string): readonly Address[] {
  const found: Address[] = [];
  let at = 0;
  for (const piece of linkify(text)) {
    if (piece.href !== null && isSafeHref(piece.text)) found.push({ at, href: piece.text });
    at += piece.text.length;
  }
  return found;
}

/** Links the addresses that were ended by what somebody just typed here: by a space, or by a new line. */
function linkedWords(
  transactions: readonly Transaction[],
  before: EditorState,
  after: EditorState,
  type: MarkType,
): Transaction | undefined {
  if (!transactions.some((transaction) => transaction.docChanged && !isFromOthers(transaction))) return undefined;
  const change = after.tr;
  for (const { newRange } of getChangedRanges(combineTransactionSteps(before.doc, [...transactions]))) {
    const ended = endedWord(after.doc, newRange);
    if (ended === null) continue;
    for (const { at, href } of addressesIn(ended.word)) {
      const from = ended.from + at;
      if (!after.doc.rangeHasMark(from, from + href.length, type)) change.addMark(from, from + href.length, type.create({ href }));
    }
  }
  return change.steps.length === 0 ? undefined : change;
}

/** The word that a change ended, with its place; null where it ended none. */
function endedWord(doc: ProseMirrorNode, range: { from: number; to: number }): { readonly word: string; readonly from: number } | null {
  const start = doc.resolve(range.from);
  if (!start.parent.isTextblock) return null;
  const isSplit = range.to > start.end();
  const isSpace = !isSplit && /\s$/u.test(doc.textBetween(range.from, range.to, ' ', ' '));
  if (!isSplit && !isSpace) return null;
  const upTo = isSplit ? start.end() : range.to;
  // What is no text counts one, as it does in positions, so that places in this string are places in the draft.
  const line = doc.textBetween(start.start(), upTo, ' ', ' ');
  const word = /\S+\s*$/u.exec(line);
  return word === null ? null : { word: word[0], from: start.start() + word.index };
}

function isFromOthers(transaction: Transaction): boolean {
  const sync = transaction.getMeta('y-sync$') as { isChangeOrigin?: boolean } | undefined;
  return sync?.isChangeOrigin === true;
}
