/** What Word says of a paragraph in a list: which list, how deep, and the number or sign before it. */
interface Numbered {
  readonly element: HTMLElement;
  readonly list: string;
  readonly level: number;
  readonly mark: string;
}

const wordList = /mso-list:\s*(l\d+)\s+level(\d)/;
const numbers = /^[(（]?(\d{1,6})[.)．）、]?$/;
const bullets = /^[·•●○◦▪■□▫◆◇§Øüv➢✓–—\-o*]$/;

/**
 * Word puts lists into a clipboard as paragraphs with a number or a sign in front. Those become lists, one in the other as deep
 * as they were. Where the number is more than a number (第一条, 1.1, (a)) it is a part of the text, and stays in front of it.
 */
export function listWordParagraphs(body: HTMLElement): void {
  const found = [
    ...body.querySelectorAll<HTMLElement>('p[style*="mso-list"], h1[style*="mso-list"], h2[style*="mso-list"], h3[style*="mso-list"]'),
  ];
  let run: Numbered[] = [];
  const finish = (): void => {
    if (run.length > 0) buildLists(run);
    run = [];
  };
  for (const element of found) {
    const numbered = readNumbered(element);
    if (numbered === null) continue;
    const isPlain = element.tagName === 'P' && (numbers.test(numbered.mark) || bullets.test(numbered.mark));
    if (!isPlain) {
      finish();
      // The gap that Word leaves behind a number would be lost with its markup.
      if (numbered.mark !== '' && !bullets.test(numbered.mark)) element.prepend(`${numbered.mark} `);
      continue;
    }
    if (run.length > 0 && nextElement(run.at(-1)?.element) !== element) finish();
    run.push(numbered);
  }
  finish();
}

function nextElement(element: HTMLElement | undefined): Element | null {
  return element?.nextElementSibling ?? null;
}

function readNumbered(element: HTMLElement): Numbered | null {
  const [, list = '', level = '1'] = wordList.exec(element.getAttribute('style') ?? '') ?? [];
  if (list === '') return null;
  let mark = '';
  for (const ignored of element.querySelectorAll<HTMLElement>('span[style*="mso-list"]')) {
    if (!/mso-list:\s*Ignore/i.test(ignored.getAttribute('style') ?? '')) continue;
    mark ||= (ignored.textContent ?? '').replace(/[\s\u00a0\u3000]+/g, ' ').trim();
    ignored.remove();
  }
  return { element, list, level: Number(level), mark };
}

/** Puts paragraphs that follow each other into lists, in the place of the first. */
function buildLists(run: readonly Numbered[]): void {
  const first = run[0];
  if (first === undefined) return;
  const document = first.element.ownerDocument;
  const top = document.createDocumentFragment();
  /** The open lists, from the outermost to the innermost. */
  let open: { readonly list: HTMLElement; readonly level: number; readonly tag: string }[] = [];
  const anchor = document.createComment('');
  first.element.before(anchor);
  for (const { element, level, mark } of run) {
    const number = numbers.exec(mark)?.[1];
    const tag = number === undefined ? 'ul' : 'ol';
    open = open.filter((one) => one.level < level || (one.level === level && one.tag === tag));
    if (open.at(-1)?.level !== level) {
      const list = document.createElement(tag);
      if (number !== undefined && number !== '1') list.setAttribute('start', number);
      const parent = open.at(-1)?.list.lastElementChild;
      (parent ?? top).append(list);
      open.push({ list, level, tag });
    }
    const item = document.createElement('li');
    const paragraph = document.createElement('p');
    paragraph.append(...element.childNodes);
    item.append(paragraph);
    open.at(-1)?.list.append(item);
    element.remove();
  }
  anchor.replaceWith(top);
}
