import type { Command } from 'commander';
import { CliError } from '../../../errors.ts';
import { parsePath } from '../../../options.ts';
import { readPasswordFile } from '../../../password.ts';
import { parseAssignments } from '../../../pki/certificates/arguments.ts';
import { readFileOrStdin } from '../../../pki/certificates/files.ts';
import { changeAll, matching } from '../../../pki/certificates/many.ts';
import { detailOf, showAll, showOne } from '../../../pki/certificates/print.ts';
import {
  certificateId,
  certificateIds,
  certificatePath,
  CERTIFICATES,
  parseReference,
  REFERENCE_HELP,
} from '../../../pki/certificates/reference.ts';
import type { Certificate, CertificateDetail } from '../../../pki/certificates/types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import { printMessage } from '../../../pki/print.ts';

const IMPORT_HELP = `
FILE holds certificates as PEM, DER, P7B or PKCS#12, - reads it from stdin. A private key in it is kept, encrypted; one
that waits here since csr-generate joins its certificate.

  countersign -n operator cert-import www.crt
  countersign -n operator cert-import www.p12 --password-file www.p12.password --metadata Owner=ops`;

const METADATA_HELP = `${REFERENCE_HELP}
NAME= takes a value away. With --query every certificate that matches is changed.

  countersign -n operator cert-metadata-set 17 --metadata Owner=ops --metadata Ticket=
  countersign -n operator cert-metadata-set --query 'CN -contains "www"' --metadata Owner=web --overwrite`;

const DELETE_HELP = `${REFERENCE_HELP}
What was revoked stays on the revocation lists, and everything stays in the log.

  countersign -n operator cert-delete 17 18`;

interface Imported {
  readonly imported: readonly { readonly id: number; readonly status: string }[];
}

interface MetadataOptions {
  readonly query?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly overwrite?: true;
}

/** Bringing certificates in, describing them, and deleting them. */
export function registerCertManage(program: Command): void {
  pkiCommand(program, 'cert-import <file>', 'bring certificates in that were issued elsewhere')
    .option('--password-file <file>', 'its first line is the password of a PKCS#12 file', parsePath)
    .option(
      '--metadata <name=value>',
      'metadata of the certificates; may be repeated',
      parseAssignments,
    )
    .addHelpText('after', IMPORT_HELP)
    .action(signedIn<ImportOptions, [file: string]>(importFile));

  pkiCommand(
    program,
    'cert-metadata-set [certificate]',
    'set metadata of a certificate, or of all that match',
  )
    .requiredOption(
      '--metadata <name=value>',
      'a field and its value; may be repeated',
      parseAssignments,
    )
    .option('--query <query>', 'every certificate that matches')
    .option('--overwrite', 'with --query: also where there is a value already')
    .addHelpText('after', METADATA_HELP)
    .action(signedIn<MetadataOptions, [certificate?: string]>(setMetadata, checkMetadata));

  pkiCommand(
    program,
    'cert-owner-set <certificate> [role]',
    'say which role owns a certificate, or none',
  )
    .addHelpText('after', REFERENCE_HELP)
    .action(
      signedIn<unknown, [certificate: string, role?: string]>(
        async ({ session, output }, text, role) => {
          const path = certificatePath(await certificateId(session, text), 'owner');
          const owned = await session.json<Certificate>('PUT', path, {
            body: { role: role ?? null },
          });
          showOne(output, `Owner of certificate "${text}": ${role ?? 'nobody'}`, owned, detailOf);
        },
        (_, text) => void parseReference(text),
      ),
    );

  pkiCommand(program, 'cert-delete <certificates...>', 'delete certificates')
    .addHelpText('after', DELETE_HELP)
    .action(
      signedIn<unknown, [certificates: string[]]>(
        async (run, certificates) =>
          changeAll(run, await certificateIds(run.session, certificates), {
            path: 'delete',
            body: {},
            verb: 'Deleted',
          }),
        (_, certificates) => certificates.forEach(parseReference),
      ),
    );

  pkiCommand(program, 'cert-key-del <certificate>', 'delete the private key that the server keeps')
    .addHelpText('after', REFERENCE_HELP)
    .action(
      signedIn<unknown, [certificate: string]>(
        async ({ session, output }, text) => {
          const id = await certificateId(session, text);
          await session.send('DELETE', certificatePath(id, 'private-key'));
          if (output.json) output.printJson({ id, privateKey: 'deleted' });
          else printMessage(output.print, `Deleted the private key of certificate "${text}"`);
        },
        (_, text) => void parseReference(text),
      ),
    );
}

interface ImportOptions {
  readonly passwordFile?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

async function importFile(
  { session, output, options }: PkiRun<ImportOptions>,
  file: string,
): Promise<void> {
  const { passwordFile, metadata } = options;
  const bytes = await readFileOrStdin('FILE', file);
  const pem = bytes.includes('-----BEGIN ');
  const content = bytes.toString(pem ? 'utf8' : 'base64');
  if (content === '')
    throw new CliError('usage', `FILE "${file}": expected certificates, got nothing`);
  const password = passwordFile === undefined ? undefined : await readPasswordFile(passwordFile);
  const { imported } = await session.json<Imported>('POST', `${CERTIFICATES}/import`, {
    body: { content, password, metadata },
  });
  showAll(output, imported, ({ id, status }) => [
    ['Cert ID', id],
    ['Status', status],
  ]);
}

function checkMetadata({ query, overwrite }: MetadataOptions, certificate?: string): void {
  if ((query === undefined) === (certificate === undefined))
    throw new CliError('usage', 'expected either a certificate or --query');
  if (overwrite && query === undefined)
    throw new CliError(
      'usage',
      '--overwrite goes with --query: a certificate that is named is meant',
    );
  if (certificate !== undefined) parseReference(certificate);
}

async function setMetadata(run: PkiRun<MetadataOptions>, text?: string): Promise<void> {
  const { session, output, options } = run;
  const metadata = Object.fromEntries(
    Object.entries(options.metadata).map(([name, value]) => [name, value === '' ? null : value]),
  );
  if (text !== undefined) {
    const path = certificatePath(await certificateId(session, text), 'metadata');
    const certificate = await session.json<CertificateDetail>('PATCH', path, {
      body: { metadata },
    });
    showOne(output, `Modified metadata of certificate "${text}"`, certificate, detailOf);
    return;
  }
  const { query = '', overwrite = false } = options;
  await changeAll(run, await matching(session, query, { current: false }), {
    path: 'metadata',
    body: { metadata, overwrite },
    verb: 'Modified metadata',
  });
}
