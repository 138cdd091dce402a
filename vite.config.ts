import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { oneLanguage } from './scripts/one-language.ts';
import { slimClient } from './scripts/slim-client.ts';
import config from './svelte.config.js';

const isRuntime = /node_modules[\\/](svelte|@sveltejs[\\/]kit|esm-env|clsx|devalue)[\\/]/;

/** What pages share, but for what none of them needs at first. */
function isShared(id: string): boolean {
  return (
    /client[\\/]src[\\/]|shared[\\/]|@lucide[\\/]/.test(id) &&
    !/\?words=|Words\.(en|zh)\.ts|ui[\\/](Empty|Chip|Dialog|copyText|Menu|MenuList|Avatar|personColor|DialogPanel|placeAt|showsModal|Field|TextInput|PasswordInput|RadioGroup|Checkbox|fieldControl)|session[\\/](AccountFields|FormError|SignInForm|accountEntry|AccountItems|signOut)|domain[\\/](participants[\\/]|state\.ts)|shared[\\/]lib[\\/]vector|lib[\\/](room|history)[\\/]/.test(
      id,
    )
  );
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const backend = process.env.BACKEND_URL ?? 'http://127.0.0.1:3100';

export default defineConfig({
  root: 'client',
  plugins: [
    oneLanguage(at('client/src/lib/i18n')),
    slimClient(at('node_modules/@lucide/svelte/dist/icons'), at('client/src/lib/ui/lucideIcon.ts')),
    sveltekit(config),
  ],
  environments: {
    client: {
      build: {
        rolldownOptions: {
          output: {
            // What many pages share comes in two files and not in thirty small ones: it compresses better, and is asked for once.
            // What is loaded when a page is idle, and the words, stay files of their own.
            codeSplitting: {
              groups: [
                { name: 'site', test: (id: string) => isRuntime.test(id) || isShared(id), minShareCount: 5 },
                {
                  name: 'forms',
                  test: /ui[\\/](Field|TextInput|PasswordInput|RadioGroup|Checkbox|fieldControl)|session[\\/](AccountFields|FormError|SignInForm|accountEntry)/,
                  minShareCount: 2,
                },
              ],
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
