const kilobyte = 1_024;

/**
 * A size in the unit people use for it: `812 B`, `34 KB`, `2.4 MB`.
 * @param number writes a number in the language of the page
 */
export function fileSize(bytes: number, number: (value: number) => string): string {
  if (bytes < kilobyte) return `${number(bytes)} B`;
  if (bytes < kilobyte * kilobyte) return `${number(Math.round(bytes / kilobyte))} KB`;
  return `${number(Math.round((bytes / kilobyte / kilobyte) * 10) / 10)} MB`;
}
