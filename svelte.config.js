import adapter from '@sveltejs/adapter-node';

/**
 * Options of the sveltekit() plugin. SvelteKit 3 takes them from vite.config.ts, which imports this file; it must stay outside client/,
 * where SvelteKit would refuse to start because of it.
 * @type {import('@sveltejs/kit/vite').Config}
 */
export default {
  // Written relative to the folder the build is started in, which is always the root of the repository.
  adapter: adapter({ out: 'build/client', precompress: true }),
  compilerOptions: { runes: true },
  // A stylesheet of few words stands in the page itself: on a slow line a request costs half a second whatever it brings.
  inlineStyleThreshold: 5_000,
  csp: {
    mode: 'auto',
    directives: {
      'default-src': ['none'],
      'script-src': ['self'],
      // The editor's carets and Svelte's style directives set style attributes.
      'style-src': ['self', 'unsafe-inline'],
      'img-src': ['self', 'data:'],
      'connect-src': ['self'],
      'font-src': ['self'],
      'manifest-src': ['self'],
      'frame-src': ['self'],
      'object-src': ['none'],
      'base-uri': ['none'],
      'form-action': ['self'],
      // The sample page shows three seats of one room side by side, each a page of this very origin; nobody else may frame one.
      'frame-ancestors': ['self'],
    },
  },
};
