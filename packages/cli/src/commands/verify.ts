import type { Verdict } from '@countersign/ledger';
import type { Command } from 'commander';
import { ServerClient } from '../client.ts';
import { CliError, EXIT_NOT_VERIFIED, EXIT_OK } from '../errors.ts';
import { existingData, exists, type DataFolder } from '../files.ts';
import { readOlderCheckpoint, readVerifierKeys, type VerifierKeys } from '../keys.ts';
import { dataOption, DEFAULT_DATA, jsonOption, serverOption, wholeNumber } from '../options.ts';
import { createOutput, type Output } from '../output.ts';
import { acceptGlobals, type GlobalOptions } from '../pki/global-options.ts';
import { trustAuthorities } from '../pki/peer.ts';
import { createProgress } from '../progress.ts';
import { openRemoteLog } from '../verify/remote-log.ts';
import { verifyFolder } from '../verify/verify-folder.ts';
import { formatVerdict } from '../verify/verdict.ts';
import { verifyRemote } from '../verify/verify-remote.ts';

const HELP = `
Over a data folder everything is checked: the signature, every envelope, the tree and its tiles, every content against
its digest, every producer's numbering, and the index against the log. Over a server everything public is: all but
contents and index; no account is needed.

The verdict has four axes, each with its evidence:
  integrity     is every record what was signed
  completeness  is no record missing
  time          who says when it happened
  independence  who but the log's owner vouches for it
Problems are told apart: tampered, truncated, gap, index, unverifiable, unerased (a record says that a content was
erased, and it is there). No faults: erased (with record), and unsigned, what a writer that was stopped left behind the
checkpoint.

Keep a checkpoint (\`countersign log checkpoint > monday.checkpoint\`) and give it with --since: only then a log
that was cut off at its end, or replaced as a whole, can be told from an honest one.

Exit codes: 0 verified, 1 could not verify (usage, files, network), 2 verification failed.`;

interface VerifyOptions extends GlobalOptions {
  readonly data?: string;
  readonly server?: string;
  readonly key?: string;
  readonly since?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

export function registerVerify(program: Command): void {
  const command = program
    .command('verify')
    .description('verify the whole log')
    .addOption(dataOption())
    .addOption(serverOption())
    .option(
      '--key <vkey|file>',
      "the log's public key, or a file that holds it, from a source other than the log",
    )
    .option('--since <checkpoint>', 'file with an older checkpoint this log must still contain')
    .option('--workers <n>', 'threads to verify with (default: one a core)', wholeNumber(1, 256))
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action((_, self: Command) => runVerify(self.optsWithGlobals<VerifyOptions>()));
  acceptGlobals(command, ['dir', 'ca']);
}

async function runVerify(options: VerifyOptions): Promise<void> {
  if (options.data !== undefined && options.server !== undefined) {
    throw new CliError('usage', '--data and --server exclude each other: name one log to verify');
  }
  const output = createOutput(options);
  const verdict =
    options.server === undefined
      ? await verifyData(output, options)
      : await verifyServer(output, options.server, options);
  process.exitCode = verdict.ok ? EXIT_OK : EXIT_NOT_VERIFIED;
  if (output.json) output.printJson(verdict);
  else for (const line of formatVerdict(output, verdict)) output.print(line);
}

async function verifyData(output: Output, options: VerifyOptions): Promise<Verdict> {
  const folder = await existingData(options.data ?? DEFAULT_DATA);
  const { keys, trusted } = await folderKeys(output, folder, options.key);
  const since = await readSince(options, keys);
  const verdict = await verifyFolder(output, {
    folder,
    verifiers: keys.verifiers,
    ...(since !== undefined && { since }),
    ...(options.workers !== undefined && { workers: options.workers }),
  });
  return trusted ? verdict : withUntrustedKey(verdict);
}

async function verifyServer(
  output: Output,
  server: string,
  options: VerifyOptions,
): Promise<Verdict> {
  if (options.key === undefined) {
    throw new CliError(
      'usage',
      '--server needs --key: a key the server itself names proves nothing against the server; ask for its keys/log.vkey by another way',
    );
  }
  const keys = await readVerifierKeys('--key', options.key);
  const since = await readSince(options, keys);
  if (server.startsWith('https:')) await trustAuthorities(options);
  const progress = createProgress('verifying', output);
  try {
    return await verifyRemote({
      log: openRemoteLog(new ServerClient(server)),
      origin: keys.name,
      verifiers: keys.verifiers,
      onProgress: progress.update,
      ...(since !== undefined && { since }),
    });
  } finally {
    progress.end();
  }
}

async function readSince(
  { since }: VerifyOptions,
  keys: VerifierKeys,
): Promise<string | undefined> {
  return since === undefined ? undefined : readOlderCheckpoint('--since', since, keys);
}

const UNTRUSTED_KEY =
  'the key was taken from the data folder itself: this proves nothing against whoever controls the folder; give --key from another source';

/** The key to verify with, and whether it came from outside the folder. */
async function folderKeys(
  output: Output,
  folder: DataFolder,
  key: string | undefined,
): Promise<{ keys: VerifierKeys; trusted: boolean }> {
  if (key !== undefined) return { keys: await readVerifierKeys('--key', key), trusted: true };
  if (!(await exists(folder.verifierKey))) {
    throw new CliError(
      'usage',
      `--key is needed: the folder has no ${folder.verifierKey} to fall back on`,
    );
  }
  output.say(output.styleTalk('yellow', `warning: ${UNTRUSTED_KEY}`));
  return { keys: await readVerifierKeys('keys/log.vkey', folder.verifierKey), trusted: false };
}

function withUntrustedKey(verdict: Verdict): Verdict {
  const { independence } = verdict.axes;
  return {
    ...verdict,
    axes: {
      ...verdict.axes,
      independence: {
        ...independence,
        verdict: independence.verdict === 'failed' ? 'failed' : 'unverifiable',
        evidence: [...independence.evidence, UNTRUSTED_KEY],
      },
    },
  };
}
