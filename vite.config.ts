import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { oneLanguage } from './scripts/one-language.ts';
import { pageFiles, preloads } from './scripts/page-files.ts';
import { slimClient } from './scripts/slim-client.ts';
import config from './svelte.config.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const backend = process.env.BACKEND_URL ?? 'http://127.0.0.1:3100';

export default defineConfig({
  root: 'client',
  plugins: [
    oneLanguage(at('client/src/lib/i18n')),
    slimClient(at('node_modules/@lucide/svelte/dist/icons'), at('client/src/lib/ui/lucideIcon.ts')),
    sveltekit(config),
    preloads(),
  ],
  environments: {
    client: {
      build: {
        rolldownOptions: {
          // Wanted by `includeDependenciesRecursively` below: a page's own file may export more than its page.
          preserveEntrySignatures: 'allow-extension',
          output: {
            // A few files in place of a hundred: they compress better, and each is asked for once. The words stay files of their own.
            codeSplitting: {
              // Else a file draws in what its own parts need, and with it what is meant for another.
              includeDependenciesRecursively: false,
              groups: [{ name: pageFiles(), debugName: 'by who asks for it' }],
            },
          },
        },
      },
    },
  },
  server: {
    // shared/ and node_modules/ lie beside client/.
    fs: { allow: ['..'] },
    proxy: {
      // An object, since the short form would send our own host instead of the one people opened.
      '/api': { target: backend },
      '/socket.io': { target: backend, ws: true },
      '/yjs': { target: backend, ws: true },
    },
  },
});
