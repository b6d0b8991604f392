/** Verifies the files of a log one after the other, holding only one in memory. */
import { scanFile, verifyScans } from '@countersign/records';
import type { FileScan, SeriesReport, StatedZone } from '@countersign/records';
import type { Output } from '../output.ts';
import { createProgress, formatBytes } from '../progress.ts';
import { readCertificates } from './certificate.ts';
import type { AuditCertificate } from './certificate.ts';
import { findLogFiles, readLogFile } from './log-files.ts';
import type { LogSource } from './log-files.ts';

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
  // Of every certificate first the way it signs today, then the way it once did.
  const keys = certificates.flatMap((c) => c.keys).sort((a, b) => rank(a.weak) - rank(b.weak));
  const found = await findLogFiles(paths);
  const total = found.reduce((sum, { size }) => sum + size, 0);
  const progress = createProgress('verifying', output, {
    quiet: options.quiet,
    format: formatBytes,
  });
  const scans: FileScan[] = [];
  const sources = new Map<string, LogSource & { digest: string }>();
  let done = 0;
  try {
    for (const source of found) {
      const { bytes, digest } = await readLogFile(source);
      const zone = options.zone === undefined ? {} : { zone: options.zone };
      scans.push(scanFile({ name: source.name, bytes }, { keys, ...zone }));
      sources.set(source.name, { ...source, digest });
      done += source.size;
      progress.update(done, total);
    }
  } finally {
    progress.end();
  }
  return { report: verifyScans(scans, keys), certificates, sources };
}

function rank(weak: string | undefined): number {
  return weak === undefined ? 0 : 1;
}
