import type { Command } from 'commander';
import { parsePath, wholeNumber } from '../../../options.ts';
import { parseSans } from '../../../pki/certificates/arguments.ts';
import { refuseExisting, writeResult } from '../../../pki/certificates/files.ts';
import { showAll } from '../../../pki/certificates/print.ts';
import type { SigningRequest, SubjectAltName } from '../../../pki/certificates/types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import { printEntry, printMessage, type Field } from '../../../pki/print.ts';

const CSRS = '/api/v1/csrs';

const HELP = `
The private key stays with the server, encrypted, and joins the certificate when that comes back (cert-import, or
ca-cert-request-submit with this CSR). The CSR goes to stdout, or into --output.

  countersign -n operator csr-generate --subject CN=www.example.com --san dns:www.example.com > www.csr
  countersign -n operator cert-import www.crt`;

interface GenerateOptions {
  readonly subject: string;
  readonly san?: readonly SubjectAltName[];
  readonly keyAlgorithm?: string;
  readonly profile?: string;
  readonly output?: string;
}

const number = wholeNumber(1, Number.MAX_SAFE_INTEGER);
const numbers = (text: string, before?: readonly number[]): number[] => [
  ...(before ?? []),
  number(text),
];

/** CSRs made here for certificates that others issue; their keys wait here. */
export function registerCsrs(program: Command): void {
  pkiCommand(program, 'csr-generate', 'have the server make a key and a CSR')
    .requiredOption(
      '--subject <dn>',
      'subject, most specific part first: CN=www.example.com,O=Example',
    )
    .option('--san <type:value>', 'alternative name; may be repeated', parseSans)
    .option('--key-algorithm <name>', "RSA-3072, P-256, Ed25519 … (default: the profile's)")
    .option('--profile <profile>', 'profile whose rules it is to follow')
    .option('--output <file>', 'file to write the CSR into', parsePath)
    .addHelpText('after', HELP)
    .action(signedIn<GenerateOptions>(generate));

  pkiCommand(program, 'csr-find', 'list the CSRs whose certificates have not come yet').action(
    signedIn<unknown>(async ({ session, output }) => {
      const { csrs } = await session.json<{ csrs: SigningRequest[] }>('GET', CSRS);
      showAll(output, csrs, fieldsOf);
    }),
  );

  pkiCommand(program, 'csr-export', 'download a CSR again')
    .argument('<csr>', 'its number', number)
    .option('--output <file>', 'file to write the CSR into', parsePath)
    .action(
      signedIn<{ output?: string }, [csr: number]>(async ({ session, output, options }, id) => {
        const { output: path } = options;
        if (path !== undefined) await refuseExisting('--output', path);
        const { body } = await session.send('GET', `${CSRS}/${id}/download`);
        await writeResult(output, path, body, { binary: false, force: false });
        if (path === undefined) return;
        if (output.json) output.printJson({ id, file: path });
        else printMessage(output.print, `Stored CSR ${id} into ${path}`);
      }),
    );

  pkiCommand(program, 'csr-del', 'delete CSRs and their private keys')
    .argument('<csrs...>', 'their numbers', numbers)
    .action(
      signedIn<unknown, [csrs: number[]]>(async ({ session, output }, ids) => {
        for (const id of ids) await session.send('DELETE', `${CSRS}/${id}`);
        if (output.json) output.printJson({ deleted: ids });
        else printMessage(output.print, `Deleted ${ids.length} CSR(s)`);
      }),
    );
}

async function generate({ session, output, options }: PkiRun<GenerateOptions>): Promise<void> {
  const { subject, san, keyAlgorithm, profile, output: path } = options;
  if (path !== undefined) await refuseExisting('--output', path);
  const made = await session.json<SigningRequest & { csr: string }>('POST', CSRS, {
    body: { subject, sans: san, keyAlgorithm, template: profile },
  });
  if (path !== undefined)
    await writeResult(output, path, Buffer.from(made.csr), { binary: false, force: false });
  if (output.json) {
    output.printJson({ ...made, ...(path !== undefined && { file: path }) });
    return;
  }
  // Without a file, stdout is the CSR's alone.
  printEntry(
    path === undefined ? output.say : output.print,
    `Generated CSR ${made.id}`,
    fieldsOf(made),
  );
  if (path === undefined) output.print(made.csr.trim());
  else output.print(`Stored CSR ${made.id} into ${path}`);
}

function fieldsOf(csr: SigningRequest): Field[] {
  return [
    ['CSR ID', csr.id],
    ['Subject DN', csr.subject],
    ['Key Algorithm', csr.keyAlgorithm],
    ['Profile', csr.template],
    ['Created', csr.createdAt],
    ['Created By', csr.createdBy],
  ];
}
