import { InvalidArgumentError, Option } from 'commander';

export const DEFAULT_DATA = './data';

/** `--json`, on every command. */
export function jsonOption(): Option {
  return new Option('--json', 'print results and errors as JSON');
}

export function dataOption(description = `data folder (default: ${DEFAULT_DATA})`): Option {
  return new Option('--data <dir>', description).argParser(parsePath);
}

/** Where the state is. A URL with a password is seen by everybody on the machine: the variable is the better place. */
export function databaseOption(): Option {
  return new Option(
    '--database <location>',
    'PostgreSQL URL or SQLite file of the state (default: COUNTERSIGN_DATABASE, or state.db in the data folder)',
  ).argParser(parsePath);
}

export function serverOption(): Option {
  return new Option('--server <url>', 'ask a running server instead of reading a folder').argParser(
    parseServerUrl,
  );
}

export function userOption(): Option {
  return new Option(
    '--user <name>',
    'account to sign in with at --server; password from COUNTERSIGN_PASSWORD or asked for',
  );
}

/** Refuses the empty path a shell makes of an unset variable. */
export function parsePath(text: string): string {
  if (text === '') throw new InvalidArgumentError('expected a path, got nothing');
  return text;
}

/** Collects the values of an option that may be repeated. */
export function repeated(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** Parses a whole number from `min` to `max`, in its one spelling. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (String(value) !== text || !Number.isSafeInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}`);
    }
    return value;
  };
}

/** Parses an http or https address and drops the slash at its end. */
export function parseServerUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new InvalidArgumentError('expected an http:// or https:// address');
  }
  if (url.username !== '' || url.password !== '') {
    throw new InvalidArgumentError(
      'an address with a password in it ends up in shell histories: use --user and COUNTERSIGN_PASSWORD',
    );
  }
  return url.href.replace(/\/+$/, '');
}
