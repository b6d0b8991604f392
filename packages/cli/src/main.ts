import { CommanderError, type Command } from 'commander';
import { CliError, EXIT_OK, EXIT_TROUBLE, messageOf } from './errors.ts';
import { createProgram } from './program.ts';

/**
 * Runs the command line and returns the exit code.
 *
 * @param args what follows the command's name
 */
export async function main(args: readonly string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr])
    if (!stream.listeners('error').includes(endQuietly)) stream.on('error', endQuietly);
  const json = wantsJson(args);
  const program = createProgram();
  prepare(program, json);
  try {
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? EXIT_OK);
  } catch (error) {
    return report(error, json);
  }
}

/** Known before the arguments are parsed: what is wrong with them is told in the same form. */
function wantsJson(args: readonly string[]): boolean {
  return args.some(
    (arg, at) =>
      arg === '--json' ||
      arg === '--output-format=json' ||
      (arg === 'json' && args[at - 1] === '--output-format'),
  );
}

/** A reader that has seen enough (`| head`) is no failure of ours. */
function endQuietly(error: Error & { code?: string }): void {
  if (error.code === 'EPIPE') process.exit(EXIT_OK);
  throw error;
}

/** Errors come back to `main` instead of ending the process; with `--json` commander keeps its own wording to itself. */
function prepare(command: Command, json: boolean): void {
  command.exitOverride();
  command.showSuggestionAfterError();
  command.configureOutput({ outputError: (text, write) => (json ? undefined : write(text)) });
  if (!json)
    command.showHelpAfterError(`(countersign ${pathOf(command)}--help shows what is possible)`);
  for (const child of command.commands) prepare(child, json);
}

function pathOf(command: Command): string {
  return command.parent === null ? '' : `${pathOf(command.parent)}${command.name()} `;
}

function report(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT_OK;
    if (json) writeError({ code: 'usage', message: error.message.replace(/^error: /, '') });
    return EXIT_TROUBLE;
  }
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string'
      ? error.code
      : 'unexpected';
  const known = error instanceof CliError || code !== 'unexpected';
  if (json) {
    writeError({
      code,
      message: messageOf(error),
      ...(error instanceof CliError ? error.details : {}),
    });
  } else {
    process.stderr.write(`error: ${messageOf(error)}\n`);
    if (!known && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  }
  return error instanceof CliError ? error.exitCode : EXIT_TROUBLE;
}

function writeError(error: Record<string, unknown>): void {
  process.stderr.write(`${JSON.stringify({ error })}\n`);
}
