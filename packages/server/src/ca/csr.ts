import { createPublicKey, type KeyObject } from 'node:crypto';
import { ServerError } from '../errors.ts';
import { decodeAltNames, encodeAltNames, MAX_ALT_NAMES, type SubjectAltName } from './alt-names.ts';
import {
  context,
  DerError,
  DerReader,
  integer,
  oid,
  readBytes,
  readNumber,
  readOid,
  readWhole,
  sequence,
  setOf,
  TAG,
} from './der.ts';
import { EXTENSION, extension, readExtensions } from './extensions.ts';
import { keyAlgorithmOf, type KeyAlgorithm } from './key-algorithm.ts';
import { decodeDn, encodeDn, formatDn, parseDn } from './names.ts';
import { formatPem, pemOrDer } from './pem.ts';
import { verifySignature } from './signature.ts';
import { signed, softwareSigner } from './signer.ts';

/** What a certificate request asks for, its signature verified. */
export interface CsrFacts {
  /** Most specific part first (RFC 4514). */
  readonly subject: string;
  readonly sans: readonly SubjectAltName[];
  readonly publicKey: KeyObject;
  /** Null: a key for which no certificates are made here (another curve, another size). */
  readonly keyAlgorithm: KeyAlgorithm | null;
  readonly pem: string;
}

/** Largest request that is read. */
export const MAX_CSR_BYTES = 64 * 1024;
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
/** RFC 8017 allows less; such keys have always been mistakes or attacks. */
const LEAST_RSA_EXPONENT = 65_537n;

/**
 * Reads a PKCS#10 request (RFC 2986), PEM or DER, and verifies that whoever made it has the private key. Of the
 * extensions it asks for, the alternative names are taken; everything else is the template's to say.
 *
 * @throws ServerError `csr_invalid`
 */
export async function readCsr(file: string | Uint8Array): Promise<CsrFacts> {
  const size = typeof file === 'string' ? file.length : file.byteLength;
  // PEM is a third longer than what is in it, with room for comments.
  if (size > MAX_CSR_BYTES * 2)
    throw invalid(`expected at most ${MAX_CSR_BYTES} bytes, got ${size}`);
  try {
    const der = pemOrDer(file, ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST']);
    if (der.length > MAX_CSR_BYTES)
      throw invalid(`expected at most ${MAX_CSR_BYTES} bytes, got ${der.length}`);
    return await readRequest(der);
  } catch (error) {
    if (error instanceof DerError) throw invalid(error.message, error);
    throw error;
  }
}

async function readRequest(der: Buffer): Promise<CsrFacts> {
  const whole = new DerReader(readWhole(der, TAG.sequence, 'a certificate request').content);
  const body = whole.next(TAG.sequence, 'what is signed');
  const algorithm = whole.next(TAG.sequence, 'the signature algorithm');
  const signature = readBytes(whole.next(TAG.bitString, 'the signature'), 'signature');
  whole.end('certificate request');
  const info = new DerReader(body.content);
  const version = readNumber(info.next(TAG.integer, 'the version'), 'version');
  if (version !== 0) throw invalid(`expected version 1, got ${version + 1}`);
  const subject = info.next(TAG.sequence, 'the subject');
  const spki = info.next(TAG.sequence, 'the public key');
  // RFC 2986 demands the attributes, empty at least; old tools leave them out.
  const attributes = info.optional(0xa0, 'the attributes');
  info.end('what is signed');
  const publicKey = readKey(spki.bytes);
  const verdict = await verifySignature(algorithm, body.bytes, publicKey, signature);
  if (typeof verdict === 'object')
    throw invalid(
      `expected a signature with SHA-256 or better by the request's own key, got ${verdict.unsupported}`,
    );
  if (verdict === 'invalid')
    throw invalid('the signature is not by the private key that belongs to the request');
  return {
    subject: formatDn(decodeDn(subject.bytes)),
    sans: attributes === null ? [] : requestedNames(new DerReader(attributes.content)),
    publicKey,
    keyAlgorithm: keyAlgorithmOf(publicKey),
    pem: formatPem('CERTIFICATE REQUEST', der),
  };
}

/** Makes a request signed by a key in memory. PEM. */
export async function makeCsr(order: {
  readonly subject: string;
  readonly sans: readonly SubjectAltName[];
  readonly key: KeyObject;
}): Promise<string> {
  const signer = softwareSigner(order.key);
  const attributes: Buffer[] = [];
  if (order.sans.length > 0) {
    const names = extension(EXTENSION.subjectAltName, false, encodeAltNames(order.sans));
    attributes.push(sequence(oid(EXTENSION_REQUEST), setOf(sequence(names))));
  }
  const body = sequence(
    integer(0),
    encodeDn(parseDn(order.subject)),
    signer.publicKey.export({ type: 'spki', format: 'der' }),
    context(0, ...attributes),
  );
  return formatPem('CERTIFICATE REQUEST', await signed(signer, body));
}

/** The alternative names in an extensionRequest attribute (RFC 2985 section 5.4.2). */
function requestedNames(attributes: DerReader): SubjectAltName[] {
  for (const { content } of attributes.rest()) {
    const parts = new DerReader(content);
    if (readOid(parts.next(TAG.oid, 'an attribute type')) !== EXTENSION_REQUEST) continue;
    const extensions = readExtensions(parts.into(TAG.set, 'an extension request').into());
    const names = extensions.get(EXTENSION.subjectAltName);
    if (names === undefined) return [];
    const { sans, others } = decodeAltNames(
      new DerReader(readWhole(names.value, TAG.sequence, 'alternative names').content),
    );
    if (others.length > 0)
      throw invalid(
        `expected alternative names that are host names, addresses, e-mail addresses, URIs or UPNs, got ${others.join(', ')}`,
      );
    if (sans.length > MAX_ALT_NAMES)
      throw invalid(`expected at most ${MAX_ALT_NAMES} alternative names, got ${sans.length}`);
    return sans;
  }
  return [];
}

function readKey(spki: Buffer): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch (error) {
    throw invalid('expected a public key of a known kind', error);
  }
  const exponent = key.asymmetricKeyDetails?.publicExponent;
  if (exponent !== undefined && (exponent < LEAST_RSA_EXPONENT || exponent % 2n === 0n))
    throw invalid(`expected an odd RSA exponent of ${LEAST_RSA_EXPONENT} or more, got ${exponent}`);
  return key;
}

function invalid(message: string, cause?: unknown): ServerError {
  return new ServerError('csr_invalid', `certificate request: ${message}`, { cause });
}
