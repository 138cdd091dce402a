import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** How often a text stands in any file of a folder and its subfolders: a database, its write-ahead log, and whatever lies beside them. */
export function occurrences(folder: string, text: string): number {
  let found = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(folder, name);
    const bytes = existsSync(file) ? contentOf(file) : Buffer.of();
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) found += 1;
  }
  return found;
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    // A folder, or a file that went meanwhile.
    if (['EISDIR', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return Buffer.of();
    throw error;
  }
}
