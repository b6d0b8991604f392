import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** `COUNTERSIGN_URL` names a running server for `vite dev`; the built portal is served by the server itself. */
const server = process.env.COUNTERSIGN_URL ?? 'http://127.0.0.1:8080';

/** Sets light or dark before the first paint: a plain script, which runs where it stands, so nothing to bundle. */
const appearance: Plugin = {
  name: 'appearance',
  transformIndexHtml: {
    order: 'post',
    handler: () => [{ tag: 'script', attrs: { src: '/portal/appearance.js' }, injectTo: 'head' }],
  },
};

export default defineConfig(({ command }) => {
  // What is built is what people use, also when a test run, which says otherwise here, asks for it.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    base: '/portal/',
    plugins: [react(), appearance],
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      target: 'es2023',
      modulePreload: { polyfill: false },
      // The content security policy allows fonts and images from the server itself, not from data URLs.
      assetsInlineLimit: 0,
      reportCompressedSize: true,
    },
    server: { proxy: { '/api': server, '/log': server } },
  };
});
