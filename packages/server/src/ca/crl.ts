import type { KeyObject } from 'node:crypto';
import {
  DerReader,
  generalizedTime,
  integer,
  readBytes,
  readHex,
  readNumber,
  readTime,
  readWhole,
  context,
  sequence,
  TAG,
  time,
} from './der.ts';
import {
  authorityKeyId,
  distributionPoints,
  EXTENSION,
  extension,
  readExtensions,
  type FoundExtension,
} from './extensions.ts';
import { certificateParts, type CertificateFacts } from './read-certificate.ts';
import { verifySignature } from './signature.ts';
import { signed, signerAlgorithm, type Signer } from './signer.ts';

/** Reasons of a revocation, RFC 5280 section 5.3.1; 7 is not used, 8 is said by delta lists alone. */
export const REVOCATION_REASONS: Readonly<Record<number, string>> = {
  0: 'unspecified',
  1: 'keyCompromise',
  2: 'cACompromise',
  3: 'affiliationChanged',
  4: 'superseded',
  5: 'cessationOfOperation',
  6: 'certificateHold',
  9: 'privilegeWithdrawn',
  10: 'aACompromise',
};
const REMOVE_FROM_CRL = 8;

/** One certificate on a list. */
export interface RevokedEntry {
  /** Hex. */
  readonly serial: string;
  readonly revokedAt: Date;
  /** RFC 5280 section 5.3.1. */
  readonly reason: number;
  /** Since when the key was known, or is suspected, to be in other hands. */
  readonly invalidSince?: Date | null;
  /** On a delta list: it is off hold again. */
  readonly removed?: boolean;
}

/** What a revocation list is to say. */
export interface CrlOrder {
  readonly issuer: Pick<CertificateFacts, 'der' | 'subjectKeyId'>;
  readonly signer: Signer;
  readonly number: number;
  /** The full list that this one completes; left out: a full list. */
  readonly baseNumber?: number | undefined;
  readonly entries: readonly RevokedEntry[];
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** Where a full list says that delta lists are. */
  readonly deltaUrl?: string | undefined;
}

/** Signs a revocation list (RFC 5280 section 5). DER. */
export async function signCrl(order: CrlOrder): Promise<Buffer> {
  const { issuer, signer, entries, number, baseNumber, deltaUrl } = order;
  const body = sequence(
    integer(1),
    signerAlgorithm(signer),
    certificateParts(issuer.der).subject,
    time(order.thisUpdate),
    time(order.nextUpdate),
    // The list is left out when it is empty (section 5.1.2.6).
    ...(entries.length === 0 ? [] : [sequence(...entries.map((entry) => encodeEntry(entry)))]),
    context(
      0,
      sequence(
        ...(issuer.subjectKeyId === null
          ? []
          : [authorityKeyId(Buffer.from(issuer.subjectKeyId, 'hex'))]),
        extension(EXTENSION.crlNumber, false, integer(number)),
        ...(baseNumber === undefined
          ? []
          : [extension(EXTENSION.deltaCrlIndicator, true, integer(baseNumber))]),
        ...(deltaUrl === undefined ? [] : [distributionPoints(EXTENSION.freshestCrl, deltaUrl)]),
      ),
    ),
  );
  return await signed(signer, body);
}

function encodeEntry({ serial, revokedAt, reason, invalidSince, removed }: RevokedEntry): Buffer {
  const code = removed === true ? REMOVE_FROM_CRL : reason;
  const extensions = [
    // Unspecified is said by saying nothing (section 5.3.1).
    ...(code === 0 ? [] : [extension(EXTENSION.reasonCode, false, integer(code, TAG.enumerated))]),
    ...(invalidSince === undefined || invalidSince === null
      ? []
      : [extension(EXTENSION.invalidityDate, false, generalizedTime(invalidSince))]),
  ];
  return sequence(
    integer(BigInt(`0x${serial}`)),
    time(revokedAt),
    ...(extensions.length === 0 ? [] : [sequence(...extensions)]),
  );
}

/** What a revocation list of ours says; its signature is for OpenSSL to check. */
export interface CrlFacts {
  readonly number: number;
  readonly baseNumber: number | null;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** Serial numbers in hex, in the order of the list. */
  readonly entries: readonly {
    readonly serial: string;
    readonly reason: number;
    readonly revokedAt: Date;
  }[];
}

/** Whether a revocation list, DER, is signed by a key. Throws DerError. */
export async function verifyCrl(der: Uint8Array, key: KeyObject): Promise<boolean> {
  const list = new DerReader(readWhole(der, TAG.sequence, 'a revocation list').content);
  const body = list.next(TAG.sequence, 'what is signed');
  const algorithm = list.next(TAG.sequence, 'the signature algorithm');
  const signature = readBytes(list.next(TAG.bitString, 'the signature'), 'signature');
  list.end('revocation list');
  return (await verifySignature(algorithm, body.bytes, key, signature)) === 'valid';
}

/** Reads a revocation list, DER. Throws DerError. */
export function readCrl(der: Uint8Array): CrlFacts {
  const body = new DerReader(readWhole(der, TAG.sequence, 'a revocation list').content).into();
  body.next(TAG.integer, 'the version');
  body.next(TAG.sequence, 'the signature algorithm');
  body.next(TAG.sequence, 'the issuer');
  const thisUpdate = readTime(body.next(undefined, 'this update'));
  const nextUpdate = readTime(body.next(undefined, 'next update'));
  const list = body.optional(TAG.sequence, 'the entries');
  const extensions = readExtensions(body.into(0xa0, 'the extensions').into());
  body.end('revocation list');
  const numberOf = (id: string) => {
    const found = extensions.get(id);
    return found === undefined ? null : readNumber(readWhole(found.value, TAG.integer));
  };
  const entries: { serial: string; reason: number; revokedAt: Date }[] = [];
  for (const { content } of new DerReader(list?.content ?? Buffer.of()).rest()) {
    const entry = new DerReader(content);
    const serial = readHex(entry.next(TAG.integer, 'a serial number'));
    const revokedAt = readTime(entry.next(undefined, 'a revocation date'));
    const more = entry.done ? new Map<string, FoundExtension>() : readExtensions(entry.into());
    const reason = more.get(EXTENSION.reasonCode);
    entries.push({
      serial,
      revokedAt,
      reason: reason === undefined ? 0 : readNumber(readWhole(reason.value, TAG.enumerated)),
    });
  }
  return {
    number: numberOf(EXTENSION.crlNumber) ?? 0,
    baseNumber: numberOf(EXTENSION.deltaCrlIndicator),
    thisUpdate,
    nextUpdate,
    entries,
  };
}
