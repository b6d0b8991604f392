import type { Command } from 'commander';
import type { Setup, SetupResult, SetupStep } from '@countersign/server';
import { CliError, messageOf } from '../errors.ts';
import { readInput } from '../files.ts';
import { DEFAULT_DATA, dataOption, jsonOption, serverOption, userOption } from '../options.ts';
import { createOutput, printable, type Output } from '../output.ts';
import { readPasswordFile, readSecret } from '../password.ts';
import { connectTo, openFolder, type SetupServer } from '../setup/connect.ts';
import { askSetup, confirm, type Dialogue } from '../setup/wizard.ts';

const HELP = `
Without --file it asks, on a terminal. The file is JSON:
  {"settings": {"certificates.pageSize": 100}, "smtp": {"host": "mail.example.com", "sender": "pki@example.com"},
   "templates": [{"name": "WebServer", "policy": {"validityDays": 90}}],
   "applications": [{"name": "enrollment", "disabled": false}],
   "authorities": [{"name": "Example Root CA", "formerly": "Countersign Root CA"}]}
What it does not name stays. Each change is recorded as --user's (default: admin); what is so already changes nothing.
The password is taken from COUNTERSIGN_PASSWORD or asked for, that of the mail server from --smtp-password-file or
COUNTERSIGN_SMTP_PASSWORD. Without --server the data folder's server must not be running; a folder that is not there is
made, as by its first start.`;

interface SetupOptions {
  readonly file?: string;
  readonly dryRun?: boolean;
  readonly data?: string;
  readonly server?: string;
  readonly user?: string;
  readonly smtpPasswordFile?: string;
  readonly json?: boolean;
}

/** `countersign setup` */
export function registerSetup(program: Command): void {
  program
    .command('setup')
    .description('configure an installation, asked or from a file')
    .option('--file <path>', 'what it is to be like, JSON; - is stdin')
    .option('--dry-run', 'show what would change, and change nothing')
    .addOption(dataOption())
    .addOption(serverOption())
    .addOption(userOption())
    .option('--smtp-password-file <path>', "file with the mail server's password in its first line")
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(runSetup);
}

async function runSetup(options: SetupOptions): Promise<void> {
  const output = createOutput(options);
  const { applySetup, checkSetup, formatFirstStart, planSetup, ServerError } =
    await import('@countersign/server');
  if (options.file === undefined && !process.stdin.isTTY)
    throw new CliError('usage', 'setup needs --file (stdin is not a terminal to ask on)');
  const dryRun = options.dryRun ?? false;
  // What is wrong with the file is told before anything is opened.
  const given = options.file === undefined ? null : await readSetup(options, checkSetup);
  const server = await open(options, !dryRun);
  try {
    if (server.firstStart !== null && !output.json)
      output.print(formatFirstStart(server.firstStart));
    const setup = given ?? (await askSetup(server.client, TERMINAL));
    const steps = await planSetup(server.client, setup);
    if (dryRun || !(await isWanted(output, steps, given === null))) {
      tell(output, { changes: steps.flatMap(({ changes }) => changes), secrets: [] }, false);
      return;
    }
    tell(output, await applySetup(server.client, steps), true, server);
  } catch (error) {
    // Passed through with its code: a fault of the file that only the server knows.
    if (error instanceof ServerError)
      throw new CliError('setup_invalid', error.message, { cause: error });
    throw error;
  } finally {
    await server.close();
  }
}

async function readSetup(
  options: SetupOptions,
  check: (value: unknown) => Setup['file'],
): Promise<Setup> {
  const { file: path = '-', smtpPasswordFile } = options;
  const text = Buffer.from(await readInput('--file', path)).toString('utf8');
  try {
    const file = check(JSON.parse(text));
    const variable = process.env['COUNTERSIGN_SMTP_PASSWORD'] ?? '';
    const smtpPassword =
      smtpPasswordFile === undefined ? variable : await readPasswordFile(smtpPasswordFile);
    return { file, smtpPassword: smtpPassword === '' ? null : smtpPassword };
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError('setup_invalid', `--file "${path}": ${messageOf(error)}`, { cause: error });
  }
}

async function open(options: SetupOptions, mayCreate: boolean): Promise<SetupServer> {
  const { server, user = 'admin' } = options;
  if (server !== undefined) return await connectTo(server, user);
  const data = options.data ?? process.env['COUNTERSIGN_DATA'] ?? DEFAULT_DATA;
  return await openFolder(data, user, { mayCreate });
}

/** Who was asked sees the plan first. */
async function isWanted(
  output: Output,
  steps: readonly SetupStep[],
  asked: boolean,
): Promise<boolean> {
  if (!asked || steps.length === 0) return true;
  for (const { changes } of steps) for (const line of changes) output.say(`  ${printable(line)}`);
  return await confirm('Change this?', TERMINAL);
}

function tell(
  output: Output,
  { changes, secrets }: SetupResult,
  applied: boolean,
  server: Pick<SetupServer, 'firstStart'> | null = null,
): void {
  if (output.json) {
    const accounts = server?.firstStart?.accounts ?? [];
    output.printJson({ applied, changes, secrets, accounts });
    return;
  }
  if (changes.length === 0) output.print('nothing to do');
  else output.print(applied ? 'changed:' : 'would change:');
  for (const line of changes) output.print(`  ${printable(line)}`);
  for (const { application, key, secret } of secrets)
    output.print(`application ${application}: key ${key}, secret ${secret} (shown this once)`);
}

const TERMINAL: Dialogue = {
  input: process.stdin,
  output: process.stderr,
  secret: async (question) =>
    await readSecret({
      what: 'the mail server',
      variable: 'COUNTERSIGN_SMTP_PASSWORD',
      question,
    }),
};
