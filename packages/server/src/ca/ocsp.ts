import { createHash } from 'node:crypto';
import {
  context,
  DerError,
  DerReader,
  generalizedTime,
  integer,
  octets,
  oid,
  primitive,
  readBytes,
  readHex,
  readOid,
  readWhole,
  sequence,
  TAG,
} from './der.ts';
import { EXTENSION, extension, readExtensions } from './extensions.ts';
import { certificateParts, type CertificateFacts } from './read-certificate.ts';
import { signed, type Signer } from './signer.ts';

/** Largest request that is read, and most certificates one may ask about. */
export const MAX_OCSP_BYTES = 16 * 1024;
export const MAX_OCSP_QUESTIONS = 20;
/** RFC 9654 section 2.1. */
const MAX_NONCE = 128;

const BASIC = '1.3.6.1.5.5.7.48.1.1';
const HASHES: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** Responses without content (RFC 6960 section 4.2.1). */
export const OCSP_ERROR = {
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  unauthorized: 6,
} as const;

/** One certificate that is asked about. */
export interface OcspQuestion {
  /** The CertID as it was asked; the answer repeats it. */
  readonly certId: Buffer;
  /** Null: a hash we do not know. */
  readonly hash: string | null;
  /** Hex. */
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  /** Hex, lower case, without leading zeros. */
  readonly serial: string;
}

export interface OcspRequest {
  readonly questions: readonly OcspQuestion[];
  /** The whole extension's value, to be repeated. */
  readonly nonce: Buffer | null;
}

/** Reads an OCSP request (RFC 6960 section 4.1.1). Signatures on requests are passed over. Throws DerError. */
export function parseOcspRequest(der: Uint8Array): OcspRequest {
  if (der.byteLength > MAX_OCSP_BYTES)
    throw new DerError(`expected at most ${MAX_OCSP_BYTES} bytes, got ${der.byteLength}`);
  const whole = new DerReader(readWhole(der, TAG.sequence, 'an OCSP request').content);
  const body = whole.into(TAG.sequence, 'the request');
  whole.optional(0xa0, 'the signature');
  whole.end('OCSP request');
  const version = body.optional(0xa0, 'the version');
  if (version !== null && readHex(readWhole(version.content, TAG.integer)) !== '0')
    throw new DerError('expected version 1 of OCSP');
  body.optional(0xa1, 'the requestor');
  const questions: OcspQuestion[] = [];
  for (const { content } of body.into(TAG.sequence, 'the questions').rest()) {
    if (questions.length === MAX_OCSP_QUESTIONS)
      throw new DerError(`expected at most ${MAX_OCSP_QUESTIONS} questions`);
    questions.push(readQuestion(new DerReader(content)));
  }
  if (questions.length === 0) throw new DerError('expected a question, got none');
  const list = body.optional(0xa2, 'the extensions');
  body.end('the request');
  const extensions = list === null ? null : readExtensions(new DerReader(list.content).into());
  return { questions, nonce: readNonce(extensions?.get(EXTENSION.ocspNonce)?.value ?? null) };
}

function readQuestion(question: DerReader): OcspQuestion {
  const certId = question.next(TAG.sequence, 'a CertID');
  question.optional(0xa0, 'the extensions');
  question.end('a question');
  const parts = new DerReader(certId.content);
  const hash = readOid(parts.into(TAG.sequence, 'the hash').next(TAG.oid));
  const issuerNameHash = parts.next(TAG.octetString, "the hash of the issuer's name").content;
  const issuerKeyHash = parts.next(TAG.octetString, "the hash of the issuer's key").content;
  const serial = parts.next(TAG.integer, 'the serial number');
  parts.end('a CertID');
  return {
    certId: certId.bytes,
    hash: HASHES[hash] ?? null,
    issuerNameHash: issuerNameHash.toString('hex'),
    issuerKeyHash: issuerKeyHash.toString('hex'),
    serial: readHex(serial, 'serial number'),
  };
}

/** A nonce of 1 to 128 bytes (RFC 9654); old clients leave out the OCTET STRING around it. */
function readNonce(value: Buffer | null): Buffer | null {
  if (value === null) return null;
  const size =
    value[0] === TAG.octetString && value[1] === value.length - 2 ? value.length - 2 : value.length;
  if (size < 1 || (size > MAX_NONCE && value.length > MAX_NONCE + 3))
    throw new DerError(`nonce: expected 1 to ${MAX_NONCE} bytes, got ${size}`);
  return value;
}

/** What is known of a certificate. */
export type OcspStatus =
  | { readonly status: 'good' | 'unknown' }
  | { readonly status: 'revoked'; readonly revokedAt: Date; readonly reason: number };

/** An answer to be signed. */
export interface OcspAnswer {
  readonly responder: { readonly certificate: CertificateFacts; readonly signer: Signer };
  readonly answers: readonly (OcspStatus & { readonly certId: Buffer })[];
  readonly nonce: Buffer | null;
  readonly producedAt: Date;
  readonly nextUpdate: Date;
}

/** Signs an OCSP response (RFC 6960 section 4.2); the responder's certificate goes with it. DER. */
export async function signOcspResponse(answer: OcspAnswer): Promise<Buffer> {
  const { responder, producedAt, nextUpdate, nonce } = answer;
  const keyHash = createHash('sha1').update(publicKeyBits(responder.certificate.der)).digest();
  const data = sequence(
    context(2, octets(keyHash)),
    generalizedTime(producedAt),
    sequence(
      ...answer.answers.map((one) =>
        sequence(
          one.certId,
          encodeStatus(one),
          generalizedTime(producedAt),
          context(0, generalizedTime(nextUpdate)),
        ),
      ),
    ),
    ...(nonce === null ? [] : [context(1, sequence(extension(EXTENSION.ocspNonce, false, nonce)))]),
  );
  const basic = await signed(
    responder.signer,
    data,
    context(0, sequence(responder.certificate.der)),
  );
  return sequence(integer(0, TAG.enumerated), context(0, sequence(oid(BASIC), octets(basic))));
}

/** A response that says only what went wrong; unsigned. */
export function ocspError(code: (typeof OCSP_ERROR)[keyof typeof OCSP_ERROR]): Buffer {
  return sequence(integer(code, TAG.enumerated));
}

/** Whether a question is about a certificate of this issuer. */
export function isAbout(
  { hash, issuerNameHash, issuerKeyHash }: OcspQuestion,
  issuer: Pick<CertificateFacts, 'der'>,
): boolean {
  if (hash === null) return false;
  const digest = (bytes: Uint8Array) => createHash(hash).update(bytes).digest('hex');
  return (
    issuerNameHash === digest(certificateParts(issuer.der).subject) &&
    issuerKeyHash === digest(publicKeyBits(issuer.der))
  );
}

function encodeStatus(answer: OcspStatus): Buffer {
  switch (answer.status) {
    case 'good':
      return primitive(0, Buffer.of());
    case 'unknown':
      return primitive(2, Buffer.of());
    case 'revoked':
      return context(
        1,
        generalizedTime(answer.revokedAt),
        ...(answer.reason === 0 ? [] : [context(0, integer(answer.reason, TAG.enumerated))]),
      );
  }
}

/** The content of the BIT STRING in a certificate's public key, without its count of unused bits. */
function publicKeyBits(der: Uint8Array): Buffer {
  const spki = new DerReader(readWhole(certificateParts(der).publicKey, TAG.sequence).content);
  spki.next(TAG.sequence, 'the algorithm of a public key');
  return readBytes(spki.next(TAG.bitString, 'a public key'), 'public key');
}
