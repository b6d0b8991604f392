import { CliError } from './errors.ts';
import { readInput } from './files.ts';

/** Where a secret may come from; never from the command line, which others see and shells remember. */
export interface SecretSource {
  /** What needs it, as messages say it. */
  readonly what: string;
  /** Variable of the environment. */
  readonly variable: string;
  /** How it is asked for on a terminal. */
  readonly question: string;
  /** `--password-file`: its first line is the secret. */
  readonly file?: string;
}

/**
 * The password for `--user`: from COUNTERSIGN_PASSWORD, else asked for on the terminal without showing it.
 *
 * @throws CliError `usage` when there is neither
 */
export function readPassword(user: string): Promise<string> {
  return readSecret({
    what: `--user "${user}"`,
    variable: 'COUNTERSIGN_PASSWORD',
    question: `password for ${user}: `,
  });
}

/**
 * A secret: from its file, else from the environment, else asked for on the terminal without showing it.
 *
 * @throws CliError `usage` when there is none of them, `file_unreadable`
 */
export async function readSecret(source: SecretSource): Promise<string> {
  const { what, variable, question, file } = source;
  if (file !== undefined) return readPasswordFile(file);
  const given = process.env[variable];
  if (given !== undefined && given !== '') return given;
  if (!process.stdin.isTTY) {
    throw new CliError(
      'usage',
      `${what} needs a password: set ${variable} (stdin is not a terminal to ask on)`,
    );
  }
  return askHidden(question);
}

/** The first line of `--password-file`. @throws CliError `usage` when it is empty, `file_unreadable` */
export async function readPasswordFile(file: string): Promise<string> {
  const text = Buffer.from(await readInput('--password-file', file)).toString('utf8');
  const [line = ''] = text.split(/\r?\n/, 1);
  if (line !== '') return line;
  throw new CliError('usage', `--password-file "${file}": expected a password in its first line`);
}

const ENTER = new Set(['\r', '\n', '\u0004']);
const ERASE = new Set(['\u007f', '\b']);
const INTERRUPT = '\u0003';

function askHidden(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const finish = (): void => {
      stdin.setRawMode(false);
      stdin.pause();
      stdin.off('data', onData);
      stderr.write('\n');
    };
    const onData = (chunk: string): void => {
      for (const key of chunk) {
        if (ENTER.has(key)) {
          finish();
          resolve(typed.join(''));
          return;
        }
        if (key === INTERRUPT) {
          finish();
          reject(new CliError('usage', 'interrupted at the password'));
          return;
        }
        typed = ERASE.has(key) ? typed.slice(0, -1) : [...typed, key];
      }
    };
    stdin.on('data', onData);
  });
}
