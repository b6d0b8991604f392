import { openLogReader } from '@countersign/ledger';
import type { Command } from 'commander';
import { parseCheckpoint, parseNote, toHex } from '@countersign/tlog';
import { ServerClient } from '../../client.ts';
import { existingData } from '../../files.ts';
import { dataOption, DEFAULT_DATA, jsonOption, serverOption } from '../../options.ts';
import { createOutput } from '../../output.ts';
import { acceptGlobals, type GlobalOptions } from '../../pki/global-options.ts';
import { trustAuthorities } from '../../pki/peer.ts';

const HELP = `
Keep what this prints somewhere the log's owner cannot reach: \`countersign verify --since FILE\` then shows whether
the log still contains everything it contained now.`;

interface CheckpointOptions extends GlobalOptions {
  readonly data?: string;
  readonly server?: string;
  readonly json?: boolean;
}

export function registerLogCheckpoint(log: Command): void {
  const command = log
    .command('checkpoint')
    .description('print the newest signed checkpoint')
    .addOption(dataOption())
    .addOption(serverOption().conflicts('data'))
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action((_, self: Command) => runLogCheckpoint(self.optsWithGlobals<CheckpointOptions>()));
  acceptGlobals(command, ['dir', 'ca']);
}

async function runLogCheckpoint(options: CheckpointOptions): Promise<void> {
  const output = createOutput(options);
  const note =
    options.server === undefined
      ? await readFolder(options.data ?? DEFAULT_DATA)
      : await readServer(options.server, options);
  if (!output.json) {
    output.print(note.trimEnd());
    return;
  }
  const { origin, size, root } = parseCheckpoint(parseNote(note).text);
  output.printJson({ origin, size, root: toHex(root), note });
}

async function readFolder(dir: string): Promise<string> {
  const folder = await existingData(dir);
  const reader = await openLogReader({ dir: folder.log });
  try {
    return await reader.checkpoint();
  } finally {
    reader.close();
  }
}

async function readServer(url: string, options: GlobalOptions): Promise<string> {
  if (url.startsWith('https:')) await trustAuthorities(options);
  const response = await new ServerClient(url).get('/log/checkpoint');
  return response.text();
}
