import type { Command } from 'commander';
import { CliError } from '../errors.ts';
import { exists, writeNew } from '../files.ts';
import { dataOption, jsonOption, serverOption, userOption, wholeNumber } from '../options.ts';
import { acceptGlobals } from '../pki/global-options.ts';
import { createOutput } from '../output.ts';
import {
  openSource,
  SOURCE_GLOBALS,
  type FullRecord,
  type SourceOptions,
} from '../source/source.ts';

const HELP = `
Whoever gets both files and the log's public key can \`countersign check\` them without this log.`;

interface ProveOptions extends SourceOptions {
  readonly output?: string;
  readonly record?: string;
  readonly json?: boolean;
}

export function registerProve(program: Command): void {
  const command = program
    .command('prove')
    .description('write the proof that a record is in the log')
    .argument(
      '<index>',
      "the record's number in the log, from 0",
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
    )
    .option('-o, --output <file>', 'proof file to write (default: INDEX.tlog-proof)')
    .option('--record <file>', 'write the record too: its exact bytes, for `check`')
    .addOption(dataOption())
    .addOption(serverOption())
    .addOption(userOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action((index: number, _, self: Command) =>
      runProve(index, self.optsWithGlobals<ProveOptions>()),
    );
  acceptGlobals(command, SOURCE_GLOBALS);
}

async function runProve(index: number, options: ProveOptions): Promise<void> {
  const output = createOutput(options);
  const proofPath = options.output ?? `${index}.tlog-proof`;
  // Both or neither: half a piece of evidence is worse than an error.
  for (const [what, path] of [
    ['--output', proofPath],
    ['--record', options.record],
  ] as const) {
    if (path !== undefined && (await exists(path))) {
      throw new CliError(
        'file_exists',
        `${what} "${path}" exists already; name another file or remove it`,
        { details: { path } },
      );
    }
  }
  const source = await openSource(options, (line) => output.say(line));
  try {
    const record = options.record === undefined ? undefined : await source.read(index);
    await writeNew('--output', proofPath, await source.prove(index));
    if (record !== undefined && options.record !== undefined)
      await writeNew('--record', options.record, formatRecord(record));
  } finally {
    await source.close();
  }
  const written = { index, proof: proofPath, record: options.record ?? null };
  if (output.json) output.printJson(written);
  else
    output.print(
      `proof of record ${index}: ${proofPath}${options.record === undefined ? '' : `, record: ${options.record}`}`,
    );
}

/** The record for `check`: exact bytes for the proof, readable parts for people. */
function formatRecord({
  index,
  envelope,
  content,
  envelopeBytes,
  salt,
  contentBytes,
}: FullRecord): string {
  return `${JSON.stringify({ index, envelope, content, envelopeBytes, salt, contentBytes }, null, 2)}\n`;
}
