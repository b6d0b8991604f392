import type { Command } from 'commander';
import { Option } from 'commander';
import { CliError } from '../../../errors.ts';
import { parsePath, wholeNumber } from '../../../options.ts';
import { parseAssignments, parseSans } from '../../../pki/certificates/arguments.ts';
import {
  KEY_FILE_HELP,
  prepareKeyFile,
  readFileOrStdin,
  refuseExisting,
  withKeyFileOptions,
  writeKeyFile,
  type KeyFileOptions,
} from '../../../pki/certificates/files.ts';
import { requestFields, showAll, showOne } from '../../../pki/certificates/print.ts';
import { certificateId } from '../../../pki/certificates/reference.ts';
import type {
  CertificateRequest,
  Enrolled,
  SubjectAltName,
} from '../../../pki/certificates/types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import { printMessage } from '../../../pki/print.ts';
import { printEnrolled, storeCertificate } from './enrolled.ts';

const REQUESTS = '/api/v1/requests';

const SUBMIT_HELP = `
CSR is a PKCS#10 request in PEM or DER; - reads it from stdin. Where the profile asks for approval, the request waits and
its ID is printed; otherwise the certificate is issued and, with --output, written with its chain.

  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout www.key -subj /CN=www.example.com -out www.csr
  countersign -n operator ca-cert-request-submit www.csr --profile WebServer --san dns:www.example.com --output www.crt`;

const APPROVE_HELP = `
  countersign -n operator ca-cert-request-find --status pending
  countersign -n operator ca-cert-request-approve 7 --comment 'checked with the owner'`;

interface SubmitOptions {
  readonly profile: string;
  readonly issuer?: string;
  readonly san?: readonly SubjectAltName[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly comment?: string;
  readonly renews?: string;
  readonly output?: string;
}

const requestNumber = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** Requests for certificates: by a CSR made elsewhere, and what becomes of them. */
export function registerCaCertRequests(program: Command): void {
  pkiCommand(program, 'ca-cert-request-submit <csr>', 'request a certificate with a CSR')
    .requiredOption('--profile <profile>', 'profile to issue it by')
    .option('--issuer <authority>', "authority to issue it, by its name (default: the profile's)")
    .option(
      '--san <type:value>',
      'alternative name, in place of those of the CSR; may be repeated',
      parseSans,
    )
    .option(
      '--metadata <name=value>',
      'metadata of the certificate; may be repeated',
      parseAssignments,
    )
    .option('--comment <text>', 'for who approves it')
    .option('--renews <certificate>', 'certificate that this one is to replace')
    .option(
      '--output <file>',
      'file to write the certificate and its chain into, in PEM',
      parsePath,
    )
    .addHelpText('after', SUBMIT_HELP)
    .action(signedIn<SubmitOptions, [csr: string]>(submit));

  pkiCommand(program, 'ca-cert-request-find', 'list the requests for certificates')
    .addOption(
      new Option('--status <status>', 'only these').choices(['pending', 'issued', 'denied']),
    )
    .action(signedIn<{ status?: string }>(find));

  pkiCommand(program, 'ca-cert-request-show', 'show a request')
    .argument('<request>', 'its number', requestNumber)
    .action(
      signedIn<unknown, [request: number]>(async ({ session, output }, id) => {
        const request = await session.json<CertificateRequest>('GET', `${REQUESTS}/${id}`);
        showOne(output, `Certificate request "${id}"`, request, requestFields);
      }),
    );

  pkiCommand(program, 'ca-cert-request-approve', 'approve a request: the certificate is issued')
    .argument('<request>', 'its number', requestNumber)
    .option('--comment <text>', 'why')
    .addHelpText('after', APPROVE_HELP)
    .action(
      signedIn<{ comment?: string }, [request: number]>((run, id) =>
        decide(run, id, 'approve', 'Approved'),
      ),
    );

  pkiCommand(program, 'ca-cert-request-reject', 'reject a request')
    .argument('<request>', 'its number', requestNumber)
    .requiredOption('--comment <text>', 'why')
    .action(
      signedIn<{ comment: string }, [request: number]>((run, id) =>
        decide(run, id, 'deny', 'Rejected'),
      ),
    );

  withKeyFileOptions(
    pkiCommand(
      program,
      'ca-cert-request-collect',
      'fetch key and certificate of an approved request whose key the server made',
    ).argument('<request>', 'its number', requestNumber),
  )
    .addHelpText('after', KEY_FILE_HELP)
    .action(signedIn<KeyFileOptions, [request: number]>(collect));
}

async function find({ session, output, options }: PkiRun<{ status?: string }>): Promise<void> {
  const requests: CertificateRequest[] = [];
  let after: string | undefined;
  do {
    const page: { requests: CertificateRequest[]; next: string | null } = await session.json(
      'GET',
      REQUESTS,
      { query: { state: options.status, after, limit: 500 } },
    );
    requests.push(...page.requests);
    after = page.next ?? undefined;
  } while (after !== undefined);
  showAll(output, requests, requestFields);
}

async function submit(
  { session, output, options }: PkiRun<SubmitOptions>,
  file: string,
): Promise<void> {
  const { profile, issuer, san, metadata, comment, renews, output: path } = options;
  if (path !== undefined) await refuseExisting('--output', path);
  const csr = csrText(await readFileOrStdin('CSR', file));
  if (csr === '')
    throw new CliError('usage', `CSR "${file}": expected a PKCS#10 request, got nothing`);
  const enrolled = await session.json<Enrolled>('POST', '/api/v1/enrollment/csr', {
    body: {
      csr,
      template: profile,
      authority: issuer,
      sans: san,
      metadata,
      comment,
      renews: renews === undefined ? undefined : await certificateId(session, renews),
    },
  });
  const stored = await storeCertificate(enrolled, path);
  printEnrolled(output, enrolled, stored);
}

/** PEM as it is, DER as PEM. */
function csrText(bytes: Buffer): string {
  if (bytes[0] !== 0x30) return bytes.toString('utf8').trim();
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [
    '-----BEGIN CERTIFICATE REQUEST-----',
    ...lines,
    '-----END CERTIFICATE REQUEST-----',
    '',
  ].join('\n');
}

async function decide(
  { session, output, options }: PkiRun<{ comment?: string }>,
  id: number,
  verb: 'approve' | 'deny',
  done: string,
): Promise<void> {
  const request = await session.json<CertificateRequest>('POST', `${REQUESTS}/${id}/${verb}`, {
    body: { comment: options.comment },
  });
  showOne(output, `${done} certificate request ${id}`, request, requestFields);
}

async function collect(
  { session, output, options }: PkiRun<KeyFileOptions>,
  id: number,
): Promise<void> {
  const password = await prepareKeyFile(options);
  const made = await session.json<{ pkcs12: string; password: string | null }>(
    'POST',
    `${REQUESTS}/${id}/pkcs12`,
    { body: { password } },
  );
  await writeKeyFile(
    output,
    options,
    { content: made.pkcs12, password: password === undefined ? made.password : null },
    { request: id },
    (write) => printMessage(write, `Collected the certificate of request ${id}`),
  );
}
