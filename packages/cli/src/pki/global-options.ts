import { InvalidArgumentError, Option, type Command } from 'commander';
import { CliError } from '../errors.ts';
import { parsePath, parseServerUrl } from '../options.ts';

export const DEFAULT_URL = 'https://localhost:8443';

/** Options that stand before or after the command's name, as those of `pki` do. */
export interface GlobalOptions {
  /** Nickname of the client certificate. */
  readonly nickname?: string;
  /** Folder of the store. */
  readonly dir?: string;
  readonly url?: string;
  /** File with the authorities that servers are trusted by. */
  readonly ca?: string;
  readonly verbose?: true;
}
export type GlobalOption = keyof GlobalOptions;

const FLAGS: Readonly<Record<GlobalOption, string>> = {
  nickname: '-n',
  dir: '-d',
  url: '-U',
  ca: '--ca',
  verbose: '-v',
};
const accepted = new WeakMap<Command, readonly GlobalOption[]>();

/** Declares the global options on the program; a command that has no use for one refuses it. */
export function registerGlobalOptions(program: Command): void {
  program
    .optionsGroup('Options for commands at a server (before or after the command):')
    .option('-n, --nickname <nickname>', 'client certificate to use, from the local store')
    .addOption(
      new Option('-d, --dir <dir>', 'the local store (default: ~/.countersign/clients)').argParser(
        parsePath,
      ),
    )
    .addOption(
      new Option('-U, --url <url>', `address of the server (default: ${DEFAULT_URL})`).argParser(
        parseHttpsUrl,
      ),
    )
    .addOption(
      new Option(
        '--ca <file>',
        'certificates of the authorities to trust the server by (default: those of the store)',
      ).argParser(parsePath),
    )
    .option('-v, --verbose', 'say on stderr what is sent')
    .optionsGroup('Options:');
  program.hook('preAction', (_, command) => {
    for (const option of Object.keys(program.opts<GlobalOptions>()) as GlobalOption[]) {
      if (FLAGS[option] === undefined || accepted.get(command)?.includes(option)) continue;
      throw new CliError('usage', `${FLAGS[option]} means nothing to \`${command.name()}\``);
    }
  });
}

/** Says which of the global options a command takes; its help lists these. */
export function acceptGlobals(command: Command, options: readonly GlobalOption[]): Command {
  accepted.set(command, options);
  const taken = new Set<string>(options);
  return command.configureHelp({
    showGlobalOptions: true,
    visibleGlobalOptions: (self) =>
      rootOf(self).options.filter((option) => taken.has(option.attributeName())),
  });
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

/** `text` or `json`, as Dogtag's `--output-format`. */
export function outputFormatOption(): Option {
  return new Option('--output-format <format>', 'text or json; --json for short')
    .choices(['text', 'json'])
    .default('text');
}

/** Refuses plain HTTP: a client certificate needs TLS. */
function parseHttpsUrl(text: string): string {
  const url = parseServerUrl(text);
  if (!url.startsWith('https:')) throw new InvalidArgumentError('expected an https:// address');
  return url;
}
