import type { Plugin } from 'vite';

const lucideIcon = /[\\/]@lucide[\\/]svelte[\\/]dist[\\/]icons[\\/]/;

/**
 * Draws Lucide's icons with a component of our own in the pages: theirs takes settings from everywhere, and ours are all alike
 * (app.css sets their size and stroke). Should their files be named otherwise one day, this finds nothing, and the budget shows it.
 * @param icon path of the component that draws an icon
 */
export function slimClient(icon: string): Plugin {
  return {
    name: 'slim-client',
    enforce: 'pre',
    applyToEnvironment: (environment) => environment.name === 'client',
    resolveId(source, importer) {
      return source === '../Icon.svelte' && importer !== undefined && lucideIcon.test(importer) ? icon : null;
    },
  };
}
