import type { Command } from 'commander';
import { CliError } from '../../../errors.ts';
import { readInput } from '../../../files.ts';
import { parseAssignments } from '../../../pki/certificates/arguments.ts';
import { showAll } from '../../../pki/certificates/print.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import { repeated } from '../../../options.ts';
import type { Field } from '../../../pki/print.ts';

const SETTINGS = '/api/v1/settings';

const HELP = `
--from-file takes the value from a file: of a secret its first line, of everything else all of it. Secrets are given in
no other way.

  countersign -n caadmin setting-find smtp
  countersign -n caadmin setting-mod smtp.host=mail.example.com smtp.port=587 --from-file smtp.password=smtp.password
  countersign -n caadmin setting-mod --reset certificates.pageSize`;

type Value = string | number | boolean | null;

interface Setting {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly tab: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'choice' | 'secret';
  readonly value: Value;
  readonly default: Value;
  readonly isSet: boolean;
  readonly options?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

interface ModifyOptions {
  readonly fromFile?: Readonly<Record<string, string>>;
  readonly reset?: readonly string[];
}

/** The commands on application settings. */
export function registerSettings(program: Command): void {
  pkiCommand(
    program,
    'setting-find [filter]',
    'list the application settings, by a part of the name or tab',
  ).action(
    signedIn<unknown, [filter?: string]>(async ({ session, output }, filter = '') => {
      const { settings } = await session.json<{ settings: Setting[] }>('GET', SETTINGS);
      const wanted = filter.toLowerCase();
      const found = settings.filter(({ name, tab, displayName }) =>
        [name, tab, displayName].some((text) => text.toLowerCase().includes(wanted)),
      );
      showAll(output, found, fieldsOf);
    }),
  );

  pkiCommand(program, 'setting-mod', 'change application settings')
    .argument('[name=value...]', 'settings and their values', collect)
    .option('--from-file <name=file>', 'value out of a file; may be repeated', parseAssignments)
    .option('--reset <name>', 'its default again; may be repeated', repeated)
    .addHelpText('after', HELP)
    .action(signedIn<ModifyOptions, [values: Values]>(modify, check));
}

type Values = Readonly<Record<string, string>>;

/** Commander gives the empty list where there is no argument. */
function collect(text: string, before: Values | readonly string[] | undefined): Values {
  return parseAssignments(
    text,
    before === undefined || Array.isArray(before) ? {} : (before as Values),
  );
}

function check({ fromFile = {}, reset = [] }: ModifyOptions, values: Values): void {
  const names = [...Object.keys(values), ...Object.keys(fromFile), ...reset];
  if (names.length === 0)
    throw new CliError('usage', 'expected something to change: NAME=VALUE, --from-file or --reset');
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new CliError('usage', `"${twice}" is given twice`);
}

async function modify(
  { session, output, options }: PkiRun<ModifyOptions>,
  values: Values,
): Promise<void> {
  const { fromFile = {}, reset = [] } = options;
  const { settings: before } = await session.json<{ settings: Setting[] }>('GET', SETTINGS);
  const known = new Map(before.map((setting) => [setting.name, setting]));
  const body: Record<string, Value> = {};
  for (const [name, text] of Object.entries(values)) {
    const setting = find(known, name);
    if (setting.type === 'secret')
      throw new CliError(
        'usage',
        `"${name}" is a secret: others would see it on the command line; give it by --from-file ${name}=FILE`,
      );
    body[name] = valueOf(setting, text);
  }
  for (const [name, file] of Object.entries(fromFile)) {
    const setting = find(known, name);
    const text = Buffer.from(await readInput('--from-file', file)).toString('utf8');
    const [line = ''] = text.split(/\r?\n/, 1);
    body[name] = setting.type === 'string' ? text : valueOf(setting, line);
  }
  for (const name of reset) body[find(known, name).name] = null;
  const { settings: after } = await session.json<{ settings: Setting[] }>('PATCH', SETTINGS, {
    body,
  });
  showAll(
    output,
    after.filter(({ name }) => Object.hasOwn(body, name)),
    fieldsOf,
  );
}

function find(known: ReadonlyMap<string, Setting>, name: string): Setting {
  const setting = known.get(name);
  if (setting !== undefined) return setting;
  throw new CliError('usage', `there is no setting "${name}"; setting-find lists them`);
}

/** @throws CliError `usage` */
function valueOf({ name, type }: Setting, text: string): Value {
  if (type === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'integer' || type === 'boolean')
    throw new CliError(
      'usage',
      `${name}: expected ${type === 'integer' ? 'a whole number' : 'true or false'}, got "${text}"`,
    );
  return text;
}

function fieldsOf(setting: Setting): Field[] {
  const { type, value, isSet, options, minimum, maximum } = setting;
  const shown = type === 'secret' ? (isSet ? '(set)' : '(not set)') : (value ?? '');
  const range =
    type === 'integer' && minimum !== undefined && maximum !== undefined
      ? `${minimum} to ${maximum}`
      : options?.join(', ');
  return [
    ['Setting', setting.name],
    ['Name', setting.displayName],
    ['Tab', setting.tab],
    ['Value', shown === '' ? "''" : shown],
    ['Default', type === 'secret' || setting.default === '' ? null : setting.default],
    ['Allowed', range],
    ['Description', setting.description],
  ];
}
