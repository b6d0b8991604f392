import type { Reconciliation } from '@countersign/server';
import type { Command } from 'commander';
import { CliError, EXIT_NOT_VERIFIED } from '../errors.ts';
import { existingData } from '../files.ts';
import { databaseOption, dataOption, jsonOption } from '../options.ts';
import { createOutput, printable, type Output } from '../output.ts';
import { outputOf } from '../pki/command.ts';
import { acceptGlobals, type GlobalOptions } from '../pki/global-options.ts';
import { openPeer } from '../pki/peer.ts';
import { withSession, type PkiSession } from '../pki/session.ts';

const RECONCILIATION = '/api/v1/reconciliation';

const HELP = `
Every certificate, revocation list and revocation has exactly one record of how it came and is as its last record says,
and every record has its object, or one of its deletion. What is not so, was done behind the product's back, and is
named.

  countersign -n auditor reconcile
  countersign reconcile --data /var/lib/countersign

With -n the server does it, records it, and shows it in Log health. With --data it is done here, read-only, beside a
running server or without one, and leaves no record.

Exit codes: 0 everything agrees, 1 could not compare (usage, files, network), 2 something does not agree.`;

interface ReconcileOptions extends GlobalOptions {
  readonly data?: string;
  readonly database?: string;
  readonly json?: true;
}

/** Where a reconciliation of the server stands. */
type Report =
  | { readonly state: 'never' | 'running' }
  | ({ readonly state: 'done' } & Reconciliation)
  | { readonly state: 'failed'; readonly reason: string };

export function registerReconcile(program: Command): void {
  const command = program
    .command('reconcile')
    .description('compare the certificates with the log')
    .addOption(dataOption('data folder to compare, without a server'))
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action((_, self: Command) => runReconcile(self.optsWithGlobals<ReconcileOptions>()));
  acceptGlobals(command, ['nickname', 'dir', 'url', 'ca', 'verbose']);
}

async function runReconcile(options: ReconcileOptions): Promise<void> {
  const { data, database, nickname } = options;
  if (
    (data === undefined) === (nickname === undefined) ||
    (data === undefined && database !== undefined)
  )
    throw new CliError('usage', 'expected either -n, to ask a server, or --data (and --database)');
  const output = createOutput(options);
  const result = data === undefined ? await atServer(options) : await inFolder(data, options);
  if (result.problemCount > 0) process.exitCode = EXIT_NOT_VERIFIED;
  if (output.json) output.printJson(result);
  else printResult(output, result);
}

async function inFolder(
  data: string,
  { database }: { readonly database?: string },
): Promise<Reconciliation> {
  const folder = await existingData(data);
  const { reconcileFolder, stateLocation } = await import('@countersign/server');
  const location = stateLocation(process.env, { data: folder.dir, database });
  const result = await reconcileFolder({ data: folder.dir, database: location });
  if (result !== null) return result;
  throw new CliError('data_missing', `--data "${data}" has no state: no server has used it yet`);
}

async function atServer(options: ReconcileOptions): Promise<Reconciliation> {
  const output = outputOf(options);
  const say = (line: string): void => output.say(line);
  const peer = await openPeer(options, say);
  return withSession(peer, { verbose: options.verbose ?? false, say }, async (session) => {
    const report = await untilDone(session, await session.json<Report>('POST', RECONCILIATION));
    if (report.state === 'done') return report;
    const reason = report.state === 'failed' ? report.reason : 'it was not begun';
    throw new CliError('server_refused', `the server could not compare: ${reason}`);
  });
}

/** Asks again and again, less and less often. */
async function untilDone(session: PkiSession, begun: Report): Promise<Report> {
  const { setTimeout } = await import('node:timers/promises');
  let report = begun;
  for (let wait = 100; report.state === 'running'; wait = Math.min(wait * 2, 10_000)) {
    await setTimeout(wait);
    report = await session.json<Report>('GET', RECONCILIATION);
  }
  return report;
}

function printResult(output: Output, { checked, problems, problemCount }: Reconciliation): void {
  for (const { kind, message, index } of problems) {
    const record = index === undefined ? '' : ` (record ${index})`;
    output.print(`${output.style('red', kind)}  ${printable(message)}${record}`);
  }
  const hidden = problemCount - problems.length;
  if (hidden > 0) output.print(`and ${hidden} more`);
  const counts = Object.entries(checked).map(([name, count]) => `${count} ${name}`);
  const verdict = problemCount === 0 ? 'everything agrees' : `${problemCount} do not agree`;
  output.print(`${verdict}: ${counts.join(', ')} compared`);
}
