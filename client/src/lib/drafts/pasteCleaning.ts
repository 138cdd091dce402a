import { isSafeHref } from '#shared/document/schema.ts';
import { listWordParagraphs } from './wordLists.ts';

/** What a text from elsewhere can hold and a draft cannot. */
export const losses = [
  'images',
  'embedded',
  'footnotes',
  'comments',
  'tracked',
  'textBoxes',
  'headers',
  'equations',
  'numbering',
  'links',
  'code',
  'frontMatter',
  'styles',
] as const;
export type Loss = (typeof losses)[number];
/** How many of each were left out. Styles are counted as one, however many. */
export type Losses = Partial<Record<Loss, number>>;

/** Adds what was left out. */
export function lose(lost: Losses, what: Loss, count = 1): void {
  if (count > 0) lost[what] = (lost[what] ?? 0) + count;
}

type Parse = (html: string) => Document;
/** The document it makes is inert: nothing in it is loaded or runs. */
const parseHtml: Parse = (html) => new DOMParser().parseFromString(html, 'text/html');

/**
 * HTML from a clipboard, reduced to what a draft can hold: Word's lists become lists, its styles bold and italic, everything else
 * of its markup goes. What was copied from a draft passes as it is.
 * @param parse replaced in tests, where there is no browser
 */
export function cleanPastedHtml(html: string, parse: Parse = parseHtml): string {
  if (!/<[a-z!]/i.test(html) || /\bdata-pm-slice\b/.test(html)) return html;
  // Rows and cells stand by themselves in a clipboard; a parser drops them outside a table.
  const isPartOfTable = /^\s*(?:<(?:meta|!--)[^>]*>\s*)*<(?:t[rdh]|tbody|thead|tfoot|colgroup)\b/i.test(html);
  const { body } = parse(isPartOfTable ? `<table>${html}</table>` : html);
  cleanBody(body);
  return body.innerHTML;
}

const SCAFFOLD =
  'script, style, link, meta, base, title, template, noscript, xml, head, br.Apple-interchange-newline, button, select, textarea, form > input:not([type=checkbox])';
const PICTURES = 'img, picture, svg, canvas';
const EMBEDDED = 'video, audio, iframe, object, embed, applet';
/** Attributes that say something a draft can hold, by element. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  A: ['href'],
  OL: ['start'],
  TD: ['colspan', 'rowspan'],
  TH: ['colspan', 'rowspan'],
  UL: ['data-type'],
  LI: ['data-type', 'data-checked'],
};

/** Reduces what stands under an element to what a draft can hold, and says what was left out. */
export function cleanBody(body: HTMLElement): Losses {
  const lost: Losses = {};
  dropComments(body);
  for (const element of all(body, SCAFFOLD)) element.remove();
  lose(lost, 'images', dropAll(body, `${PICTURES}, v\\:imagedata`));
  lose(lost, 'embedded', dropAll(body, EMBEDDED));
  lose(lost, 'footnotes', dropNotes(body));
  lose(lost, 'comments', dropStyled(body, /mso-element:\s*comment(?:-list)?\b|mso-special-character:\s*comment/));
  dropAll(body, '.MsoCommentReference, .msocomanchor, .msocomtxt');
  lose(lost, 'tracked', dropAll(body, 'del[datetime], del[cite]'));
  dropStyled(body, /mso-element:\s*(?:header|footer|field-begin|para-border)\b|(?:^|;)\s*mso-hide:\s*all|(?:^|;)\s*display:\s*none/);
  for (const element of all(body, '*')) if (element.tagName.includes(':')) unwrap(element);
  listWordParagraphs(body);
  for (const element of all(body, '.MsoTitle, .MsoTitleCxSpFirst')) rename(element, 'h1');
  for (const element of all(body, 'h4, h5, h6')) rename(element, 'h3');
  markTasks(body);
  for (const element of all(body, '[style]')) wrapByStyle(element);
  for (const element of all(body, 'a')) lose(lost, 'links', unlink(element));
  for (const element of all(
    body,
    'span, font, ins, u, small, big, tt, kbd, samp, code, mark, abbr, acronym, time, label, input, col, colgroup',
  )) {
    if (element.tagName === 'INPUT' || element.tagName === 'COL') element.remove();
    else unwrap(element);
  }
  for (const element of all(body, '*')) dropAttributes(element);
  body.normalize();
  tidySpaces(body);
  // Behind it: the indents of code are meant.
  lose(lost, 'code', splitCode(body));
  for (const element of all(body, 'p, h1, h2, h3')) if (isBlank(element) && element.closest('li, td, th') === null) element.remove();
  return lost;
}

function all(root: ParentNode, selector: string): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(selector)];
}

function dropAll(root: HTMLElement, selector: string): number {
  const found = all(root, selector).filter(
    (element) => element.parentElement?.closest(selector) === null || element.parentElement === root,
  );
  for (const element of found) element.remove();
  return found.length;
}

function dropStyled(root: HTMLElement, style: RegExp): number {
  const found = all(root, '[style]').filter((element) => style.test(element.getAttribute('style') ?? ''));
  for (const element of found) element.remove();
  return found.length;
}

function dropComments(root: Node): void {
  for (const child of [...root.childNodes]) {
    // 8: a comment. Word says in comments what other programs should not read.
    if (child.nodeType === 8) child.remove();
    else dropComments(child);
  }
}

/** Footnotes stand at the end of a page that a draft has not; their marks in the text lead there. */
function dropNotes(body: HTMLElement): number {
  const marks = all(body, 'a[style]').filter((mark) => /mso-(?:foot|end)note-id/.test(mark.getAttribute('style') ?? ''));
  const inText = marks.filter((mark) => mark.closest('[style*="footnote-list"], [style*="endnote-list"]') === null);
  for (const mark of marks) mark.remove();
  dropStyled(body, /mso-element:\s*(?:foot|end)note(?:-list)?\b/);
  return inText.length;
}

/** Lines of code stand in a draft as lines. */
function splitCode(body: HTMLElement): number {
  const found = all(body, 'pre');
  for (const element of found) {
    const paragraph = element.ownerDocument.createElement('p');
    (element.textContent ?? '')
      .replace(/\n$/, '')
      .split('\n')
      .forEach((line, index) => {
        if (index > 0) paragraph.append(element.ownerDocument.createElement('br'));
        paragraph.append(line.replace(/^[\t ]+/, (indent) => '\u00a0'.repeat(indent.replace(/\t/g, '    ').length)));
      });
    element.replaceWith(paragraph);
  }
  return found.length;
}

/** A list all of whose items begin with a box is a list of tasks; any other box is written as a sign. */
function markTasks(body: HTMLElement): void {
  for (const list of all(body, 'ul')) {
    const items = [...list.children].filter((child) => child.tagName === 'LI');
    const boxes = items.map((item) => item.querySelector<HTMLInputElement>(':scope > input, :scope > p > input, :scope > label > input'));
    if (items.length === 0 || boxes.some((box) => box?.getAttribute('type') !== 'checkbox')) continue;
    list.setAttribute('data-type', 'taskList');
    items.forEach((item, index) => {
      item.setAttribute('data-type', 'taskItem');
      item.setAttribute('data-checked', String(boxes[index]?.hasAttribute('checked') === true));
      boxes[index]?.remove();
    });
  }
  for (const box of all(body, 'input[type=checkbox]')) box.replaceWith(box.hasAttribute('checked') ? '☑ ' : '☐ ');
}

const blockTags = new Set([
  'P',
  'H1',
  'H2',
  'H3',
  'LI',
  'TD',
  'TH',
  'DIV',
  'BLOCKQUOTE',
  'UL',
  'OL',
  'TABLE',
  'TBODY',
  'TR',
  'BODY',
  'SECTION',
  'ARTICLE',
]);

/** Bold, italic and struck out are often said by style alone; some programs say `<b>` and mean the opposite. */
function wrapByStyle(element: HTMLElement): void {
  const style = element.getAttribute('style') ?? '';
  const has = (pattern: RegExp): boolean => pattern.test(style);
  if (element.tagName === 'B' && has(/(?:^|;)\s*font-weight:\s*(?:normal|[1-4]00)/)) {
    unwrap(element);
    return;
  }
  // A heading is bold by itself.
  if (!/^H[1-3]$/.test(element.tagName) && has(/(?:^|;)\s*font-weight:\s*(?:bold|bolder|[6-9]00)/)) wrapInside(element, 'strong');
  if (has(/(?:^|;)\s*font-style:\s*(?:italic|oblique)/)) wrapInside(element, 'em');
  if (has(/(?:^|;)\s*text-decoration(?:-line)?:[^;]*line-through/)) wrapInside(element, 's');
}

function wrapInside(element: HTMLElement, tag: string): void {
  // Around blocks a mark says nothing; those inside have their own style.
  if ([...element.children].some((child) => blockTags.has(child.tagName))) return;
  const mark = element.ownerDocument.createElement(tag);
  mark.append(...element.childNodes);
  element.append(mark);
}

function unlink(link: HTMLElement): number {
  const href = link.getAttribute('href');
  const isKept: boolean = isSafeHref(href);
  if (isKept) return 0;
  unwrap(link);
  // A place inside the same page is no loss: there is no such page any more.
  return href === null || href.startsWith('#') || href === '' ? 0 : 1;
}

function unwrap(element: Element): void {
  element.replaceWith(...element.childNodes);
}

function rename(element: HTMLElement, tag: string): void {
  const named = element.ownerDocument.createElement(tag);
  named.append(...element.childNodes);
  element.replaceWith(named);
}

function dropAttributes(element: HTMLElement): void {
  const kept = KEPT[element.tagName] ?? [];
  for (const { name } of [...element.attributes]) if (!kept.includes(name)) element.removeAttribute(name);
}

/** Hard spaces stand in for indents and for empty lines; words are parted by one space. */
function tidySpaces(root: Node): void {
  for (const child of [...root.childNodes]) {
    if (child.nodeType !== 3) {
      tidySpaces(child);
      continue;
    }
    const text = child.nodeValue ?? '';
    const isFirst = child.previousSibling === null && child.parentElement !== null && blockTags.has(child.parentElement.tagName);
    const tidy = text.replace(/[ \t\r\n]*\u00a0[ \t\r\n\u00a0]*/g, ' ');
    child.nodeValue = isFirst ? tidy.replace(/^[\s\u3000]+/, '') : tidy;
  }
}

function isBlank(element: HTMLElement): boolean {
  return /^[\s\u00a0\u3000\u200b]*$/.test(element.textContent ?? '') && element.querySelector('hr, table, li') === null;
}
