import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const name = /^@lucide\/svelte\/icons\/([\w-]+)$/;
const virtual = '\0lucide:';

/**
 * Brings Lucide's icons into the pages as their drawing alone, one call for each, instead of a component with settings from
 * everywhere: ours are all alike, and app.css sets their size and stroke. Should their files look otherwise one day, the build says so.
 * @param folder where Lucide's icons lie
 * @param icon path of the module that makes a component of a drawing
 */
export function slimClient(folder: string, icon: string): Plugin {
  return {
    name: 'slim-client',
    enforce: 'pre',
    applyToEnvironment: (environment) => environment.name === 'client',
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
  };
}
