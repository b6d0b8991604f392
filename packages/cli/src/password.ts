import { CliError } from './errors.ts';

/**
 * The password for `--user`: from COUNTERSIGN_PASSWORD, else asked for on the terminal without showing it.
 *
 * @throws CliError `usage` when there is neither
 */
export async function readPassword(user: string): Promise<string> {
  const given = process.env['COUNTERSIGN_PASSWORD'];
  if (given !== undefined && given !== '') return given;
  if (!process.stdin.isTTY) {
    throw new CliError(
      'usage',
      `--user "${user}" needs a password: set COUNTERSIGN_PASSWORD (stdin is not a terminal to ask on)`,
    );
  }
  return askHidden(`password for ${user}: `);
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
