import type { Command } from 'commander';
import { jsonOption } from '../options.ts';
import { createOutput, type Output } from '../output.ts';
import { acceptGlobals, outputFormatOption, type GlobalOptions } from './global-options.ts';
import { openPeer } from './peer.ts';
import { withSession, type PkiSession } from './session.ts';

/** What every command at a server has. */
export interface PkiOptions extends GlobalOptions {
  readonly json?: true;
  readonly outputFormat?: 'text' | 'json';
}

/** A command while it runs, signed in. */
export interface PkiRun<Options> {
  readonly session: PkiSession;
  readonly output: Output;
  readonly options: Options & PkiOptions;
}

/**
 * A command that signs in with the certificate named by `-n`, works, and signs out.
 *
 * @param name with its arguments, as commander writes them: `ca-user-show <id>`
 */
export function pkiCommand(program: Command, name: string, description: string): Command {
  const command = program
    .command(name)
    .description(description)
    .addOption(outputFormatOption())
    .addOption(jsonOption());
  return acceptGlobals(command, ['nickname', 'dir', 'url', 'ca', 'verbose']);
}

/** The action of such a command: `work` is given the session, then the command's arguments. */
export function signedIn<Options, Arguments extends unknown[] = []>(
  work: (run: PkiRun<Options>, ...args: Arguments) => Promise<void>,
  check: (options: Options & PkiOptions, ...args: Arguments) => void = () => undefined,
): (...args: unknown[]) => Promise<void> {
  return async (...received) => {
    const command = received.at(-1) as Command;
    const args = received.slice(0, -2) as Arguments;
    const options = command.optsWithGlobals<Options & PkiOptions>();
    // Wrong usage is told before anybody signs in: it leaves no record.
    check(options, ...args);
    const output = outputOf(options);
    const peer = await openPeer(options, (line) => output.say(line));
    const say = (line: string): void => output.say(line);
    await withSession(peer, { verbose: options.verbose ?? false, say }, (session) =>
      work({ session, output, options }, ...args),
    );
  };
}

/** The output of a command with `--output-format` and `--json`. */
export function outputOf({ json, outputFormat }: PkiOptions): Output {
  return createOutput({ json: json ?? outputFormat === 'json' });
}
