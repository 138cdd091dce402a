/** Length of a text as people count it. */
export interface TextCount {
  /** Code points that are not white space. */
  readonly characters: number;
  /** Each Han or kana character is a word; elsewhere a word is an unbroken run of letters, digits and the marks on them. */
  readonly words: number;
}

const spaces = /\s/gu;
const oneCharacterWords = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
/** An apostrophe, hyphen, point, comma or underscore between two letters or digits does not end the word: it's, co-edit, 3.5, 10,000. */
const runsOfLetters = /[\p{L}\p{N}\p{M}]+(?:['’.,_\-‑][\p{L}\p{N}\p{M}]+)*/gu;

/**
 * Counts characters and words of Chinese, English and mixed texts by Unicode properties alone, so that a browser and the
 * server always say the same number (Intl.Segmenter's dictionaries differ between them).
 */
export function countWords(text: string): TextCount {
  const solid = text.replace(spaces, '');
  let characters = 0;
  for (let index = 0; index < solid.length; index += 1) {
    const code = solid.codePointAt(index) ?? 0;
    if (code > 0xffff) index += 1;
    characters += 1;
  }
  const single = text.match(oneCharacterWords)?.length ?? 0;
  const runs = text.replace(oneCharacterWords, ' ').match(runsOfLetters)?.length ?? 0;
  return { characters, words: single + runs };
}
