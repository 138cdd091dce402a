import { strFromU8, unzipSync } from 'fflate';
import { lose } from '../pasteCleaning.ts';
import type { Losses } from '../pasteCleaning.ts';

/** So much text a Word file may hold unpacked: a small file can say that it is endless. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What counts as lost, by the marks it leaves in the XML of a document. */
const marks = {
  images: /<(?:pic:pic|v:imagedata)\b/g,
  embedded: /<(?:o:OLEObject|c:chart|dgm:relIds)\b/g,
  footnotes: /<w:(?:footnote|endnote)Reference\b/g,
  comments: /<w:commentReference\b/g,
  tracked: /<w:(?:ins|del|moveFrom|moveTo)\b(?=[^>]*w:author)/g,
  textBoxes: /<w:txbxContent\b/g,
  equations: /<m:oMath\b(?!Para)/g,
} as const;

/** Looks that a draft has none of: colours, underlines, typefaces that somebody chose for single words. */
const styled = /<w:(?:u|color|highlight|shd|sz|rFonts|vertAlign|smallCaps|caps)\b(?![^>]*w:val="(?:none|auto|nil|clear)")/;

/**
 * Counts what a Word file holds that a draft cannot, from the file's own parts.
 * Gives null for what is no Word file, or one that unpacks to more than can be read.
 */
export function lossesOfWord(file: Uint8Array): Losses | null {
  let parts: Record<string, Uint8Array>;
  let total = 0;
  try {
    parts = unzipSync(file, {
      filter: ({ name, originalSize }) => {
        if (!/^word\/(?:document|numbering|header\d*|footer\d*)\.xml$/.test(name)) return false;
        total += originalSize;
        if (total > MOST_BYTES) throw new RangeError('too large');
        return true;
      },
    });
  } catch {
    return null;
  }
  const part = (name: string): string => (parts[name] === undefined ? '' : strFromU8(parts[name]));
  const document = part('word/document.xml');
  if (document === '') return null;
  const lost: Losses = {};
  for (const [what, mark] of Object.entries(marks)) lose(lost, what as keyof typeof marks, document.match(mark)?.length ?? 0);
  const margins = Object.keys(parts).filter((name) => /header|footer/.test(name) && /<w:t\b[^>]*>[^<]/.test(part(name)));
  lose(lost, 'headers', margins.length);
  lose(lost, 'numbering', numberings(part('word/numbering.xml'), document));
  if (/<w:body>[\s\S]*<w:rPr>/.test(document) && styled.test(runsOf(document))) lose(lost, 'styles');
  return lost;
}

/** The looks of runs only: those of paragraphs' marks are nobody's choice. */
function runsOf(document: string): string {
  return document.replace(/<w:pPr>[\s\S]*?<\/w:pPr>/g, '');
}

/**
 * How many of a document's ways of numbering say more than a number or a bullet does, such as 第一条 or 1.1: words of them would
 * be missing in a plain list.
 */
function numberings(numbering: string, document: string): number {
  if (!document.includes('<w:numPr')) return 0;
  const texts = new Set<string>();
  for (const [, level = ''] of numbering.matchAll(/<w:lvl\b[^>]*>([\s\S]*?)<\/w:lvl>/g)) {
    if (/<w:numFmt w:val="(?:bullet|none)"/.test(level)) continue;
    const text = /<w:lvlText w:val="([^"]*)"/.exec(level)?.[1] ?? '';
    if (text !== '' && !/^[(（]?%\d[.)）、．]?$/.test(text)) texts.add(text);
  }
  return texts.size;
}
