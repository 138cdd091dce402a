import { DOMParser as SchemaParser } from '@tiptap/pm/model';
import type { Node as ProseMirrorNode, Schema } from '@tiptap/pm/model';
import { isAllowed } from '../extensions.ts';
import { cleanBody, lose } from '../pasteCleaning.ts';
import type { Losses } from '../pasteCleaning.ts';
import { decodedText, isMarkdown, paragraphsOf, withChineseLines } from './plainText.ts';

/** A text from elsewhere, as a draft would hold it, and what was left out of it. */
export interface ReadText {
  readonly document: ProseMirrorNode;
  readonly lost: Losses;
}

/**
 * Why a text cannot be read. oldWord: the format before .docx. pdf: pages, not a text. unknown: no text at all. broken: it says it is a Word file,
 * and is none. empty: no words in it. tooLong: more than one change of a draft can take. unavailable: what reads it could not be loaded.
 */
export type Unreadable = 'oldWord' | 'pdf' | 'unknown' | 'broken' | 'empty' | 'tooLong' | 'unavailable';

/** A file's bytes, a text, or HTML from a clipboard. */
export type Source =
  | { readonly kind: 'file'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'html'; readonly html: string };

/**
 * One change of a draft travels in one frame, which the server takes up to a size. A document's JSON is always longer than what
 * travels, so this is on the safe side.
 */
const MOST_JSON_BYTES = 900_000;

interface ReadParts {
  readonly schema: Schema;
  /** Replaced in tests, where there is no browser. */
  readonly parse?: (html: string) => Document;
}

interface Read {
  readonly html: string;
  readonly lost: Losses;
}

/**
 * Reads a Word file, Markdown, plain text or HTML into the schema of a draft. What reads the formats is loaded when it is needed.
 * Never throws on what a file can hold.
 */
export async function readText(source: Source, { schema, parse = inertDocument }: ReadParts): Promise<ReadText | Unreadable> {
  const read = await htmlOf(source);
  if (typeof read === 'string') return read;
  const { body } = parse(read.html);
  const lost: Losses = { ...read.lost };
  for (const [what, count] of Object.entries(cleanBody(body))) {
    // What the file itself told is counted already.
    if (!(what in read.lost)) lose(lost, what as keyof Losses, count);
  }
  const document = SchemaParser.fromSchema(schema).parse(body);
  if (document.textContent.trim() === '') return 'empty';
  if (!isAllowed(document, 0) || new TextEncoder().encode(JSON.stringify(document)).byteLength > MOST_JSON_BYTES) return 'tooLong';
  return { document, lost };
}

const inertDocument = (html: string): Document => new DOMParser().parseFromString(html, 'text/html');

async function htmlOf(source: Source): Promise<Read | Unreadable> {
  if (source.kind === 'html') return { html: source.html, lost: {} };
  if (source.kind === 'text') return fromText(source.text, isMarkdown(source.text));
  const { bytes, name } = source;
  const begins = (...start: number[]): boolean => start.every((byte, index) => bytes[index] === byte);
  if (begins(0x50, 0x4b, 0x03, 0x04)) return fromWord(bytes);
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) return 'oldWord';
  if (begins(0x25, 0x50, 0x44, 0x46)) return 'pdf';
  const text = decodedText(bytes);
  if (text === null) return 'unknown';
  if (/\.html?$/i.test(name)) return { html: text, lost: {} };
  return fromText(text, /\.(?:md|markdown)$/i.test(name) || isMarkdown(text));
}

async function fromText(text: string, isMarked: boolean): Promise<Read | Unreadable> {
  const lost: Losses = {};
  if (!isMarked)
    return {
      html: paragraphsOf(text)
        .map((line) => `<p>${escaped(line)}</p>`)
        .join(''),
      lost,
    };
  const loaded = await import('marked').catch(() => null);
  if (loaded === null) return 'unavailable';
  const words = text.replace(/^\ufeff?---\n[\s\S]*?\n(?:---|\.\.\.)\n/, () => {
    lose(lost, 'frontMatter');
    return '';
  });
  return { html: await loaded.marked.parse(withChineseLines(words), { gfm: true }), lost };
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

/** Word's own headings below the third, titles and quotations; what is not named here mammoth knows. */
const wordStyles = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => p:fresh",
  ...[4, 5, 6].flatMap((level) => [`p[style-name='heading ${level}'] => h3:fresh`, `p[style-name='Heading ${level}'] => h3:fresh`]),
  ...['Quote', 'Quotations', 'Intense Quote', 'Block Text'].map((name) => `p[style-name='${name}'] => blockquote > p:fresh`),
  "p[style-name='Horizontal Line'] => hr:fresh",
];
const NOTE = 'note-';

async function fromWord(bytes: Uint8Array): Promise<Read | Unreadable> {
  const loaded = await Promise.all([import('./wordParts.ts'), import('mammoth')]).catch(() => null);
  if (loaded === null) return 'unavailable';
  const [{ lossesOfWord }, { default: mammoth }] = loaded;
  const lost = lossesOfWord(bytes);
  if (lost === null) return 'broken';
  try {
    const arrayBuffer = bytes.slice().buffer;
    const { value } = await mammoth.convertToHtml(
      // A browser reads the one, Node the other.
      { arrayBuffer, buffer: arrayBuffer } as unknown as { arrayBuffer: ArrayBuffer },
      {
        styleMap: wordStyles,
        idPrefix: NOTE,
        convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })),
      },
    );
    return { html: withoutNotes(value), lost };
  } catch {
    return 'broken';
  }
}

/** Footnotes come as marks in the text and a list behind it; both were counted and are left out. */
function withoutNotes(html: string): string {
  return html
    .replace(/<sup><a href="#note-(?:foot|end)note-[^"]*" id="[^"]*">\[\d+\]<\/a><\/sup>/g, '')
    .replace(/<ol>(?:<li id="note-(?:foot|end)note-[^"]*">[\s\S]*?<\/li>)+<\/ol>$/, '');
}
