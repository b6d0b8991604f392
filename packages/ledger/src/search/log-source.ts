/** The log as the index reads it. */
import { readFile } from 'node:fs/promises';
import { LAYOUT, logPaths } from '../layout.ts';
import { checkpointOf, createReader } from '../reader.ts';
import type { RecordSource, SourceModule } from './source.ts';

export function logSource(dir: string): SourceModule {
  return { module: import.meta.url, options: dir };
}

/**
 * Opens the log in `options`, a folder. Whoever asks for a record has been told that it is there, so
 * that the checkpoint is read only when it covers less than what is asked for.
 */
export function openSource(options: unknown): RecordSource {
  const paths = logPaths(String(options));
  let covered = 0;
  const checkpoint = (): Promise<string> => readFile(paths.checkpoint, 'utf8');
  const newest = async (): Promise<number> => (covered = checkpointOf(await checkpoint()).size);
  const reader = createReader({
    paths,
    layout: LAYOUT,
    head: { size: async () => covered, checkpoint },
  });
  const cover = async (size: number): Promise<void> => {
    if (size > covered) await newest();
  };
  return {
    origin: async () => checkpointOf(await checkpoint()).origin,
    size: newest,
    async read(index) {
      await cover(index + 1);
      return await reader.read(index);
    },
    async *spellRange(from, to) {
      await cover(to);
      yield* reader.spellRange(from, to);
    },
    close: () => reader.close(),
  };
}
