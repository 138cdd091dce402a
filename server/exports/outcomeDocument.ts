import type { Position } from '#shared/domain/outcome.ts';
import type { Json } from '#shared/lib/canonical.ts';
import type { OutcomeReader } from '#shared/protocol/outcomeReader.ts';
import type { OutcomeSuggestion, OutcomeText } from '#shared/protocol/outcomeView.ts';
import { outcomeFigures } from '#shared/protocol/outcomeWords.ts';

/**
 * What remains of a room as one document, in the JSON of drafts: whatever writes a draft to a file writes the record as well.
 * The room's title is left to the writer.
 */
export function outcomeDocument(reader: OutcomeReader): Json {
  const { view, words } = reader;
  const { counts } = view;
  const count = counts.hidden.length;
  return {
    type: 'doc',
    content: [
      ...(view.final ? [] : [paragraph(bold(words.preview))]),
      paragraph(text(`${reader.date(view.endedAt)} · ${reader.duration}`)),
      ...paragraphs(view.question),
      list([
        ...outcomeFigures.map((figure) => {
          const n = counts[figure].length;
          return [paragraph(bold(`${n} ${words.figure[figure](n)}`), text(`  ${words.definition[figure]}`))];
        }),
        ...(count === 0 ? [] : [[paragraph(text(words.hidden(count)))]]),
      ]),
      heading(2, words.agreement),
      paragraph(italic(words.agreementMeans)),
      ...positions(reader, counts.agreement, words.noAgreement),
      heading(2, words.disagreement),
      paragraph(italic(words.disagreementMeans)),
      ...positions(reader, counts.disagreement, words.noDisagreement),
      heading(2, view.final ? words.finalText : words.draftText),
      ...view.texts.flatMap((draft) => draftBlocks(reader, draft)),
      heading(2, words.suggestions),
      ...(view.suggestions.length === 0
        ? [paragraph(text(words.noSuggestions))]
        : view.suggestions.flatMap((suggestion) => suggestionBlocks(reader, suggestion))),
    ],
  };
}

function positions(reader: OutcomeReader, all: readonly Position[], none: string): readonly Json[] {
  if (all.length === 0) return [paragraph(text(none))];
  const { words } = reader;
  return [
    list(
      all.map((position) => {
        const from = position.from.map((number) => words.sourceComment(number)).join(words.separator);
        const below = [...reader.voices(position), ...(from === '' ? [] : [`${words.sources}${words.colon}${from}`])];
        return [...paragraphs(reader.wordsOf(position)), list(below.map((line) => [paragraph(text(line))]))];
      }),
    ),
  ];
}

function draftBlocks(reader: OutcomeReader, { title, revision, document, labels }: OutcomeText): readonly Json[] {
  const { words } = reader;
  const sealed = revision === null ? words.notSealed : words.sealed(revision.number, reader.moment(revision.at));
  const blocks = contentOf(document);
  const empty = blocks.every((block) => contentOf(block).length === 0);
  return [
    ...(title === null ? [] : [heading(3, title)]),
    paragraph(italic(sealed)),
    ...(empty ? [paragraph(text(words.emptyText))] : blocks.map((block, index) => labelled(block, labels[index] ?? null))),
  ];
}

/** A block of a draft with the number of its clause in front. Headings of the draft stand below those of the record. */
function labelled(block: Json, label: string | null): Json {
  const node = block as { readonly type?: Json; readonly attrs?: { readonly level?: Json } };
  if (node.type === 'heading') return { ...node, attrs: { level: Math.min(6, Number(node.attrs?.level ?? 1) + 2) } };
  return label === null ? block : { ...node, content: [bold(label), text('  '), ...contentOf(block)] };
}

function suggestionBlocks(reader: OutcomeReader, suggestion: OutcomeSuggestion): readonly Json[] {
  const { words } = reader;
  const { number, problem, reason, sources, mergedInto, supporters } = suggestion;
  const lines = [
    ...(mergedInto === null ? [] : [words.mergedInto(mergedInto)]),
    ...(problem === null ? [] : [`${words.problem}${words.colon}${problem}`]),
    ...(reason === null ? [] : [`${words.reason}${words.colon}${reason}`]),
    ...sources.map(({ comment, quote }) => {
      const found = comment === null ? undefined : reader.comment(comment);
      const from = comment === null ? words.sourcePassage : words.sourceComment(comment);
      const who = found === undefined ? '' : `${words.separator}${reader.author(found)}`;
      const said = quote ?? (found === undefined || found.erased !== undefined ? null : found.text);
      return `${words.sources}${words.colon}${from}${who}${said === null ? '' : `${words.colon}${words.quote(said)}`}`;
    }),
    ...reader.answers(suggestion),
    ...(supporters.length === 0 ? [] : [`${words.support(supporters.length)}${words.colon}${reader.names(supporters)}`]),
  ];
  return [heading(3, `${number}. ${reader.askOf(suggestion).replace(/\s+/g, ' ')}`), list(lines.map((line) => paragraphs(line)))];
}

function contentOf(node: Json): readonly Json[] {
  const content = (node as { readonly content?: Json }).content;
  return Array.isArray(content) ? (content as readonly Json[]) : [];
}

function text(words: string): Json {
  return { type: 'text', text: words };
}

function bold(words: string): Json {
  return { type: 'text', text: words, marks: [{ type: 'bold' }] };
}

function italic(words: string): Json {
  return { type: 'text', text: words, marks: [{ type: 'italic' }] };
}

function paragraph(...content: readonly Json[]): Json {
  return { type: 'paragraph', content };
}

/** A text by a person: each of its lines a paragraph, empty ones left out. */
function paragraphs(words: string): readonly Json[] {
  return words
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => paragraph(text(line)));
}

function heading(level: number, words: string): Json {
  return { type: 'heading', attrs: { level }, content: [text(words)] };
}

function list(items: readonly (readonly Json[])[]): Json {
  return { type: 'bulletList', content: items.map((content) => ({ type: 'listItem', content })) };
}
