import type { CliResult } from '@countersign/testing';
import { main } from '../src/main.ts';

/**
 * Runs a command in this process, one at a time: a fraction of the time that a process of its own takes. What it is
 * given and what it says are the same; it has no stdin.
 */
export async function runHere(args: readonly string[], cwd: string): Promise<CliResult> {
  const before = process.cwd();
  process.chdir(cwd);
  process.env['NO_COLOR'] = '1';
  process.exitCode = undefined;
  const stdout = listenTo(process.stdout);
  const stderr = listenTo(process.stderr);
  try {
    const code = await main(args);
    return { code, signal: null, stdout: stdout.said(), stderr: stderr.said() };
  } finally {
    stdout.end();
    stderr.end();
    process.exitCode = undefined;
    process.chdir(before);
  }
}

/** Takes what is written to a stream, until the end. */
function listenTo(stream: NodeJS.WriteStream): { said(): string; end(): void } {
  const own = Object.getOwnPropertyDescriptor(stream, 'write');
  let said = '';
  const value = (chunk: string | Uint8Array): boolean => {
    said += Buffer.from(chunk).toString('utf8');
    return true;
  };
  Object.defineProperty(stream, 'write', { value, configurable: true, writable: true });
  return {
    said: () => said,
    end() {
      if (own === undefined) Reflect.deleteProperty(stream, 'write');
      else Object.defineProperty(stream, 'write', own);
    },
  };
}
