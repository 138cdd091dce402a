import { basename, dirname } from 'node:path';
import type { Plugin } from 'vite';

const ofLanguage = /\.(en|zh)\.ts$/;
const asked = /\?words=(en|zh)$/;

/**
 * Makes the words of one language a file of their own. Each area has both languages side by side in one module, so that nobody
 * forgets one; what `*Words.en.ts` imports is loaded as a module of its own, for English, and the other language falls out of it
 * because nobody asks for it there.
 * @param folder the folder of the words
 */
export function oneLanguage(folder: string): Plugin {
  return {
    name: 'one-language',
    enforce: 'pre',
    async resolveId(source, importer) {
      const lang = importer === undefined ? undefined : (asked.exec(importer)?.[1] ?? ofLanguage.exec(basename(importer))?.[1]);
      if (lang === undefined || importer === undefined || !source.startsWith('./')) return null;
      const from = importer.replace(asked, '');
      if (dirname(from) !== folder) return null;
      const resolved = await this.resolve(source, from, { skipSelf: true });
      return resolved === null ? null : { ...resolved, id: `${resolved.id}?words=${lang}` };
    },
  };
}
