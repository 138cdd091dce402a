const digits = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const units = ['', '十', '百', '千'];

/** A whole number from 1 to 9999 in Chinese, as clauses are counted: 一, 十, 十二, 一百零五. Others as they are. */
export function chineseNumber(number: number): string {
  if (!Number.isInteger(number) || number < 1 || number > 9_999) return String(number);
  let written = '';
  let skipped = false;
  const places = [...String(number)].map(Number);
  places.forEach((digit, index) => {
    const unit = units[places.length - 1 - index] ?? '';
    if (digit === 0) {
      skipped = true;
      return;
    }
    // 一十二 is said 十二, but 一百一十二 keeps its 一.
    const isBareTen = unit === '十' && digit === 1 && written === '';
    written += (skipped ? '零' : '') + (isBareTen ? '' : (digits[digit] ?? '')) + unit;
    skipped = false;
  });
  return written;
}

/** A clause by its number, as statutes have it: 第五条, and 第五条之一 for one put in behind it later. A line may be broken before 之. */
export function chineseClause(label: string): string {
  const [first = '', ...inside] = label.split('-');
  const later = inside.map((part) => `之${chineseNumber(Number(part))}`).join('');
  return `第${chineseNumber(Number(first))}条${later === '' ? '' : '\u200b'}${later}`;
}
