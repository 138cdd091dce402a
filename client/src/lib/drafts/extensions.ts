import { Extension, wrappingInputRule } from '@tiptap/core';
import type { Extensions, Node } from '@tiptap/core';
import { Blockquote } from '@tiptap/extension-blockquote';
import { Bold } from '@tiptap/extension-bold';
import { Document } from '@tiptap/extension-document';
import { HardBreak } from '@tiptap/extension-hard-break';
import { Heading } from '@tiptap/extension-heading';
import { HorizontalRule } from '@tiptap/extension-horizontal-rule';
import { Italic } from '@tiptap/extension-italic';
import { BulletList, ListItem, ListKeymap, OrderedList, TaskItem, TaskList } from '@tiptap/extension-list';
import { Paragraph } from '@tiptap/extension-paragraph';
import { Strike } from '@tiptap/extension-strike';
import { Text } from '@tiptap/extension-text';
import type { Node as ProseMirrorNode } from '@tiptap/pm/model';
import { Plugin } from '@tiptap/pm/state';
import { contentOf, markRules, MAX_DEPTH, MAX_LIST_START, nodeRules } from '#shared/document/schema.ts';
import { DraftLink } from './draftLink.ts';
import { draftTables } from './draftTables.ts';
import { FilledUp } from './filledUp.ts';
import { LaterCursors } from './laterCursors.ts';
import { onlyWhereAnItemMayBegin, TidyLists } from './tidyLists.ts';

/** What the extensions ask and tell; all of it may be left out. */
export interface DraftExtensionParts {
  /** What a checkbox before these words is called. */
  readonly taskLabel?: (words: string) => string;
  /** Somebody's own change was dropped, since no draft may hold what it made. */
  readonly onDropped?: () => void;
}

/**
 * The editor's extensions, set to exactly what shared/document/schema.ts allows; a test holds the two against each other. One
 * by one and not as a kit: a page loads what a draft may hold and nothing else. No part of working together is here (add
 * Collaboration and its carets beside it), and nothing here needs a DOM to be loaded.
 */
export function draftExtensions({ taskLabel, onDropped }: DraftExtensionParts = {}): Extensions {
  return [
    Document.extend({ content: contentOf('doc') }),
    Paragraph.extend({ content: contentOf('paragraph') }),
    Text,
    Heading.extend({ content: contentOf('heading') }).configure({ levels: [1, 2, 3] }),
    tidily(Blockquote.extend({ content: contentOf('blockquote') })),
    tidily(BulletList.extend({ content: contentOf('bulletList') })),
    tidily(PlainOrderedList),
    ListItem.extend({ content: contentOf('listItem') }),
    ListKeymap,
    TaskList.extend({ content: contentOf('taskList') }),
    tidily(PlainTaskItem).configure(
      taskLabel === undefined ? {} : { a11y: { checkboxLabel: ({ textContent }) => taskLabel(textContent) } },
    ),
    ...draftTables,
    HorizontalRule,
    HardBreak,
    Bold,
    Italic,
    Strike,
    DraftLink,
    TidyLists,
    FilledUp,
    LaterCursors,
    OnlyWhatTheServerTakes.configure(onDropped === undefined ? {} : { onDropped }),
  ];
}

/** The same node, whose rules of typing hold only where an item may begin. */
function tidily<Options, Storage>(node: Node<Options, Storage>): Node<Options, Storage> {
  return node.extend({
    addInputRules() {
      return onlyWhereAnItemMayBegin(this.parent?.() ?? []);
    },
  });
}

/** What is read of a pasted element; named here because the schema is also loaded where there is no DOM. */
interface Tag {
  getAttribute(name: string): string | null;
}

/** Numbers only, from 1: pasted or typed lists may begin with 0, with letters, with negative numbers or with none at all. */
const PlainOrderedList = OrderedList.extend({
  content: contentOf('orderedList'),
  addAttributes() {
    return {
      start: { default: 1, parseHTML: (element: Tag) => listStart(element.getAttribute('start')) },
      type: { default: null, parseHTML: () => null, rendered: false },
    };
  },
  addInputRules() {
    return [
      wrappingInputRule({
        find: /^([1-9]\d{0,5})\.\s$/,
        type: this.type,
        getAttributes: (match) => ({ start: Number(match[1]) }),
        joinPredicate: (match, before) => before.childCount + Number(before.attrs.start) === Number(match[1]),
      }),
    ];
  },
});

function listStart(written: string | null): number {
  const number = Number.parseInt(written ?? '', 10);
  return Number.isNaN(number) ? 1 : Math.min(Math.max(number, 1), MAX_LIST_START);
}

/** Items with a box to tick, which Ctrl or Cmd with Enter ticks too. Before the line break, which has the same keys. */
const PlainTaskItem = TaskItem.extend({
  content: contentOf('taskItem'),
  priority: 110,
  addKeyboardShortcuts() {
    return {
      ...this.parent?.(),
      'Mod-Enter': () =>
        this.editor.isActive(this.name) &&
        this.editor.commands.updateAttributes(this.name, { checked: this.editor.getAttributes(this.name).checked !== true }),
    };
  },
}).configure({ nested: true });

/**
 * An edit the server refuses ends this copy of the draft, so none is made: a change of one's own that would nest too deeply, or
 * bring an attribute the allow-list does not know, does nothing. What others wrote passes: it was checked.
 */
const OnlyWhatTheServerTakes = Extension.create<{ readonly onDropped: () => void }>({
  name: 'onlyWhatTheServerTakes',
  addOptions: () => ({ onDropped: () => undefined }),
  addProseMirrorPlugins() {
    const { onDropped } = this.options;
    return [
      new Plugin({
        filterTransaction: (transaction) => {
          if (!transaction.docChanged || isFromOthers(transaction) || isAllowed(transaction.doc, 0)) return true;
          onDropped();
          return false;
        },
      }),
    ];
  },
});

function isFromOthers(transaction: { getMeta(key: string): unknown }): boolean {
  const sync = transaction.getMeta('y-sync$') as { isChangeOrigin?: boolean } | undefined;
  return sync?.isChangeOrigin === true;
}

/** Whether the server's check would pass a document of the editor. `depth` is that of the node itself, 0 for the draft. */
export function isAllowed(node: ProseMirrorNode, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  for (const mark of node.marks) if (!hasAllowedAttributes(markRules.get(mark.type.name), mark.attrs)) return false;
  if (depth > 0 && !node.isText && !hasAllowedAttributes(nodeRules.get(node.type.name)?.attributes, node.attrs)) return false;
  if (node.childCount > 2 * (nodeRules.get(node.type.name)?.most ?? Number.POSITIVE_INFINITY)) return false;
  for (let index = 0; index < node.childCount; index += 1) if (!isAllowed(node.child(index), depth + 1)) return false;
  return true;
}

type Rules = ReadonlyMap<string, { allows(value: unknown): boolean }>;

function hasAllowedAttributes(rules: Rules | undefined, attributes: Readonly<Record<string, unknown>>): boolean {
  return rules !== undefined && Object.entries(attributes).every(([name, value]) => rules.get(name)?.allows(value) === true);
}
