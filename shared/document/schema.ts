/**
 * What may stand in a draft, as data. The server's content check, the text and hash of a revision and the anchors read this
 * table; the editor's extensions are held against it by a test. To allow a new kind of node, add a row here and the
 * extension there, and raise EDITOR_VERSION: an editor that does not know a node deletes it for everybody.
 */

/** Version of the editor's schema. A client names it when it joins; an older editor is asked to reload before it can bind the draft. */
export const EDITOR_VERSION = 3;

/** Name of the Y.XmlFragment in a draft's Y.Doc that holds the text. No other root may exist. */
export const DRAFT_FIELD = 'draft';

/** Protocols a link in a draft may have. */
export const LINK_PROTOCOLS = ['http', 'https', 'mailto'] as const;

/** Longest string an attribute may hold, in UTF-16 code units. */
export const MAX_ATTRIBUTE_LENGTH = 2_000;

/** Deepest nesting: a block at the top of the draft has depth 1, its text depth 2. Each level of a list costs two. */
export const MAX_DEPTH = 24;

/** Greatest number an ordered list may begin with. */
export const MAX_LIST_START = 999_999;

/**
 * Greatest size to which a table grows in an editor, and what a cell may span at most. Twice as many cells and rows may stand, so
 * that what two people add at once always meets in a table that may.
 */
export const MAX_TABLE_COLUMNS = 40;
export const MAX_TABLE_ROWS = 400;

/** `rel` and `target` as Tiptap's link mark writes them; a link in a draft has these or none. */
export const LINK_REL = 'noopener noreferrer nofollow';
export const LINK_TARGET = '_blank';

/** One attribute: its value when nothing is written, and which written values are allowed. */
export interface AttributeRule {
  readonly initial: string | number | boolean | null;
  readonly allows: (value: unknown) => boolean;
}

export type AttributeRules = ReadonlyMap<string, AttributeRule>;

/** One kind of node: its attributes and the names of what may stand directly inside it (`text` stands for a Y.XmlText). */
export interface NodeRule {
  readonly attributes: AttributeRules;
  readonly children: ReadonlySet<string>;
  /** How many of them an editor adds one by one; twice as many may stand. Without a limit of its own where absent. */
  readonly most?: number;
}

/** Spaces of any kind, control, invisible and direction-changing characters: none belongs in an address. */
const unsafeInHref = /[\s\p{Cc}\p{Cf}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\\<>"`]/u;
const webAddress = /^https?:\/\/[^/?#@]+(?:[/?#]|$)/i;
const mailAddress = /^mailto:[^/?#:@]+@[^/?#:@]+(?:\?|$)/i;

/**
 * Whether an address may stand in a link: absolute http, https or mailto, at most MAX_ATTRIBUTE_LENGTH code units, without
 * white space, control or invisible characters, without a user name before the host. It names what is allowed, so a
 * disguise of `javascript:` needs no rule of its own.
 */
export function isSafeHref(href: unknown): href is string {
  if (typeof href !== 'string' || href.length > MAX_ATTRIBUTE_LENGTH || unsafeInHref.test(href)) return false;
  return webAddress.test(href) || mailAddress.test(href);
}

const isOneOf = (allowed: readonly unknown[]) => (value: unknown) => allowed.includes(value);

const isCountUpTo = (most: number) => (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;

const noAttributes: AttributeRules = new Map();
const blocks = new Set(['paragraph', 'heading', 'bulletList', 'orderedList', 'taskList', 'blockquote', 'horizontalRule']);
const inline = new Set(['text', 'hardBreak']);
const items = new Set(['listItem']);
const nothing = new Set<string>();
const cellAttributes: AttributeRules = new Map<string, AttributeRule>([
  ['colspan', { initial: 1, allows: isCountUpTo(MAX_TABLE_COLUMNS) }],
  ['rowspan', { initial: 1, allows: isCountUpTo(MAX_TABLE_ROWS) }],
  // A column is as wide as its words need: a width that suits one screen suits no other.
  ['colwidth', { initial: null, allows: isOneOf([null]) }],
]);

/** What may stand at the top of a draft. A table stands nowhere else: not in a list, a quote or another table. */
export const rootChildren: ReadonlySet<string> = new Set([...blocks, 'table']);

/**
 * The nodes of a draft. Everything may be missing and may stand in any order on purpose: an empty list, or an item that begins with a
 * quote, can come of two valid edits that meet. The editor takes its content from here (`contentOf`), no narrower: what its schema
 * refuses, the binding of an editor deletes from the draft for everybody.
 */
export const nodeRules: ReadonlyMap<string, NodeRule> = new Map<string, NodeRule>([
  ['paragraph', { attributes: noAttributes, children: inline }],
  ['heading', { attributes: new Map([['level', { initial: 1, allows: isOneOf([1, 2, 3]) }]]), children: inline }],
  ['bulletList', { attributes: noAttributes, children: items }],
  [
    'orderedList',
    {
      attributes: new Map<string, AttributeRule>([
        ['start', { initial: 1, allows: isCountUpTo(MAX_LIST_START) }],
        ['type', { initial: null, allows: isOneOf([null]) }],
      ]),
      children: items,
    },
  ],
  ['listItem', { attributes: noAttributes, children: blocks }],
  ['taskList', { attributes: noAttributes, children: new Set(['taskItem']) }],
  ['taskItem', { attributes: new Map([['checked', { initial: false, allows: isOneOf([true, false]) }]]), children: blocks }],
  ['table', { attributes: noAttributes, children: new Set(['tableRow']), most: MAX_TABLE_ROWS }],
  ['tableRow', { attributes: noAttributes, children: new Set(['tableHeader', 'tableCell']), most: MAX_TABLE_COLUMNS }],
  ['tableHeader', { attributes: cellAttributes, children: blocks }],
  ['tableCell', { attributes: cellAttributes, children: blocks }],
  ['blockquote', { attributes: noAttributes, children: blocks }],
  ['hardBreak', { attributes: noAttributes, children: nothing }],
  ['horizontalRule', { attributes: noAttributes, children: nothing }],
]);

/** The marks of a draft and their attributes. In Yjs a mark is a formatting attribute whose value is the record of its attributes. */
export const markRules: ReadonlyMap<string, AttributeRules> = new Map<string, AttributeRules>([
  ['bold', noAttributes],
  ['italic', noAttributes],
  ['strike', noAttributes],
  [
    'link',
    new Map<string, AttributeRule>([
      ['href', { initial: null, allows: isSafeHref }],
      ['target', { initial: LINK_TARGET, allows: isOneOf([null, LINK_TARGET]) }],
      ['rel', { initial: LINK_REL, allows: isOneOf([null, LINK_REL]) }],
      ['class', { initial: null, allows: isOneOf([null]) }],
      ['title', { initial: null, allows: isOneOf([null]) }],
    ]),
  ],
]);

/** Whether the children of a node are text and what flows with it: such a node is one line of the draft's text. */
export function isTextBlock(rule: NodeRule): boolean {
  return rule.children.has('text');
}

/**
 * What a node of the editor may hold, as ProseMirror spells it: any of the names, in any order, and nothing. Only the page itself always
 * has a line to write in: an empty draft is shown as an empty paragraph. What is named first is what the editor puts in by itself.
 */
export function contentOf(name: string): string {
  const children = name === 'doc' ? rootChildren : (nodeRules.get(name)?.children ?? nothing);
  return children.size === 0 ? '' : `(${[...children].join(' | ')})${name === 'doc' ? '+' : '*'}`;
}
