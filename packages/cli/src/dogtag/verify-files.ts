/** Verifies the files of a log: certificates and files in, one report out. */
import { basename } from 'node:path';
import { verifyScans } from '@countersign/records';
import type { SeriesReport, StatedZone } from '@countersign/records';
import { printable } from '../output.ts';
import type { Output } from '../output.ts';
import { createProgress, formatBytes } from '../progress.ts';
import { keysOf, readCertificates } from './certificate.ts';
import type { AuditCertificate } from './certificate.ts';
import { findLogFiles } from './log-files.ts';
import type { LogSource } from './log-files.ts';
import { scanFiles } from './scan-pool.ts';

export interface VerifiedFiles {
  readonly report: SeriesReport;
  readonly certificates: readonly AuditCertificate[];
  /** The files as given, by the name the report calls them, with the SHA-256 they had. */
  readonly sources: ReadonlyMap<string, LogSource & { readonly digest: string }>;
}

export interface VerifyFilesOptions {
  readonly cert: readonly string[];
  readonly zone?: StatedZone | undefined;
  readonly quiet?: boolean | undefined;
}

/**
 * Reads certificates and files and verifies them.
 * @throws CliError naming the file that cannot be read
 */
export async function verifyLogFiles(
  paths: readonly string[],
  options: VerifyFilesOptions,
  output: Output,
): Promise<VerifiedFiles> {
  const certificates = (await Promise.all(options.cert.map(readCertificates))).flat();
  const skipped: string[] = [];
  const found = await findLogFiles(paths, (file) => skipped.push(file));
  if (skipped.length > 0 && options.quiet !== true) {
    const names = skipped.slice(0, 10).map((file) => printable(basename(file)));
    const more = skipped.length > names.length ? ` and ${skipped.length - names.length} more` : '';
    output.say(`no audit logs, left out: ${names.join(', ')}${more}`);
  }
  const total = found.reduce((sum, { size }) => sum + size, 0);
  const progress = createProgress('verifying', output, {
    quiet: options.quiet,
    format: formatBytes,
  });
  let done = 0;
  const onDone = (bytes: number): void => {
    done += bytes;
    progress.update(done, total);
  };
  try {
    const scanned = await scanFiles(found, { certificates, zone: options.zone, onDone });
    const report = verifyScans(
      scanned.map(({ scan }) => scan),
      keysOf(certificates),
    );
    const sources = new Map(
      scanned.map(({ source, digest }) => [source.name, { ...source, digest }]),
    );
    return { report, certificates, sources };
  } finally {
    progress.end();
  }
}
