import type { Command } from 'commander';
import { formatSerial } from '../../clients/certificate.ts';
import { readCertificates } from '../../clients/material.ts';
import { CliError } from '../../errors.ts';
import { exists, writeNew } from '../../files.ts';
import { parsePath } from '../../options.ts';
import type { EnrolledCertificate, Identity } from '../../pki/api-types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../pki/command.ts';
import { printEntries, printEntry, printMessage, type Field } from '../../pki/print.ts';
import { pathOf, readIdentity } from './ca-user.ts';

const ADD_HELP = `
--issue has the built-in authority make a key and a certificate: OUTPUT.p12 with both, OUTPUT.crt with the certificate.
The password of the .p12 goes to stdout alone, this once.

  countersign -n caadmin ca-user-cert-add jdoe --input jdoe.crt
  countersign -n caadmin ca-user-cert-add jdoe --issue --output jdoe > jdoe.p12.password
  countersign client-cert-import jdoe --pkcs12 jdoe.p12 --password-file jdoe.p12.password`;

interface AddOptions {
  readonly input?: string;
  readonly issue?: true;
  readonly output?: string;
}

interface Issued {
  readonly identity: Identity;
  /** PEM. */
  readonly certificate: string;
  /** Base64. */
  readonly pkcs12: string;
  readonly password: string;
}

/** The commands on the client certificates of users. */
export function registerCaUserCerts(program: Command): void {
  pkiCommand(program, 'ca-user-cert-find <user>', 'list the client certificates of a user').action(
    signedIn<unknown, [user: string]>(async ({ session, output }, user) => {
      const { certificates } = await readIdentity(session, user);
      if (output.json) output.printJson({ total: certificates.length, entries: certificates });
      else printEntries(output, certificates.map(fieldsOf));
    }),
  );
  pkiCommand(program, 'ca-user-cert-add <user>', 'let a user sign in with a client certificate')
    .option('--input <file>', 'the certificate, in PEM', parsePath)
    .option('--issue', 'have the built-in authority issue one')
    .option('--output <path>', 'with --issue: where to write PATH.p12 and PATH.crt', parsePath)
    .addHelpText('after', ADD_HELP)
    .action(signedIn<AddOptions, [user: string]>(addCertificate, checkAdd));
  pkiCommand(
    program,
    'ca-user-cert-del <user> <certificate>',
    'withdraw a client certificate, named by its SHA-256; one of the built-in authority is revoked, too',
  ).action(
    signedIn<unknown, [user: string, id: string]>(async ({ session, output }, user, id) => {
      const path = pathOf(user, 'certificates', id.replaceAll(':', '').toLowerCase());
      const identity = await session.json<Identity>('DELETE', path);
      if (output.json) output.printJson(identity);
      else printMessage(output.print, `Deleted certificate "${id}"`);
    }),
  );
}

function checkAdd({ input, issue, output }: AddOptions): void {
  if ((input === undefined) === (issue === undefined))
    throw new CliError('usage', 'expected either --input or --issue');
  if ((issue === undefined) !== (output === undefined))
    throw new CliError('usage', '--issue and --output go together');
}

async function addCertificate(run: PkiRun<AddOptions>, user: string): Promise<void> {
  const { input, output: base } = run.options;
  if (input !== undefined) await enroll(run, user, input);
  else await issue(run, user, base ?? '');
}

async function enroll(
  { session, output }: PkiRun<AddOptions>,
  user: string,
  file: string,
): Promise<void> {
  // The certificate alone: a key in the same file stays here.
  const [certificate] = await readCertificates('--input', file);
  const identity = await session.json<Identity>('POST', pathOf(user, 'certificates'), {
    body: { certificate: String(certificate) },
  });
  const id = certificate?.fingerprint256.replaceAll(':', '').toLowerCase() ?? '';
  if (output.json) output.printJson(identity);
  else printAdded(output.print, identity, id);
}

async function issue(
  { session, output }: PkiRun<AddOptions>,
  user: string,
  base: string,
): Promise<void> {
  const [bundle, certificate] = [`${base}.p12`, `${base}.crt`];
  // Before anything is issued: what cannot be written would be lost.
  for (const path of [bundle, certificate])
    if (await exists(path))
      throw new CliError(
        'file_exists',
        `--output: "${path}" exists already; name another path or remove it`,
      );
  const made = await session.json<Issued>('POST', pathOf(user, 'certificates'), {
    body: { issue: true },
  });
  await writeNew('--output', bundle, Buffer.from(made.pkcs12, 'base64'), { mode: 0o600 });
  await writeNew('--output', certificate, made.certificate);
  if (output.json) {
    output.printJson({ ...made, pkcs12: bundle, certificate });
    return;
  }
  const { X509Certificate } = await import('node:crypto');
  const { fingerprint256 } = new X509Certificate(made.certificate);
  printAdded(output.say, made.identity, fingerprint256.replaceAll(':', '').toLowerCase());
  output.say(`Stored key and certificate into ${bundle}, the certificate into ${certificate}`);
  output.say(`the password of ${bundle} is printed this once:`);
  output.print(made.password);
}

function printAdded(write: (line: string) => void, { certificates }: Identity, id: string): void {
  const added = certificates.find(({ fingerprint }) => fingerprint === id);
  printEntry(write, `Added certificate "${id}"`, added === undefined ? [] : fieldsOf(added));
}

function fieldsOf(certificate: EnrolledCertificate): Field[] {
  return [
    ['Cert ID', certificate.fingerprint],
    ['Serial Number', formatSerial(certificate.serial, 10)],
    ['Issuer', certificate.issuer],
    ['Subject', certificate.subject],
    ['Not valid after', certificate.validTo],
    ['Added', certificate.enrolledAt],
  ];
}
