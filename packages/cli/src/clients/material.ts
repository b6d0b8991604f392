import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { CliError } from '../errors.ts';
import { readInput } from '../files.ts';
import { readSecret } from '../password.ts';
import { formatDn, parseCertificates } from './certificate.ts';
import type { Importable } from './store.ts';

/** The password of a PKCS#12 file or of an encrypted key. */
export const PKCS12_PASSWORD = 'COUNTERSIGN_PKCS12_PASSWORD';

/**
 * Reads key, certificate and authorities out of a PKCS#12 file.
 *
 * @throws CliError `certificate_invalid`, `password_wrong`, `file_unreadable`, `usage`
 */
export async function readPkcs12File(path: string, passwordFile?: string): Promise<Importable> {
  const bytes = await readInput('--pkcs12', path);
  const password = await readSecret({
    what: `--pkcs12 "${path}"`,
    variable: PKCS12_PASSWORD,
    question: `password of ${path}: `,
    ...(passwordFile !== undefined && { file: passwordFile }),
  });
  // Only here: reading PKCS#12 takes more code than all the rest of a command.
  const { readPkcs12, Pkcs12Error } = await import('@countersign/server/pkcs12');
  try {
    const { key, certificate, authorities } = await readPkcs12(bytes, password);
    return { key, certificate, chain: authorities };
  } catch (error) {
    if (!(error instanceof Pkcs12Error)) throw error;
    const wrong = error.code === 'wrong_password';
    throw new CliError(
      wrong ? 'password_wrong' : 'certificate_invalid',
      `--pkcs12 "${path}": ${error.message}`,
      { cause: error, details: { path } },
    );
  }
}

/**
 * Reads key, certificate and authorities out of PEM files; without `keyPath` the key is beside the certificate.
 *
 * @throws CliError `certificate_invalid`, `password_wrong`, `file_unreadable`, `usage`
 */
export async function readPemFiles(
  certPath: string,
  keyPath?: string,
  passwordFile?: string,
): Promise<Importable> {
  const certificates = await readCertificates('--cert', certPath);
  const keyText =
    keyPath === undefined
      ? await readText('--cert', certPath)
      : await readText('--key', keyPath, 'a private key in PEM');
  const where = keyPath === undefined ? `--cert "${certPath}"` : `--key "${keyPath}"`;
  const key = await parseKey(where, keyText, passwordFile);
  const certificate = certificates.find((candidate) => candidate.checkPrivateKey(key));
  if (certificate === undefined) {
    throw new CliError(
      'certificate_invalid',
      `${where}: expected the key of ${formatDn(certificates[0]?.subject ?? '')}, got another key`,
    );
  }
  return { key, certificate, chain: certificates.filter((other) => other !== certificate) };
}

/** The certificates of a PEM file, one at least. */
export async function readCertificates(what: string, path: string): Promise<X509Certificate[]> {
  const text = await readText(what, path);
  let certificates: X509Certificate[] = [];
  try {
    certificates = parseCertificates(text);
  } catch (error) {
    throw new CliError(
      'certificate_invalid',
      `${what} "${path}": expected X.509 certificates, got a faulty one`,
      { cause: error, details: { path } },
    );
  }
  if (certificates.length > 0) return certificates;
  throw new CliError(
    'certificate_invalid',
    `${what} "${path}": expected an X.509 certificate in PEM, got none`,
    { details: { path } },
  );
}

async function readText(
  what: string,
  path: string,
  expected = 'a certificate in PEM',
): Promise<string> {
  const text = Buffer.from(await readInput(what, path)).toString('utf8');
  if (text.includes('-----BEGIN ')) return text;
  throw new CliError(
    'certificate_invalid',
    `${what} "${path}": expected ${expected}, got something else`,
    {
      details: { path },
    },
  );
}

async function parseKey(where: string, text: string, passwordFile?: string): Promise<KeyObject> {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    throw new CliError(
      'certificate_invalid',
      `${where}: expected a private key in PEM, got none; --key names its file`,
    );
  }
  const encrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text);
  const passphrase = encrypted
    ? await readSecret({
        what: where,
        variable: PKCS12_PASSWORD,
        question: `password of ${where}: `,
        ...(passwordFile !== undefined && { file: passwordFile }),
      })
    : undefined;
  try {
    return createPrivateKey({ key: text, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    // The cause may repeat what was read: only the kind of fault is told.
    throw encrypted
      ? new CliError('password_wrong', `${where}: the password is not the one of the key`)
      : new CliError('certificate_invalid', `${where}: expected a private key, got a faulty one`);
  }
}
