import { writeNew } from '../../../files.ts';
import type { Output } from '../../../output.ts';
import { detailOf } from '../../../pki/certificates/print.ts';
import type { Enrolled } from '../../../pki/certificates/types.ts';
import { printEntry, printMessage } from '../../../pki/print.ts';

/** Writes what was issued, with its chain, in PEM; the file's name, or null when there was nothing to write. */
export async function storeCertificate(
  { certificate }: Enrolled,
  path: string | undefined,
): Promise<string | null> {
  if (path === undefined || certificate === null) return null;
  await writeNew('--output', path, withChain(certificate));
  return path;
}

function withChain({ pem, chain }: { readonly pem: string; readonly chain: string }): string {
  const first = `${pem.trim()}\n`;
  const rest = chain.trim();
  // The chain may begin with the certificate itself.
  if (rest.startsWith(pem.trim())) return `${rest}\n`;
  return rest === '' ? first : `${first}${rest}\n`;
}

/** What an enrollment came to. */
export function printEnrolled(output: Output, enrolled: Enrolled, stored: string | null): void {
  if (output.json) {
    output.printJson({ ...enrolled, ...(stored !== null && { file: stored }) });
    return;
  }
  tellEnrolled(output.print, enrolled);
  if (stored !== null) output.print(`Stored the certificate into ${stored}`);
}

/** The same for commands whose stdout may be a password's. */
export function tellEnrolled(
  write: (line: string) => void,
  { disposition, request, certificate }: Enrolled,
): void {
  if (certificate !== null) {
    printEntry(write, `Issued certificate "0x${certificate.serial}"`, [
      ['Request ID', request],
      ['Request Status', 'complete'],
      ...detailOf(certificate),
    ]);
    return;
  }
  printMessage(write, 'Submitted certificate request');
  write(`  Request ID: ${request ?? ''}`);
  write(`  Request Status: ${disposition}`);
}
