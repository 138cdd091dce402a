/** Between which letters joiners are part of the writing: Persian, Indic and other scripts. */
const joined = /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{M}\p{Extended_Pictographic}\u{1f3fb}-\u{1f3ff}]/u;
const joiners = new Set(['\u200c', '\u200d']);
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u2800]/u;
/** Alphabets whose letters look alike. */
const alphabets = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u, /\p{Script=Cherokee}/u];

/**
 * Why a name may mislead whoever reads it, or null: it holds what nobody sees or what turns the direction of writing, it has no letter
 * at all, or one of its words mixes alphabets whose letters look alike.
 */
export function nameFault(name: string): 'nameInvisible' | 'nameMixed' | null {
  const characters = [...name.trim()];
  const hidden = characters.some((character, at) => unseen.test(character) && !belongs(characters, at));
  if (hidden || !/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(name)) return 'nameInvisible';
  const words = name.split(/[\s\p{P}]+/u);
  const mixes = (word: string): boolean => alphabets.filter((alphabet) => alphabet.test(word)).length > 1;
  return words.some(mixes) ? 'nameMixed' : null;
}

/** A name from elsewhere without what nobody sees in it. */
export function withoutUnseen(name: string): string {
  const characters = [...name];
  return characters.filter((character, at) => !unseen.test(character) || belongs(characters, at)).join('');
}

/** Whether an unseen character is part of the writing: a joiner, the form of a Chinese character, the colour of a picture. */
function belongs(characters: readonly string[], at: number): boolean {
  const [before = '', character = ''] = [characters[at - 1], characters[at]];
  if (joiners.has(character)) return joined.test(before) && at + 1 < characters.length;
  if (/[\u{e0100}-\u{e01ef}]/u.test(character)) return /\p{Script=Han}/u.test(before);
  return character === '\ufe0f' && /\p{Emoji}/u.test(before);
}

/** Letters that look like another one, after NFKC: what is written, and what it is taken for. */
const alike: ReadonlyMap<string, string> = new Map(
  [
    ['АВЕЅІЈКМНОРСТХУҮԚԜ', 'ABESIJKMHOPCTXYYQW'],
    ['асеһіјорԛѕухԁѵԝкӏ', 'acehijopqsyxdvwkl'],
    ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'],
    ['ονιρκα', 'ovipka'],
    ['ıɑɡƖ', 'iagl'],
    ['ニーロエカハトタ', '二一口工力八卜夕'],
    ['—–―─', '一一一一'],
  ].flatMap(([written = '', taken = '']) => [...written].map((letter, at) => [letter, [...taken][at] ?? letter] as const)),
);

/** What a name looks like at a glance: two names with the same one are easily taken for each other. Unicode TR39, for the alphabets people here write in. */
export function skeletonOf(name: string): string {
  const letters = [...name.normalize('NFKC')].filter((letter) => !unseen.test(letter)).map((letter) => alike.get(letter) ?? letter);
  // I, l and 1 are one stroke in many fonts, and case is no difference: so i is one as well.
  const plain = letters.join('').toLowerCase().replace(/[i1|]/g, 'l').replace(/0/g, 'o');
  return plain.replace(/[\s·・‧•.'’_-]/gu, '').replaceAll('m', 'rn');
}

/** Somebody of a room, for telling apart. */
export interface Named {
  readonly id: string;
  readonly displayName: string;
}

/**
 * Numbers for those who look like somebody before them in the list: 2 for the second of a name, 3 for the third. Nobody is refused, since
 * two people may truly have one name; but the second does not look like the first. Whoever steers stands first in the list.
 */
export function numbersOfSame(people: Iterable<Named>): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  const numbers = new Map<string, number>();
  for (const { id, displayName } of people) {
    const skeleton = skeletonOf(displayName);
    if (skeleton === '') continue;
    const count = (seen.get(skeleton) ?? 0) + 1;
    seen.set(skeleton, count);
    if (count > 1) numbers.set(id, count);
  }
  return numbers;
}
