import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { updateYFragment } from '@tiptap/y-tiptap';
import { makeAnchor, resolveAnchor } from '#shared/document/anchors.ts';
import type { Anchor } from '#shared/document/anchors.ts';
import { DRAFT_FIELD } from '#shared/document/schema.ts';
import { buildTextIndex } from '#shared/document/text-index.ts';
import type { TextIndex } from '#shared/document/text-index.ts';
import { Chance } from './random.ts';
import { chineseLines, englishLines, realLines } from './texts.ts';
import { documentOf } from './writer.ts';

const nightly = process.env.NIGHTLY === '1';
const PASSAGES = 6;

/** A draft of these lines in which nobody is who he was elsewhere: every identity is new. */
function writtenAnew(lines: readonly string[]): TextIndex {
  const draft = new Y.Doc().getXmlFragment(DRAFT_FIELD);
  updateYFragment(draft.doc ?? new Y.Doc(), draft, documentOf(lines), { mapping: new Map(), isOMark: new Map() });
  return buildTextIndex(draft);
}

/** Random passages inside one line, at least one character each. */
function passagesIn(index: TextIndex, offset: number, length: number, chance: Chance): Anchor[] {
  return Array.from({ length: PASSAGES }, () => {
    const from = offset + chance.between(0, length - 1);
    return makeAnchor(index, { from, to: Math.min(from + chance.between(1, 40), offset + length) });
  }).filter((anchor) => typeof anchor !== 'string');
}

const texts: [title: string, lines: readonly string[] | null, leastFound: number][] = [
  ['own text in Chinese', chineseLines, 0.7],
  ['own text in English', englishLines, 0.7],
  ['a law on referendums in Chinese', realLines('drafts-zh-laws/referendum-act.jsonl.gz', -1), 0.8],
  ['a law on universities in Chinese', realLines('drafts-zh-laws/university-act.jsonl.gz', -1), 0.8],
  ['a governance text in English', realLines('drafts-en-peps/pep-0013.jsonl.gz', -1), 0.6],
  ['a policy in English', realLines('drafts-en-peps/pep-0541.jsonl.gz', -1), 0.6],
];

describe('[ANC4] a clause that is deleted is not mistaken for another, and one that moves is found again', () => {
  for (const [title, lines, leastFound] of texts) {
    it.skipIf(lines === null)(title, () => {
      const chance = new Chance(20_261);
      const all = lines ?? [];
      // `documentOf` reads marks of headings, lists and rows as structure; here a line is a line.
      const plain = all.map((line) => line.replace(/^(?:#{1,3}|-|\|) /, ''));
      const index = writtenAnew(plain);
      const step = nightly ? 1 : Math.max(1, Math.floor(plain.length / 40));
      const tally = { passages: 0, found: 0, elsewhere: 0, mistaken: 0 };
      let offset = 0;
      plain.forEach((line, n) => {
        const start = offset;
        offset += line.length + 1;
        if (n % step !== 0) return;
        const others = plain.filter((_, other) => other !== n);
        const without = writtenAnew(others);
        const to = chance.between(0, others.length);
        const moved = writtenAnew([...others.slice(0, to), line, ...others.slice(to)]);
        const movedTo = others.slice(0, to).reduce((sum, other) => sum + other.length + 1, 0);
        for (const anchor of passagesIn(index, start, line.length, chance)) {
          tally.passages += 1;
          if (resolveAnchor(without, anchor).place !== 'gone') tally.mistaken += 1;
          const place = resolveAnchor(moved, anchor);
          if (place.place === 'gone') continue;
          if (place.from >= movedTo && place.to <= movedTo + line.length) tally.found += 1;
          else tally.elsewhere += 1;
        }
      });
      console.log(`${title}: seed 20261, ${JSON.stringify(tally)}`);
      expect(tally.passages).toBeGreaterThan(50);
      expect({ mistaken: tally.mistaken, elsewhere: tally.elsewhere }).toEqual({ mistaken: 0, elsewhere: 0 });
      expect(tally.found / tally.passages).toBeGreaterThan(leastFound);
    });
  }
});
