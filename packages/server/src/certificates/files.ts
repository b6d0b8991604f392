import type { KeyObject } from 'node:crypto';
import { formatP7b, formatPemChain, formatPkcs12, formatPrivateKey } from '../ca/containers.ts';
import { checkNewPassword } from '../accounts/password-rules.ts';
import { generatePassword } from '../accounts/passwords.ts';
import { faultyField, ServerError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import { readDer, type Certificate } from './certificate-view.ts';
import { keyOfCertificate } from './insert-certificate.ts';
import { openKey } from './keys.ts';

export const DOWNLOAD_FORMATS = ['pem', 'der', 'p7b'] as const;
export type DownloadFormat = (typeof DOWNLOAD_FORMATS)[number];
export const KEY_FORMATS = ['pfx', 'pem'] as const;
export type KeyFormat = (typeof KEY_FORMATS)[number];

/** For passwords of 100 random bits: nobody guesses those, however fast he tries. */
const ROUNDS_FOR_RANDOM = 2_048;

/** A file with a certificate. */
export interface CertificateFile {
  readonly content: Buffer;
  readonly fileName: string;
  readonly mediaType: string;
}

/** A file with a private key; the password to tell, once, where it was made up. */
export interface KeyFile extends CertificateFile {
  readonly password: string | null;
}

/** The certificates above one of ours, its issuer first; of others none are known. DER. */
export async function chainAbove(
  { authorities, state }: Pick<Platform, 'authorities' | 'state'>,
  { authority }: Pick<Certificate, 'authority'>,
): Promise<Buffer[]> {
  if (authority === null) return [];
  return (await authorities.chain(state.db, authority.id)).map(({ der }) => der);
}

/** A certificate as a file. Throws `request_invalid` for DER with a chain, which has no place for it. */
export async function certificateFile(
  platform: Platform,
  certificate: Certificate,
  { format, chain }: { format: DownloadFormat; chain: boolean },
): Promise<CertificateFile> {
  const own = await readDer(platform.state.db, certificate.id);
  const all = chain ? [own, ...(await chainAbove(platform, certificate))] : [own];
  const fileName = `${plainName(certificate)}.${format}`;
  switch (format) {
    case 'pem':
      return {
        content: Buffer.from(formatPemChain(all)),
        fileName,
        mediaType: 'application/x-pem-file',
      };
    case 'p7b':
      return { content: formatP7b(all), fileName, mediaType: 'application/x-pkcs7-certificates' };
    case 'der':
      if (chain) throw faultyField('chain', 'false: DER holds one certificate', 'true');
      return { content: own, fileName, mediaType: 'application/pkix-cert' };
  }
}

/** The password that was given, when it will do, or one that is made up. Throws `request_invalid`. */
export function choosePassword(
  { settings }: Pick<Platform, 'settings'>,
  given: string | undefined,
): { password: string; madeUp: boolean } {
  if (given === undefined) return { password: generatePassword(), madeUp: true };
  const fault = checkNewPassword(given, settings.get('enrollment.pkcs12PasswordLength'));
  if (fault !== null) throw faultyField('password', fault.expected, fault.got);
  if (new Set(given).size < 4)
    throw faultyField('password', 'at least 4 different characters', `${new Set(given).size}`);
  return { password: given, madeUp: false };
}

/** A certificate with its key and the chain above as an encrypted file. Slow on purpose: never inside a transaction. */
export async function keyFile(
  platform: Platform,
  certificate: Certificate,
  key: KeyObject,
  order: {
    readonly format: KeyFormat;
    readonly password: string | undefined;
    readonly chain?: boolean;
    readonly friendlyName?: string | undefined;
  },
): Promise<KeyFile> {
  const { format, chain = true } = order;
  const { password, madeUp } = choosePassword(platform, order.password);
  const own = await readDer(platform.state.db, certificate.id);
  const above = chain ? await chainAbove(platform, certificate) : [];
  const fileName = `${plainName(certificate)}.${format}`;
  const told = madeUp ? password : null;
  if (format === 'pem') {
    const text = formatPemChain([own, ...above]) + formatPrivateKey(key, password);
    const content = Buffer.from(text);
    return { content, fileName, mediaType: 'application/x-pem-file', password: told };
  }
  const friendlyName = order.friendlyName ?? certificate.commonName ?? certificate.subject;
  const content = await formatPkcs12({
    key,
    certificate: own,
    chain: above,
    friendlyName,
    password,
    ...(madeUp ? { rounds: ROUNDS_FOR_RANDOM } : {}),
  });
  return { content, fileName, mediaType: 'application/x-pkcs12', password: told };
}

/** The private key of a certificate, as it is kept here. Throws `key_unavailable`. */
export async function keptPrivateKey(
  { state, vault }: Pick<Platform, 'state' | 'vault'>,
  certificate: Certificate,
): Promise<{ key: KeyObject; sealed: string }> {
  const row = await state.db
    .selectFrom('certificate_contents')
    .select('private_key')
    .where('certificate', '=', certificate.id)
    .executeTakeFirst();
  const sealed = row?.private_key ?? null;
  if (sealed === null) throw keyUnavailable(certificate.id);
  return { key: openKey(vault, sealed, keyOfCertificate(certificate.fingerprint)), sealed };
}

/** Said where the key of a certificate is asked for and not here. */
export function keyUnavailable(id: number): ServerError {
  return new ServerError(
    'key_unavailable',
    `the private key of certificate ${id} is not kept here`,
  );
}

/** A file name that every system takes. */
function plainName({ commonName, serial }: Certificate): string {
  const name = (commonName ?? '')
    .replaceAll(/[^A-Za-z0-9.-]+/g, '_')
    .replaceAll(/^[._]+|[._]+$/g, '');
  return name === '' ? serial : name.slice(0, 100);
}
