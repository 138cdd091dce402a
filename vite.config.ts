import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import config from './svelte.config.js';

const backend = process.env.BACKEND_URL ?? 'http://127.0.0.1:3100';

export default defineConfig({
  root: 'client',
  plugins: [sveltekit(config)],
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
