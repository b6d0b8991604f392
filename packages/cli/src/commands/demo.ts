import type { Command } from 'commander';
import { dataFolder } from '../files.ts';
import { dataOption, jsonOption, wholeNumber } from '../options.ts';
import { createOutput } from '../output.ts';
import type { StartOptions } from './start.ts';

const DEMO_DATA = './demo-data';

const HELP = `
The folder is made anew each time: it must not exist, be empty, or be an earlier demo's.`;

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description(
      'run a server that is full of records: real signed logs, a certificate platform, visitors',
    )
    .addOption(dataOption(`folder to make (default: ${DEMO_DATA})`))
    .option(
      '--port <n>',
      'port to listen on, 0 for any free one (default: 8080)',
      wholeNumber(0, 65_535),
    )
    .option('--host <address>', 'address to listen on (default: 127.0.0.1, this machine only)')
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(runDemo);
}

async function runDemo(options: StartOptions): Promise<void> {
  const output = createOutput(options);
  const { announce, startServer, untilStopped } = await import('../serve.ts');
  const { clearDemoFolder, fillDemo } = await import('../demo.ts');
  const data = options.data ?? DEMO_DATA;
  await clearDemoFolder(data);
  const running = await startServer({
    httpsPort: 'off',
    ...options,
    data,
    // Made anew with the folder, wherever the state of other folders is.
    database: dataFolder(data).state,
  });
  try {
    await fillDemo(output, running);
  } catch (error) {
    await running.server.close();
    throw error;
  }
  // First: whoever reads what is announced may send a signal at once.
  const stopped = untilStopped(output, running);
  announce(output, running);
  await stopped;
}
