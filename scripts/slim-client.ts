import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const name = /^@lucide\/svelte\/icons\/([\w-]+)$/;
const virtual = '\0lucide:';

/** What only Tiptap's own Markdown reads of its extensions; ours is read and written by other means. */
const markdown = new Set(['markdownTokenName', 'markdownTokenizer', 'markdownOptions', 'parseMarkdown', 'renderMarkdown']);
const tiptap = /node_modules[\\/]@tiptap[\\/]/;

/**
 * Brings Lucide's icons into the pages, and into what the server draws of them, as their drawing alone, one call for each, instead of a component with settings from
 * everywhere: ours are all alike, and app.css sets their size and stroke. On both sides by the same component, else a page does not
 * find itself when it comes alive: it draws itself anew, and what was typed until then is lost. Should their files look otherwise one day, the build says so.
 * Tiptap's extensions come without their Markdown, which nobody asks for and no bundler can tell from what is used.
 * @param folder where Lucide's icons lie
 * @param icon path of the module that makes a component of a drawing
 */
export function slimClient(folder: string, icon: string): Plugin {
  return {
    name: 'slim-client',
    enforce: 'pre',
    resolveId(source) {
      const asked = name.exec(source)?.[1];
      return asked === undefined ? null : virtual + asked;
    },
    load(id) {
      if (!id.startsWith(virtual)) return null;
      // Some names are other names of an icon.
      const names = readFileSync(join(folder, `${id.slice(virtual.length)}.js`), 'utf8');
      const source = readFileSync(join(folder, /["'](\.\/[\w-]+\.svelte)["']/.exec(names)?.[1] ?? ''), 'utf8');
      const drawing = /const iconData = (\{.*\});/.exec(source)?.[1];
      if (drawing === undefined) throw new Error(`${id.slice(virtual.length)} is not drawn as icons were`);
      return `import { iconOf } from ${JSON.stringify(icon)};\nexport default iconOf(${drawing});`;
    },
    transform(code, id) {
      if (!tiptap.test(id) || !/arkdown/.test(code)) return null;
      let slim = code;
      // From the end, so that what comes before keeps its place.
      for (const [from, to] of markdownOf(this.parse(code)).sort(([a], [b]) => b - a)) {
        slim = slim.slice(0, from) + slim.slice(to).replace(/^\s*,/, '');
      }
      return { code: slim, map: null };
    },
  };
}

/** From where to where the properties stand that only Markdown reads. */
function markdownOf(part: unknown): (readonly [from: number, to: number])[] {
  if (Array.isArray(part)) return part.flatMap(markdownOf);
  if (typeof part !== 'object' || part === null) return [];
  const { type, key, start, end } = part as { type?: string; key?: { name?: string }; start?: number; end?: number };
  const isProperty = type === 'Property' && start !== undefined && end !== undefined;
  if (isProperty && markdown.has(key?.name ?? '')) return [[start, end]];
  return Object.values(part).flatMap(markdownOf);
}
