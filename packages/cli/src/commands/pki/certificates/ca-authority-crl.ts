import type { Command } from 'commander';
import { parsePath } from '../../../options.ts';
import { refuseExisting, writeResult } from '../../../pki/certificates/files.ts';
import type { Authority, RevocationList } from '../../../pki/certificates/types.ts';
import { signedIn, type PkiRun } from '../../../pki/command.ts';
import { printMessage } from '../../../pki/print.ts';
import { one, pathOf } from './ca-authority.ts';

const CRL_HELP = `
Revocation lists are made by themselves; --make makes one now. The list goes to stdout as DER, or into --output.

  countersign -n operator ca-authority-crl 'Example TLS' --make --output example.crl
  openssl crl -inform DER -in example.crl -noout -text`;

interface CrlOptions {
  readonly delta?: true;
  readonly make?: true;
  readonly output?: string;
  readonly force?: true;
}

/** Fetching and making revocation lists. */
export function registerCaAuthorityCrl(program: Command): void {
  one(program, 'ca-authority-crl', 'download the revocation list of an authority, or make one')
    .option('--delta', 'the delta list')
    .option('--make', 'make a new one first')
    .option('--output <file>', 'file to write it into', parsePath)
    .option('--force', 'replace a file that is there')
    .addHelpText('after', CRL_HELP)
    .action(signedIn<CrlOptions, [authority: string]>(fetchList));
}

async function fetchList(
  { session, output, options }: PkiRun<CrlOptions>,
  name: string,
): Promise<void> {
  const { delta, make, output: path } = options;
  const force = options.force === true;
  const kind = delta ? 'delta' : 'full';
  if (path !== undefined && !force) await refuseExisting('--output', path);
  // The list is public: it lies where certificates say it lies.
  const { id } = await session.json<Authority>('GET', pathOf(name));
  const made = make
    ? await session.json<RevocationList>('POST', `${pathOf(id)}/crl`, { body: { kind } })
    : null;
  const { body } = await session.send('GET', `/pki/${encodeURIComponent(id)}/${kind}.crl`);
  await writeResult(output, path, body, { binary: true, force });
  if (path === undefined) return;
  if (output.json) {
    output.printJson({ ...made, file: path, size: body.length });
    return;
  }
  if (made !== null)
    output.print(`Made ${kind} list ${made.number} with ${made.entries} certificate(s)`);
  printMessage(output.print, `Stored the ${kind} list of "${name}" into ${path}`);
}
