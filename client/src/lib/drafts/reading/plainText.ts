/** The words of a file of text, in whichever of the usual encodings it was saved; null for what is no text. */
export function decodedText(bytes: Uint8Array): string | null {
  const encodings =
    bytes[0] === 0xff && bytes[1] === 0xfe ? ['utf-16le'] : bytes[0] === 0xfe && bytes[1] === 0xff ? ['utf-16be'] : ['utf-8', 'gb18030'];
  for (const encoding of encodings) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (!/[\u0000-\u0008\u000e-\u001a]/.test(text)) return text.replace(/\r\n?/g, '\n'); // eslint-disable-line no-control-regex
    } catch {
      // The next one.
    }
  }
  return null;
}

const han = '[\\p{Script=Han}\\u3000-\\u303f\\uff00-\\uffef“”‘’…—]';
const endsSentence = /[。；：！？」』”’）.;:!?]$/u;
const endsInHan = new RegExp(`${han}$`, 'u');
const startsInHan = new RegExp(`^${han}`, 'u');

/** Whether text looks like Markdown: headings, lists, quotations, tables or links of its kind. */
export function isMarkdown(text: string): boolean {
  const signs = [
    /^#{1,6} \S/m,
    /^\s{0,3}[-*+] \S/m,
    /^\s{0,3}\d{1,9}[.)] \S/m,
    /^> ?\S/m,
    /^\|.+\|\s*$/m,
    /\*\*\S[^*]*\*\*/,
    /\[[^\]]+\]\(\S+\)/,
  ];
  return signs.some((sign) => sign.test(text));
}

/** The paragraphs of a plain text: lines, or what empty lines part where the lines are only as long as a page was wide. */
export function paragraphsOf(text: string): readonly string[] {
  const blocks = text.split(/\n[\s\u3000]*\n/);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const full = lines.filter((line) => line.length >= 45 && line.length <= 100).length;
  // Latin text that was wrapped by hand: most lines are about as long as the others.
  const isWrapped = blocks.length > 1 && full > lines.length / 2 && !/\p{Script=Han}/u.test(text);
  const paragraphs = isWrapped
    ? blocks.map((block) =>
        block
          .split('\n')
          .map((line) => line.trim())
          .join(' '),
      )
    : lines;
  return paragraphs.map((line) => line.replace(/^[\s\u3000]+|\s+$/g, '')).filter((line) => line !== '');
}

/**
 * In Chinese texts each line is a paragraph, and a line that goes on in the next one goes on without a space; Markdown would
 * join all of them with spaces.
 */
export function withChineseLines(markdown: string): string {
  const lines = markdown.split('\n');
  const out: string[] = [];
  let isCode = false;
  for (const line of lines) {
    const before = out.at(-1);
    if (/^\s{0,3}(?:```|~~~)/.test(line)) isCode = !isCode;
    const goesOn = !isCode && before !== undefined && before.trim() !== '' && isPlainLine(line) && !/^\s{0,3}(?:#|\||---)/.test(before);
    if (!goesOn || !endsInHan.test(before)) out.push(line);
    else if (endsSentence.test(before)) out.push('', line);
    else if (startsInHan.test(line)) out[out.length - 1] = before + line;
    else out.push(line);
  }
  return out.join('\n');
}

/** A line that begins no block of its own and stands under none. */
function isPlainLine(line: string): boolean {
  return line.trim() !== '' && !/^(?:\s|[-*+>#|]|\d+[.)]\s|```|~~~|<)/.test(line);
}
