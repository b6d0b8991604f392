import type { Command } from 'commander';
import { CliError } from '../../errors.ts';
import { existingData } from '../../files.ts';
import { databaseOption, dataOption, DEFAULT_DATA, jsonOption } from '../../options.ts';
import { createOutput } from '../../output.ts';

const HELP = `
A producer appends records under its name with its token, numbered 1, 2, 3 … without gaps. The token is printed this
once; only its hash is kept. Works beside a running server. The creation is recorded.`;

export function registerProducerCreate(producer: Command): void {
  producer
    .command('create')
    .description('admit a producer and print its token')
    .argument('<name>', 'lower-case letters, digits, ".", "_" and "-"')
    .addOption(dataOption())
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(runProducerCreate);
}

async function runProducerCreate(
  name: string,
  options: { readonly data?: string; readonly database?: string; readonly json?: boolean },
): Promise<void> {
  const output = createOutput(options);
  const folder = await existingData(options.data ?? DEFAULT_DATA);
  const { createProducer, ServerError, stateLocation } = await import('@countersign/server');
  const at = { data: folder.dir, database: options.database };
  const database = stateLocation(process.env, at);
  const { token } = await createProducer({ data: folder.dir, database, name }).catch(
    (error: unknown) => {
      if (error instanceof ServerError && error.code === 'already_exists') {
        throw new CliError('producer_exists', `NAME "${name}": ${error.message}`, {
          cause: error,
          details: { name },
        });
      }
      throw error;
    },
  );
  if (output.json) {
    output.printJson({ name, token });
  } else {
    output.print(token);
    output.say(`producer "${name}" is admitted; its token is printed this once`);
  }
}
