import { X509Certificate, type KeyObject } from 'node:crypto';
import { readPkcs12 as readBags, UnsupportedPkcs12 } from '../ca/read-pkcs12.ts';
import { ServerError } from '../errors.ts';

/** Why a PKCS#12 file cannot be read. */
export type Pkcs12Fault = 'malformed' | 'wrong_password' | 'unsupported';

/** A PKCS#12 file that cannot be read; the message never holds anything of its content. */
export class Pkcs12Error extends Error {
  override readonly name = 'Pkcs12Error';
  readonly code: Pkcs12Fault;
  constructor(code: Pkcs12Fault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** What a PKCS#12 file holds. */
export interface Pkcs12Content {
  readonly key: KeyObject;
  /** The certificate of the key. */
  readonly certificate: X509Certificate;
  /** The others: the authorities above it. */
  readonly authorities: readonly X509Certificate[];
}

/**
 * Reads a PKCS#12 file (RFC 7292) protected by a password: one key, its certificate, its authorities.
 *
 * @throws Pkcs12Error `malformed`, `wrong_password`, `unsupported`
 */
export async function readPkcs12(bytes: Uint8Array, password: string): Promise<Pkcs12Content> {
  const { keys, certificates: ders } = await readAny(bytes, password);
  const [key, ...others] = keys;
  if (key === undefined || others.length > 0) {
    throw new Pkcs12Error('malformed', `expected one private key, got ${keys.length}`);
  }
  const certificates = ders.map((der) => parse(der));
  const certificate = certificates.find((candidate) => candidate.checkPrivateKey(key));
  if (certificate === undefined) {
    throw new Pkcs12Error('malformed', 'expected the certificate of the private key, got none');
  }
  const authorities = certificates.filter((candidate) => candidate !== certificate);
  return { key, certificate, authorities };
}

async function readAny(bytes: Uint8Array, password: string) {
  try {
    return await readBags(bytes, password);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    if (error.code === 'file_password_wrong')
      throw new Pkcs12Error('wrong_password', error.message, error);
    if (error.cause instanceof UnsupportedPkcs12)
      throw new Pkcs12Error('unsupported', error.cause.message, error);
    throw malformed(error);
  }
}

function parse(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (error) {
    throw malformed(error);
  }
}

function malformed(cause: unknown): Pkcs12Error {
  return new Pkcs12Error('malformed', 'expected a PKCS#12 file, got something else', cause);
}
