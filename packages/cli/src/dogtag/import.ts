import type { Command } from 'commander';
import { isProducerName } from '@countersign/records';
import type { StatedZone } from '@countersign/records';
import { CliError, EXIT_NOT_VERIFIED, EXIT_OK, EXIT_TROUBLE } from '../errors.ts';
import { exists } from '../files.ts';
import { dataOption, jsonOption, parseServerUrl } from '../options.ts';
import { createOutput, printable } from '../output.ts';
import type { Output } from '../output.ts';
import { formatReport, formatTotals } from './report-text.ts';
import { importRecords } from './import-records.ts';
import type { ImportResult } from './import-records.ts';
import { importEnd } from './series-records.ts';
import { folderSink, serverSink } from './sink.ts';
import type { RecordSink } from './sink.ts';
import { collect, zone } from './verify.ts';
import { verifyLogFiles } from './verify-files.ts';
import type { VerifiedFiles } from './verify-files.ts';

const HELP = `
The files are verified first; a log that does not verify is refused unless --accept-invalid is given. Every record
keeps its line, file, line number and the verdict on the signature over it, whatever that is.

Records are numbered by their place in the series, so give all files from the first on. The command may be stopped
and run again, also after the log has grown or its current file was rotated: what is there is recognised and not
taken twice. Lines behind the last signature are left for the next time.

  countersign producer create ca1
  countersign dogtag import --cert ca_audit_signing.pem --server http://127.0.0.1:8080 --token csp_... --producer ca1 \\
    /var/log/pki/pki-tomcat/ca/signedAudit

The token may also be in COUNTERSIGN_TOKEN, where the list of processes does not show it.

Exit codes: 0 imported, 1 a file, folder or server cannot be used, or stopped early, 2 the log does not verify.`;

interface ImportOptions {
  readonly cert: readonly string[];
  readonly server?: string;
  readonly token?: string;
  readonly data?: string;
  readonly producer: string;
  readonly zone?: StatedZone;
  readonly system?: string;
  readonly host?: string;
  readonly acceptInvalid?: boolean;
  readonly includeUnsignedTail?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function registerDogtagImport(dogtag: Command): void {
  dogtag
    .command('import')
    .description('verify an audit log and import its records')
    .argument('<path...>', 'files of the log, or a folder of them')
    .requiredOption(
      '--cert <file>',
      'certificate of the audit signing key, PEM or DER; again for each further one',
      collect,
    )
    .requiredOption('--producer <name>', 'the producer the records are of')
    .option('--server <url>', 'server to send to', parseServerUrl)
    .option('--token <token>', "the producer's token (default: COUNTERSIGN_TOKEN)")
    .addOption(dataOption('data folder to write to, without a server'))
    .option(
      '--zone <zone>',
      'zone of the server, e.g. Europe/Berlin, for names that do not settle it',
      zone,
    )
    .option(
      '--system <name>',
      'what the records call the system they are from (default: Dogtag PKI)',
    )
    .option('--host <name>', 'host the records are from')
    .option(
      '--accept-invalid',
      'import a log that does not verify; each record carries its verdict',
    )
    .option('--include-unsigned-tail', 'import lines that are not signed yet, too')
    .option('--quiet', 'no progress')
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(runImport);
}

async function runImport(paths: readonly string[], options: ImportOptions): Promise<void> {
  const output = createOutput(options);
  await checkProducer(options.producer);
  checkDestination(options);
  if (options.data !== undefined && !(await exists(options.data))) {
    output.say(`--data "${options.data}" is not there: a new data folder is made`);
  }
  const verified = await verifyLogFiles(paths, options, output);
  const { report } = verified;
  if (!report.ok && options.acceptInvalid !== true) refuse(output, verified);
  const sink = await openSink(options);
  let result: ImportResult;
  try {
    result = await importRecords(verified, options, sink, output);
  } finally {
    await sink.close();
  }
  const waiting =
    importEnd(verified, options.includeUnsignedTail) === undefined ? 0 : report.unsignedTail;
  process.exitCode = result.interrupted ? EXIT_TROUBLE : EXIT_OK;
  if (output.json) {
    const { valid, invalid, verdict, summary } = report;
    output.printJson({ ...result, waiting, verification: { valid, invalid, verdict, summary } });
  } else {
    printResult(output, result, waiting, verified);
  }
}

async function checkProducer(name: string): Promise<void> {
  const { OWN_PRODUCER } = await import('@countersign/server');
  if (isProducerName(name) && name !== OWN_PRODUCER) return;
  throw new CliError(
    'usage',
    `--producer: expected ${
      name === OWN_PRODUCER
        ? 'another name than the one of the log itself'
        : 'lower-case letters, digits, ".", "_" and "-", 64 at most'
    }, got "${name}"`,
  );
}

function checkDestination({ server, token, data }: ImportOptions): void {
  if ((server === undefined) === (data === undefined)) {
    throw new CliError(
      'usage',
      'give either --server and --token, or --data: one place to import to',
    );
  }
  if (server !== undefined && (token ?? process.env['COUNTERSIGN_TOKEN'] ?? '') === '') {
    throw new CliError(
      'usage',
      '--server needs --token, or COUNTERSIGN_TOKEN: `countersign producer create` prints one',
    );
  }
}

function refuse(output: Output, { report, certificates }: VerifiedFiles): never {
  const facts = certificates.map((c) => c.facts);
  if (!output.json) for (const line of formatReport(output, report, facts)) output.print(line);
  throw new CliError(
    'not_verified',
    `the log does not verify (${report.summary}), nothing was imported; ` +
      '--accept-invalid imports it with the verdict on each record',
    { exitCode: EXIT_NOT_VERIFIED, details: { problems: report.problems.slice(0, 100) } },
  );
}

async function openSink(options: ImportOptions): Promise<RecordSink> {
  const { server, token = process.env['COUNTERSIGN_TOKEN'] ?? '', data, producer } = options;
  if (server !== undefined) return serverSink({ url: server, token, producer });
  return folderSink(data!, producer);
}

const LISTED_REDACTIONS = 20;

function printResult(
  output: Output,
  { imported, alreadyThere, redacted, interrupted }: ImportResult,
  waiting: number,
  { report }: VerifiedFiles,
): void {
  for (const { file, line, paths } of redacted.slice(0, LISTED_REDACTIONS)) {
    output.print(`masked: ${printable(file)}:${line}: ${paths.map(printable).join(', ')}`);
  }
  if (redacted.length > LISTED_REDACTIONS) {
    output.print(`and ${redacted.length - LISTED_REDACTIONS} more records with secrets masked`);
  }
  output.print(`imported: ${imported} records`);
  output.print(`already there: ${alreadyThere} records`);
  if (waiting > 0) {
    output.print(
      `waiting: ${waiting} lines at the end are not signed yet; they are imported once they are`,
    );
  }
  if (interrupted) output.print('stopped early: run the same command again to go on');
  for (const line of formatTotals(report)) output.print(line);
}
