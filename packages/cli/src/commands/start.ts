import { Option, type Command } from 'commander';
import type { EventNames } from '@countersign/records';
import { databaseOption, dataOption, DEFAULT_DATA, jsonOption, wholeNumber } from '../options.ts';
import { createOutput } from '../output.ts';

const HELP = `
At the first start the data folder, the log's key and two accounts are made: admin (Administrator) and auditor (Auditor),
each with a client certificate in DIR/keys/clients; \`countersign client-cert-import --data DIR\` takes them into your store.
Their passwords are printed once; COUNTERSIGN_ADMIN_PASSWORD and COUNTERSIGN_AUDITOR_PASSWORD set them instead.
Further settings come from the environment (COUNTERSIGN_…); options win. Ctrl-C stops it in order.`;

export interface StartOptions {
  readonly data?: string;
  readonly database?: string;
  readonly host?: string;
  readonly port?: number;
  readonly httpsPort?: number | 'off';
  readonly eventNames?: EventNames;
  readonly json?: boolean;
}

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('run the server with its portal')
    .addOption(dataOption())
    .addOption(databaseOption())
    .option(
      '--port <n>',
      'port to listen on, 0 for any free one (default: 8080)',
      wholeNumber(0, 65_535),
    )
    .option(
      '--https-port <n>',
      'port of the HTTPS listener, 0 for any free one, off for none (default: 8443)',
      (text) => (text === 'off' ? text : wholeNumber(0, 65_535)(text)),
    )
    .option('--host <address>', 'address to listen on (default: 127.0.0.1, this machine only)')
    .addOption(
      new Option(
        '--event-names <names>',
        'names of events in signed audit files: those of today, or of Dogtag 10.4 (default: current)',
      ).choices(['current', '10.4'] satisfies EventNames[]),
    )
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(runStart);
}

async function runStart(options: StartOptions): Promise<void> {
  const output = createOutput(options);
  const { startServer, announce, untilStopped } = await import('../serve.ts');
  const running = await startServer({
    ...options,
    data: options.data ?? process.env['COUNTERSIGN_DATA'] ?? DEFAULT_DATA,
  });
  // First: whoever reads what is announced may send a signal at once.
  const stopped = untilStopped(output, running);
  announce(output, running);
  await stopped;
}
