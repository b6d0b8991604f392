import { buffer } from 'node:stream/consumers';
import { CliError } from '../../errors.ts';
import { exists, readInput, writeNew } from '../../files.ts';
import type { Output } from '../../output.ts';
import { readPasswordFile } from '../../password.ts';
import type { Command } from 'commander';
import { parsePath } from '../../options.ts';

/** Options of a command that makes a file with a private key. */
export interface KeyFileOptions {
  readonly output: string;
  readonly passwordFile?: string;
  readonly passwordOutput?: string;
}

export const KEY_FILE_HELP = `
The file has mode 0600 and never takes the place of another. Its password is the first line of --password-file; without
one the server makes a password up, which goes to the file --password-output names (0600) or to stdout alone, this once.`;

export function withKeyFileOptions(command: Command, required = true): Command {
  const what = 'file to write the private key and the certificates into, mode 0600';
  if (required) command.requiredOption('--output <file>', what, parsePath);
  else command.option('--output <file>', what, parsePath);
  return command
    .option('--password-file <file>', 'its first line is the password of the file', parsePath)
    .option('--password-output <file>', 'where to write a password that is made up', parsePath);
}

/** Before the server makes anything: what cannot be written would be lost. @throws CliError `file_exists`, `usage` */
export async function prepareKeyFile({
  output,
  passwordFile,
  passwordOutput,
}: KeyFileOptions): Promise<string | undefined> {
  if (passwordFile !== undefined && passwordOutput !== undefined)
    throw new CliError('usage', '--password-file and --password-output exclude each other');
  await refuseExisting('--output', output);
  if (passwordOutput !== undefined) await refuseExisting('--password-output', passwordOutput);
  return passwordFile === undefined ? undefined : readPasswordFile(passwordFile);
}

/** @throws CliError `file_exists` */
export async function refuseExisting(option: string, path: string): Promise<void> {
  if (await exists(path))
    throw new CliError(
      'file_exists',
      `${option}: "${path}" exists already; name another file or remove it`,
    );
}

/** Writes the file with the key. What else is to be said goes where `talk` sends it: stdout may be the password's. */
export async function writeKeyFile(
  output: Output,
  { output: path, passwordOutput }: KeyFileOptions,
  { content, password }: { readonly content: string; readonly password: string | null },
  json: Readonly<Record<string, unknown>>,
  talk: (write: (line: string) => void) => void,
): Promise<void> {
  await writeNew('--output', path, Buffer.from(content, 'base64'), { mode: 0o600 });
  const kept = password !== null && passwordOutput !== undefined;
  if (kept) await writeNew('--password-output', passwordOutput, `${password}\n`, { mode: 0o600 });
  const alone = password !== null && !kept;
  if (output.json) {
    output.printJson({
      ...json,
      file: path,
      ...(alone && { password }),
      ...(kept && { passwordFile: passwordOutput }),
    });
    return;
  }
  const write = alone ? output.say : output.print;
  talk(write);
  write(`Stored the private key into ${path}`);
  if (kept) write(`Stored its password into ${passwordOutput}`);
  if (!alone) return;
  output.say(`the password of ${path} is printed this once:`);
  output.print(password);
}

/** Reads a file, or stdin where it is named `-`. @throws CliError `file_unreadable` */
export async function readFileOrStdin(what: string, path: string): Promise<Buffer> {
  if (path === '-') return buffer(process.stdin);
  return Buffer.from(await readInput(what, path));
}

/** The same as a JSON object. @throws CliError `usage` */
export async function readJsonObject(
  what: string,
  path: string,
): Promise<Readonly<Record<string, unknown>>> {
  const text = (await readFileOrStdin(what, path)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CliError(
      'usage',
      `${what} "${path}": expected JSON, got something else: ${String(error)}`,
      { cause: error },
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw new CliError('usage', `${what} "${path}": expected a JSON object`);
}

/**
 * Writes what holds no secret: into `path`, never over another file, or to stdout.
 *
 * @throws CliError `usage` for bytes that a terminal cannot show
 */
export async function writeResult(
  output: Output,
  path: string | undefined,
  content: Uint8Array,
  { binary, force }: { readonly binary: boolean; readonly force: boolean },
): Promise<void> {
  if (path !== undefined) {
    await writeNew('--output', path, content, { force });
    return;
  }
  if (binary && output.terminal)
    throw new CliError('usage', 'a terminal cannot show this format: name a file with --output');
  process.stdout.write(content);
}
