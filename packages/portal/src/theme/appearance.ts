import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';
import { readStored, writeStored } from '../lib/storage.ts';

/** Keeps the chosen appearance under the key that `public/appearance.js` reads before the first paint. */
export const appearance: MantineColorSchemeManager = {
  get(fallback) {
    const kept = readStored('appearance');
    return kept === 'light' || kept === 'dark' || kept === 'auto' ? kept : fallback;
  },
  set(value: MantineColorScheme) {
    writeStored('appearance', value === 'auto' ? null : value);
  },
  subscribe() {},
  unsubscribe() {},
  clear() {
    writeStored('appearance', null);
  },
};
