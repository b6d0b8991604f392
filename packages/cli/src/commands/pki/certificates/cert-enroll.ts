import type { Command } from 'commander';
import { parseAssignments, parseSans } from '../../../pki/certificates/arguments.ts';
import {
  KEY_FILE_HELP,
  prepareKeyFile,
  withKeyFileOptions,
  writeKeyFile,
  type KeyFileOptions,
} from '../../../pki/certificates/files.ts';
import {
  certificateId,
  certificatePath,
  parseReference,
  REFERENCE_HELP,
} from '../../../pki/certificates/reference.ts';
import type { EnrolledWithKey, SubjectAltName } from '../../../pki/certificates/types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import { tellEnrolled } from './enrolled.ts';

const PFX_HELP = `${KEY_FILE_HELP}
Where the profile asks for approval nothing is written: ca-cert-request-collect fetches it afterwards.

  countersign -n operator cert-enroll-pfx --profile WebServer --subject CN=www.example.com \\
      --san dns:www.example.com --output www.p12 > www.p12.password`;

const RENEW_HELP = `${REFERENCE_HELP}
The new certificate has a new key, and the subject and names of the old one; stores that hold the old one get the new one.
${KEY_FILE_HELP.trim()}

  countersign -n operator cert-renew 17 --output www-2027.p12 --password-output www-2027.p12.password`;

interface EnrollOptions extends KeyFileOptions {
  readonly profile: string;
  readonly subject: string;
  readonly san?: readonly SubjectAltName[];
  readonly keyAlgorithm?: string;
  readonly issuer?: string;
  readonly friendlyName?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly renews?: string;
}

/** Certificates whose key the server makes. */
export function registerCertEnroll(program: Command): void {
  withKeyFileOptions(
    pkiCommand(
      program,
      'cert-enroll-pfx',
      'request a certificate with a key that the server makes, as PKCS#12',
    ),
  )
    .requiredOption('--profile <profile>', 'profile to issue it by')
    .requiredOption(
      '--subject <dn>',
      'subject, most specific part first: CN=www.example.com,O=Example',
    )
    .option('--san <type:value>', 'alternative name; may be repeated', parseSans)
    .option('--key-algorithm <name>', "RSA-3072, P-256, Ed25519 … (default: the profile's)")
    .option('--issuer <authority>', "authority to issue it, by its name (default: the profile's)")
    .option('--friendly-name <name>', 'name of the key in the PKCS#12 file')
    .option(
      '--metadata <name=value>',
      'metadata of the certificate; may be repeated',
      parseAssignments,
    )
    .option('--renews <certificate>', 'certificate that this one is to replace')
    .addHelpText('after', PFX_HELP)
    .action(signedIn<EnrollOptions>(enroll));

  withKeyFileOptions(
    pkiCommand(program, 'cert-renew <certificate>', 'renew a certificate, with a new key'),
  )
    .addHelpText('after', RENEW_HELP)
    .action(
      signedIn<KeyFileOptions, [certificate: string]>(
        renew,
        (_, text) => void parseReference(text),
      ),
    );
}

async function enroll({ session, output, options }: PkiRun<EnrollOptions>): Promise<void> {
  const { profile, subject, san, keyAlgorithm, issuer, friendlyName, metadata, renews } = options;
  const password = await prepareKeyFile(options);
  const enrolled = await session.json<EnrolledWithKey>('POST', '/api/v1/enrollment/pfx', {
    body: {
      template: profile,
      subject,
      sans: san,
      keyAlgorithm,
      authority: issuer,
      password,
      friendlyName,
      metadata,
      renews: renews === undefined ? undefined : await certificateId(session, renews),
    },
  });
  await store({ session, output, options }, enrolled, password);
}

async function renew(run: PkiRun<KeyFileOptions>, text: string): Promise<void> {
  const { session, options } = run;
  const password = await prepareKeyFile(options);
  const id = await certificateId(session, text);
  const renewed = await session.json<EnrolledWithKey>('POST', certificatePath(id, 'renew'), {
    body: { password },
  });
  await store(run, renewed, password);
}

async function store(
  { output, options }: PkiRun<KeyFileOptions>,
  enrolled: EnrolledWithKey,
  given: string | undefined,
): Promise<void> {
  const { pkcs12, password, ...rest } = enrolled;
  const { replacements = [] } = enrolled;
  const talk = (write: (line: string) => void): void => {
    tellEnrolled(write, enrolled);
    for (const id of replacements) write(`Scheduled its replacement in store ${id}`);
  };
  if (pkcs12 === null) {
    if (output.json) output.printJson(rest);
    else talk(output.print);
    return;
  }
  const made = { content: pkcs12, password: given === undefined ? password : null };
  await writeKeyFile(output, options, made, rest, talk);
}
