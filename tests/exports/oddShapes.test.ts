import { strFromU8, unzipSync } from 'fflate';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import type * as Y from 'yjs';
import { docxDocument } from '#server/exports/docx.ts';
import { htmlOf } from '#shared/document/export/html.ts';
import { markdownOf } from '#shared/document/export/markdown.ts';
import { compareDrafts, linesOf } from '#shared/document/history/compare.ts';
import type { ShownNode } from '#shared/document/history/textAt.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { canonicalDocument, documentText } from '#shared/document/text.ts';
import { Chance } from '../anchors/random.ts';
import { honestHistory } from '../drafts/honest.ts';
import { shapeOf } from '../drafts/shapes.ts';

/** The words of a text, in order. */
const wordsOf = (text: string): readonly string[] => text.match(/w\d+/g) ?? [];
const withoutTags = (html: string): string => html.replace(/<[^>]*>/g, ' ');
const seeds = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

const drafts: readonly (readonly [string, () => Y.Doc])[] = [
  ...seeds(40).map((seed) => [`made at random from the allow-list, ${seed}`, () => shapeOf(new Chance(seed)).doc] as const),
  ...seeds(5).map((seed) => [`left by honest editors, ${seed}`, () => honestHistory(new Chance(seed))] as const),
];

describe('[DOC10] whatever may stand in a draft goes out of it whole', () => {
  it.each(drafts)('as Markdown, a web page, a Word file and in a comparison: %s', async (_what, make) => {
    const fragment = make().getXmlFragment(DRAFT_FIELD);
    const json = canonicalDocument(fragment);
    const text = documentText(fragment);
    const words = wordsOf(text);
    expect(wordsOf(withoutTags(htmlOf(json)))).toEqual(words);
    expect(wordsOf(withoutTags(await marked.parse(markdownOf(json))))).toEqual(words);
    const parts = unzipSync(await docxDocument(json, ''));
    expect(wordsOf(withoutTags(strFromU8(parts['word/document.xml'] ?? new Uint8Array())))).toEqual(words);
    const lines = linesOf(((json as { content?: unknown }).content ?? []) as readonly ShownNode[]);
    expect(wordsOf(lines.map((line) => line.text).join('\n'))).toEqual(words);
    const compared = compareDrafts([], lines).flatMap(({ parts: all }) => all.map((part) => part.text));
    expect(wordsOf(compared.join('\n'))).toEqual(words);
  });
});
