import type { IParagraphOptions, ParagraphChild } from 'docx';
import {
  AlignmentType,
  BorderStyle,
  Document,
  ExternalHyperlink,
  HeadingLevel,
  LevelFormat,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import type { ExportNode } from '#shared/document/export/node.ts';
import { hrefOf, isInline, levelOf, oneLine, readDocument, rowsOf, spanOf, startOf, wordsOf } from '#shared/document/export/node.ts';
import type { Json } from '#shared/lib/canonical.ts';

/** Deepest level of a list that Word knows, from 0. */
const deepestLevel = 8;
/** Width of a page of text, in twentieths of a point: A4 less the margins. */
const textWidth = 9_026;
const indentOf = (level: number): number => 440 + 440 * level;

const headings = [
  HeadingLevel.HEADING_1,
  HeadingLevel.HEADING_2,
  HeadingLevel.HEADING_3,
  HeadingLevel.HEADING_4,
  HeadingLevel.HEADING_5,
  HeadingLevel.HEADING_6,
] as const;

type Block = Paragraph | Table;
type Numbering = { readonly reference: string; readonly level: number; readonly instance: number };

/** Where a block stands: how deep in lists, and whether in a quotation. */
interface Place {
  readonly level: number;
  readonly quoted: boolean;
  /** The number or bullet the first paragraph of an item gets. */
  readonly mark?: { readonly numbering: Numbering } | { readonly box: string };
}

/**
 * A draft as a Word file (Office Open XML).
 * @param json the canonical JSON of the draft
 * @param title stands above the text and in the file's properties; plain text
 */
export async function docxDocument(json: Json, title: string): Promise<Buffer> {
  const writer = new Writer();
  const words = oneLine(title);
  const head = words === '' ? [] : [new Paragraph({ text: words, heading: HeadingLevel.TITLE })];
  const children = [...head, ...writer.blocks(readDocument(json).content, { level: 0, quoted: false })];
  const file = new Document({
    title: words,
    creator: '',
    styles: {
      default: {
        document: {
          run: { size: 24, font: { ascii: 'Noto Serif', hAnsi: 'Noto Serif', eastAsia: 'SimSun' } },
          paragraph: { spacing: { line: 360, after: 120 } },
        },
      },
      // Without its own definition the style would be a name that nobody knows.
      paragraphStyles: [
        { id: 'Quote', name: 'Quote', basedOn: 'Normal', next: 'Normal', quickFormat: true, paragraph: { indent: { left: 440 } } },
      ],
    },
    numbering: { config: [bullets, ...writer.numberings] },
    sections: [{ children: children.length === 0 ? [new Paragraph({})] : children }],
  });
  return Packer.toBuffer(file);
}

const bulletSigns = ['•', '◦', '▪'];
const bullets = {
  reference: 'bullets',
  levels: levels((level) => ({ format: LevelFormat.BULLET, text: bulletSigns[level % bulletSigns.length] ?? '•', start: 1 })),
};

function levels(
  of: (level: number) => { readonly format: (typeof LevelFormat)[keyof typeof LevelFormat]; readonly text: string; readonly start: number },
) {
  return Array.from({ length: deepestLevel + 1 }, (_, level) => ({
    level,
    ...of(level),
    alignment: AlignmentType.START,
    style: { paragraph: { indent: { left: indentOf(level), hanging: 440 } } },
  }));
}

/** Writes the blocks of one file; every numbered list gets a numbering of its own, so that it begins where it should. */
class Writer {
  readonly numberings: { readonly reference: string; readonly levels: ReturnType<typeof levels> }[] = [];
  #instances = 0;

  blocks(nodes: readonly ExportNode[], place: Place): Block[] {
    let mark = place.mark;
    return nodes.flatMap((node) => {
      const own = this.#block(node, mark === undefined ? { level: place.level, quoted: place.quoted } : { ...place, mark });
      mark = undefined;
      return own;
    });
  }

  #block(node: ExportNode, place: Place): Block[] {
    switch (node.type) {
      case 'paragraph':
        return [paragraph(node, place)];
      case 'heading':
        return [paragraph(node, place, { heading: headings[levelOf(node) - 1] ?? HeadingLevel.HEADING_1 })];
      case 'bulletList':
        this.#instances += 1;
        return this.#list(node, place, 'bullets', this.#instances);
      case 'orderedList': {
        const start = startOf(node);
        const reference = `numbers-${this.numberings.length + 1}`;
        this.numberings.push({ reference, levels: levels((level) => ({ format: LevelFormat.DECIMAL, text: `%${level + 1}.`, start })) });
        return this.#list(node, place, reference, 0);
      }
      case 'taskList':
        return node.content.flatMap((item) =>
          this.blocks(itemBlocks(item), {
            level: place.level + 1,
            quoted: place.quoted,
            mark: { box: item.attrs.checked === true ? '☑ ' : '☐ ' },
          }),
        );
      case 'blockquote':
        return this.blocks(node.content, { level: place.level, quoted: true });
      case 'horizontalRule':
        return [new Paragraph({ border: { bottom: { style: BorderStyle.SINGLE, size: 6, space: 1, color: 'auto' } } })];
      case 'table':
        return this.#table(node);
      default:
        if (node.content.length === 0 || node.content.some(isInline))
          return [paragraph(isInline(node) ? { ...node, content: [node] } : node, place)];
        return this.blocks(node.content, place);
    }
  }

  #list(node: ExportNode, place: Place, reference: string, instance: number): Block[] {
    const level = Math.min(place.level, deepestLevel);
    return node.content.flatMap((item) =>
      this.blocks(itemBlocks(item), { level: place.level + 1, quoted: place.quoted, mark: { numbering: { reference, level, instance } } }),
    );
  }

  #table(node: ExportNode): Block[] {
    const rows = rowsOf(node).filter((cells) => cells.length > 0);
    if (rows.length === 0) return [];
    const columns = Math.max(...rows.map((cells) => cells.reduce((sum, cell) => sum + spanOf(cell, 'colspan'), 0)));
    const table = new Table({
      width: { size: textWidth, type: WidthType.DXA },
      columnWidths: Array.from({ length: columns }, () => Math.floor(textWidth / columns)),
      rows: rows.map(
        (cells, index) =>
          new TableRow({
            ...(index === 0 && cells.every(({ type }) => type === 'tableHeader') ? { tableHeader: true } : {}),
            children: cells.map((cell) => {
              const bold = cell.type === 'tableHeader';
              const inside = this.blocks(bold ? cell.content.map(emphasised) : cell.content, { level: 0, quoted: false });
              return new TableCell({
                columnSpan: spanOf(cell, 'colspan'),
                rowSpan: spanOf(cell, 'rowspan'),
                children: inside.length === 0 ? [new Paragraph({})] : inside,
              });
            }),
          }),
      ),
    });
    // Two tables in a row would be one.
    return [table, new Paragraph({ spacing: { after: 0, line: 120 } })];
  }
}

/** An item without a paragraph in front still needs a place for its number. */
function itemBlocks(item: ExportNode): readonly ExportNode[] {
  const [first] = item.content;
  const needed = first === undefined || !(first.type === 'paragraph' || first.type === 'heading');
  return needed ? [{ type: 'paragraph', text: '', attrs: {}, marks: [], content: [] }, ...item.content] : item.content;
}

/** A cell of a head: its words are bold. */
function emphasised(block: ExportNode): ExportNode {
  const content = block.content.map((child) =>
    child.type === 'text' && !child.marks.some(({ type }) => type === 'bold')
      ? { ...child, marks: [...child.marks, { type: 'bold', attrs: {} }] }
      : child,
  );
  return { ...block, content };
}

function paragraph(node: ExportNode, { level, quoted, mark }: Place, more: Partial<IParagraphOptions> = {}): Paragraph {
  const left = (level > 0 ? indentOf(level - 1) : 0) + (quoted ? 440 : 0);
  const box = mark !== undefined && 'box' in mark ? [new TextRun(mark.box)] : [];
  const numbering = mark !== undefined && 'numbering' in mark ? { numbering: mark.numbering } : left > 0 ? { indent: { left } } : {};
  const quote = quoted ? { style: 'Quote' } : {};
  return new Paragraph({ ...quote, ...numbering, ...more, children: [...box, ...runs(node.content)] });
}

function runs(nodes: readonly ExportNode[]): ParagraphChild[] {
  return nodes.map((node) => {
    if (node.type === 'hardBreak') return new TextRun({ break: 1 });
    const has = (type: string): boolean => node.marks.some((mark) => mark.type === type);
    const href = node.marks.map(hrefOf).find((address) => address !== null);
    const run = new TextRun({
      text: node.type === 'text' ? node.text : wordsOf(node),
      ...(has('bold') ? { bold: true } : {}),
      ...(has('italic') ? { italics: true } : {}),
      ...(has('strike') ? { strike: true } : {}),
      ...(href === undefined ? {} : { style: 'Hyperlink' }),
    });
    return href === undefined ? run : new ExternalHyperlink({ link: href, children: [run] });
  });
}
