import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `COUNTERSIGN_URL` names a running server for `vite dev`; the built portal is served by the server itself. */
const server = process.env.COUNTERSIGN_URL ?? 'http://127.0.0.1:8080';

export default defineConfig(({ command }) => {
  // What is built is what people use, also when a test run, which says otherwise here, asks for it.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    base: '/portal/',
    plugins: [react()],
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
