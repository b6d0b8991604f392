import { Option, type Command } from 'commander';
import { CliError } from '../../../errors.ts';
import { parsePath } from '../../../options.ts';
import {
  KEY_FILE_HELP,
  prepareKeyFile,
  refuseExisting,
  withKeyFileOptions,
  writeKeyFile,
  writeResult,
  type KeyFileOptions,
} from '../../../pki/certificates/files.ts';
import {
  certificateId,
  certificatePath,
  parseReference,
  REFERENCE_HELP,
} from '../../../pki/certificates/reference.ts';
import type { MadeFile } from '../../../pki/certificates/types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import { printMessage } from '../../../pki/print.ts';

const EXPORT_HELP = `${REFERENCE_HELP}
Without --output the certificate goes to stdout.

  countersign -n operator ca-cert-export 17 --chain > www.pem
  countersign -n operator ca-cert-export 0x1f2e3d4c5b6a7988 --format p7b --chain --output www.p7b`;

const KEY_HELP = `${REFERENCE_HELP}
${KEY_FILE_HELP.trim()}

  countersign -n operator cert-export-key 17 --output www.p12 > www.p12.password
  countersign -n operator cert-export-key 17 --format pem --output www.pem --password-output www.pem.password`;

const RECOVER_HELP = `${REFERENCE_HELP}
The key is one that its profile had archived. ${KEY_FILE_HELP.trim()}

  countersign -n operator cert-recover 17 --output jane.p12 > jane.p12.password`;

interface ExportOptions {
  readonly format: 'pem' | 'der' | 'p7b';
  readonly chain?: true;
  readonly output?: string;
  readonly force?: true;
}

interface KeyOptions extends KeyFileOptions {
  readonly format: 'pfx' | 'pem';
  readonly chain: boolean;
}

/** Taking certificates out: alone, and with the key that the server keeps. */
export function registerCaCertExport(program: Command): void {
  pkiCommand(program, 'ca-cert-export <certificate>', 'download a certificate')
    .addOption(
      new Option('--format <format>', 'of the file').choices(['pem', 'der', 'p7b']).default('pem'),
    )
    .option('--chain', 'with the certificates of its authorities')
    .option('--output <file>', 'file to write it into', parsePath)
    .option('--force', 'replace a file that is there')
    .addHelpText('after', EXPORT_HELP)
    .action(signedIn<ExportOptions, [certificate: string]>(exportCertificate, checkExport));

  withKeyFileOptions(
    pkiCommand(
      program,
      'cert-export-key <certificate>',
      'download a certificate with the private key that the server keeps',
    ),
  )
    .addOption(
      new Option('--format <format>', 'of the file').choices(['pfx', 'pem']).default('pfx'),
    )
    .option('--no-chain', 'without the certificates of its authorities')
    .addHelpText('after', KEY_HELP)
    .action(
      signedIn<KeyOptions, [certificate: string]>(
        (run, text) => {
          const { format, chain } = run.options;
          return takeOut(run, text, 'download-with-key', { format, chain });
        },
        (_, text) => void parseReference(text),
      ),
    );

  withKeyFileOptions(
    pkiCommand(
      program,
      'cert-recover <certificate>',
      'recover a certificate with its archived private key, as PKCS#12',
    ),
  )
    .addHelpText('after', RECOVER_HELP)
    .action(
      signedIn<KeyFileOptions, [certificate: string]>(
        (run, text) => takeOut(run, text, 'recover', {}),
        (_, text) => void parseReference(text),
      ),
    );
}

function checkExport({ format, chain }: ExportOptions, text: string): void {
  parseReference(text);
  if (format === 'der' && chain)
    throw new CliError('usage', '--format der holds one certificate: --chain needs pem or p7b');
}

async function exportCertificate(
  { session, output, options }: PkiRun<ExportOptions>,
  text: string,
): Promise<void> {
  const { format, chain, output: path } = options;
  const force = options.force === true;
  if (path !== undefined && !force) await refuseExisting('--output', path);
  const id = await certificateId(session, text);
  const { body } = await session.send('GET', certificatePath(id, 'download'), {
    query: { format, chain: chain ? 'true' : 'false' },
  });
  await writeResult(output, path, body, { binary: format !== 'pem', force });
  if (path === undefined) return;
  if (output.json) output.printJson({ id, file: path, size: body.length });
  else printMessage(output.print, `Stored certificate "${text}" into ${path}`);
}

async function takeOut(
  { session, output, options }: PkiRun<KeyFileOptions>,
  text: string,
  how: 'download-with-key' | 'recover',
  order: { readonly format?: string; readonly chain?: boolean },
): Promise<void> {
  const password = await prepareKeyFile(options);
  const id = await certificateId(session, text);
  const { content, ...made } = await session.json<MadeFile>('POST', certificatePath(id, how), {
    body: { ...order, password },
  });
  await writeKeyFile(
    output,
    options,
    { content, password: password === undefined ? made.password : null },
    { id },
    (write) => printMessage(write, `Certificate "${text}" with its private key`),
  );
}
