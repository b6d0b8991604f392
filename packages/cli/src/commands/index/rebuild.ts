import { rebuildIndex } from '@countersign/ledger';
import type { Command } from 'commander';
import { existingData } from '../../files.ts';
import { dataOption, DEFAULT_DATA, jsonOption } from '../../options.ts';
import { createOutput } from '../../output.ts';
import { createProgress } from '../../progress.ts';
import { holdWriterLock } from '../../writer-lock.ts';

const HELP = `
The index is derived: deleting index.db loses nothing. A server that starts without one builds it too.`;

export function registerIndexRebuild(index: Command): void {
  index
    .command('rebuild')
    .description(
      'build the search index anew from the log (no server may be running on the folder)',
    )
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(runIndexRebuild);
}

async function runIndexRebuild(options: {
  readonly data?: string;
  readonly json?: boolean;
}): Promise<void> {
  const output = createOutput(options);
  const folder = await existingData(options.data ?? DEFAULT_DATA);
  using _ = holdWriterLock(folder);
  const progress = createProgress('indexing', output);
  try {
    await rebuildIndex({
      path: folder.index,
      logDir: folder.log,
      onProgress: ({ indexed, size }) => progress.update(indexed, size),
    });
  } finally {
    progress.end();
  }
  if (output.json) output.printJson({ index: folder.index });
  else output.print(`index rebuilt: ${folder.index}`);
}
