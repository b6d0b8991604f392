import { signCertificate } from '../ca/certificate.ts';
import { generateKeyPair, type KeyAlgorithm } from '../ca/key-algorithm.ts';
import type { Vault } from '../ca/vault.ts';
import { certificateModel, findCertificate } from '../certificates/certificate-view.ts';
import { insertCertificate } from '../certificates/insert-certificate.ts';
import type { AuditedTransaction } from '../recording/recorder.ts';
import type { Authority, ResponderRow } from './authority.ts';
import { pointers, validity } from './issue.ts';
import { ownCertificateIssued, requesterOf, signingInfo } from './records.ts';
import { keyOfResponder, type Responder, type SigningKeys } from './signing-keys.ts';

const DAY_MS = 86_400_000;
/** Nobody asks whether a responder's certificate is revoked (ocsp-nocheck): it is short-lived instead. */
const RESPONDER_DAYS = 30;
const RENEW_BEFORE_MS = 10 * DAY_MS;

/** A key for a responder, made before the transaction that puts it to use. */
export type ResponderKeys = Awaited<ReturnType<typeof generateKeyPair>>;

/** Whether an authority needs a new responder now. */
export function responderDue(
  { certificate }: Pick<Authority, 'certificate'>,
  responder: Responder | null,
  now: Date,
): boolean {
  const end = Date.parse(certificate.notAfter);
  if (end <= now.getTime()) return false;
  if (responder === null) return true;
  const own = Date.parse(responder.certificate.notAfter);
  // One that ends with the authority cannot be made to last longer.
  return own - now.getTime() < RENEW_BEFORE_MS && own < end;
}

/** A key that who can verify the authority's signatures can verify, and that signs fast. */
export async function responderKeys({
  keyAlgorithm,
}: Pick<Authority, 'keyAlgorithm'>): Promise<ResponderKeys> {
  const algorithm: KeyAlgorithm = keyAlgorithm.startsWith('RSA')
    ? 'RSA-2048'
    : keyAlgorithm.startsWith('ML-DSA')
      ? keyAlgorithm
      : 'P-256';
  return await generateKeyPair(algorithm);
}

/** Issues a responder's certificate and puts it to use: certificate, records and key in one transaction. */
export async function replaceResponder(
  tx: AuditedTransaction,
  parts: {
    readonly keys: SigningKeys;
    readonly vault: Vault;
    readonly pkiUrl: string | null;
    readonly now: Date;
  },
  authority: Authority,
  { privateKey, publicKey }: ResponderKeys,
): Promise<void> {
  const { keys, vault, pkiUrl, now } = parts;
  const { issuerUrl } = pointers(authority, pkiUrl);
  const facts = await signCertificate({
    issuer: { certificate: authority.certificate, signer: await keys.of(authority) },
    subject: `CN=OCSP Responder ${authority.id}`,
    sans: [],
    publicKey,
    ...validity(now, RESPONDER_DAYS, authority.certificate),
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['OCSPSigning'],
    ocspNoCheck: true,
    issuerUrl,
  });
  const id = await insertCertificate(tx.db, {
    facts,
    authority: authority.id,
    template: null,
    requester: requesterOf('timer'),
    request: null,
    origin: 'issued',
    now,
  });
  const row: ResponderRow = {
    certificate: facts.pem,
    key: vault.seal(
      privateKey.export({ type: 'pkcs8', format: 'der' }),
      keyOfResponder(authority.id),
    ),
  };
  await tx.db
    .updateTable('authorities')
    .set({ ocsp_signer: JSON.stringify(row) })
    .where('id', '=', authority.id)
    .execute();
  const model = certificateModel(await findCertificate(tx.db, id, now));
  tx.record(ownCertificateIssued('timer', facts, model, authority));
  tx.record(signingInfo('OCSP', authority, facts));
}
