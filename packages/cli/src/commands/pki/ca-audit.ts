import { Option, type Command } from 'commander';
import { CliError } from '../../errors.ts';
import { readInput, writeNew } from '../../files.ts';
import { parsePath } from '../../options.ts';
import type { Output } from '../../output.ts';
import type { DogtagAuditConfig } from '../../pki/api-types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../pki/command.ts';
import { printEntry, printFields, printMessage, type Field } from '../../pki/print.ts';

const AUDIT = '/ca/v2/audit';

const MODIFY_HELP = `
  countersign -n caadmin ca-audit-show --output audit.json
  countersign -n caadmin ca-audit-mod --input audit.json

The input must have every event, as ca-audit-show wrote it. Changes take effect at once, and are recorded. The audit log
is always on: --action enable changes nothing, --action disable is refused, and that is recorded.`;

interface ShowOptions {
  readonly output?: string;
  readonly force?: true;
}

interface ModifyOptions extends ShowOptions {
  readonly action?: 'enable' | 'disable';
  readonly input?: string;
}

/** `ca-audit-show` and `ca-audit-mod`: the audit configuration in Dogtag's form. */
export function registerCaAudit(program: Command): void {
  withOutput(pkiCommand(program, 'ca-audit-show', 'show the audit configuration')).action(
    signedIn<ShowOptions>(async ({ session, output, options }) => {
      const config = await session.json<DogtagAuditConfig>('GET', AUDIT);
      if (options.output !== undefined) await store(output, config, options);
      else if (output.json) output.printJson(config);
      else printEntry(output.print, 'Audit configuration', fieldsOf(config));
    }),
  );
  withOutput(pkiCommand(program, 'ca-audit-mod', 'change the audit configuration'))
    .addOption(
      new Option('--action <action>', 'switch the audit log, which is always on').choices([
        'enable',
        'disable',
      ]),
    )
    .option('--input <file>', 'the audit configuration as it is to be, in JSON', parsePath)
    .addHelpText('after', MODIFY_HELP)
    .action(signedIn<ModifyOptions>(modify, checkModify));
}

function withOutput(command: Command): Command {
  return command
    .option('--output <file>', 'write the audit configuration there, in JSON', parsePath)
    .option('--force', 'replace a file that is there');
}

function checkModify({ action, input }: ModifyOptions): void {
  if (action === undefined && input === undefined)
    throw new CliError('usage', 'expected --action or --input, got none');
  if (action !== undefined && input !== undefined)
    throw new CliError('usage', '--action and --input exclude each other');
}

async function modify({ session, output, options }: PkiRun<ModifyOptions>): Promise<void> {
  const { action, input } = options;
  const config =
    input === undefined
      ? await session.json<DogtagAuditConfig>('POST', AUDIT, { query: { action } })
      : await session.json<DogtagAuditConfig>('PATCH', AUDIT, { body: await readJson(input) });
  if (output.json && options.output === undefined) {
    output.printJson(config);
    return;
  }
  printMessage(output.print, 'Modified audit configuration');
  if (options.output !== undefined) await store(output, config, options);
  else printFields(output.print, fieldsOf(config));
}

async function readJson(path: string): Promise<unknown> {
  const text = Buffer.from(await readInput('--input', path)).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError('usage', `--input "${path}": expected JSON as --output writes it`, {
      cause: error,
    });
  }
}

async function store(
  output: Output,
  config: DogtagAuditConfig,
  { output: path = '', force }: ShowOptions,
): Promise<void> {
  await writeNew('--output', path, `${JSON.stringify(config, null, 2)}\n`, { force });
  printMessage(output.print, `Stored audit configuration into ${path}`);
}

function fieldsOf({
  Status,
  Signed,
  Interval,
  bufferSize,
  Events = {},
}: DogtagAuditConfig): Field[] {
  return [
    ['Status', Status],
    ['Signed', Signed],
    ['Interval (seconds)', Interval],
    ['Buffer size (bytes)', bufferSize],
    ['Events', Object.entries(Events).map(([event, state]) => `${event}: ${state}`)],
  ];
}
