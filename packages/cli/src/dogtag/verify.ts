import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { parseStatedZone } from '@countersign/records';
import type { StatedZone } from '@countersign/records';
import { EXIT_NOT_VERIFIED, EXIT_OK } from '../errors.ts';
import { jsonOption } from '../options.ts';
import { createOutput } from '../output.ts';
import { formatReport } from './report-text.ts';
import { verifyLogFiles } from './verify-files.ts';

const HELP = `
Files may be given in any order and by any name: they are put in the order of their chain of signatures.
Of a folder every file is taken that looks like an audit log.

  countersign dogtag verify --cert ca_audit_signing.pem /var/log/pki/pki-tomcat/ca/signedAudit

The report ends in six lines of fixed form, from "valid signatures: N" to "verdict: ...". The signature that begins
the log signs nothing and is not counted; every other is valid or invalid.

A failure needs something that contradicts the signatures. What an honest log may look like is reported, also in the
verdict, and is none: lines at the end that are not signed yet, lines that a crash left unsigned, a missing
beginning, a chain that begins anew in a new file, changed keys.

Exit codes: 0 valid, 1 a file or certificate cannot be read, 2 something is invalid, nothing is signed, or the files
are not of one chain.`;

interface VerifyOptions {
  readonly cert: readonly string[];
  readonly zone?: StatedZone;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function registerDogtagVerify(dogtag: Command): void {
  dogtag
    .command('verify')
    .description('verify the signatures of an audit log')
    .argument('<path...>', 'files of the log, or a folder of them')
    .requiredOption(
      '--cert <file>',
      'certificate of the audit signing key, PEM or DER; again for each further one',
      collect,
    )
    .option(
      '--zone <zone>',
      'zone of the server, e.g. Europe/Berlin, for names that do not settle it',
      zone,
    )
    .option('--quiet', 'no progress')
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(runVerify);
}

/** Gathers an option given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** Parses `--zone`. */
export function zone(name: string): StatedZone {
  try {
    return parseStatedZone(name);
  } catch (error) {
    throw new InvalidArgumentError((error as RangeError).message);
  }
}

async function runVerify(paths: readonly string[], options: VerifyOptions): Promise<void> {
  const output = createOutput(options);
  const { report, certificates } = await verifyLogFiles(paths, options, output);
  process.exitCode = report.ok ? EXIT_OK : EXIT_NOT_VERIFIED;
  const facts = certificates.map((c) => c.facts);
  if (output.json) output.printJson({ ...report, certificates: facts });
  else for (const line of formatReport(output, report, facts)) output.print(line);
}
