import type { KeyObject } from 'node:crypto';
import type { SubjectAltName } from '../ca/alt-names.ts';
import { signCertificate, type CertificateOrder } from '../ca/certificate.ts';
import type { CertificateFacts } from '../ca/read-certificate.ts';
import { ServerError } from '../errors.ts';
import type { Authority } from './authority.ts';
import { authorityUrls } from './settings.ts';
import type { SigningKeys } from './signing-keys.ts';

/** A certificate that an authority is to issue, its template resolved. */
export interface IssueOrder {
  /** Most specific part first (RFC 4514). */
  readonly subject: string;
  readonly sans: readonly SubjectAltName[];
  readonly publicKey: KeyObject;
  /** Never longer than the authority's own certificate. */
  readonly days: number;
  readonly keyUsage: readonly string[];
  readonly extendedKeyUsage: readonly string[];
  /** Object identifiers of certificate policies. */
  readonly policies?: readonly string[];
}

const DAY_MS = 86_400_000;
/** Clocks differ: what is valid from now is not yet valid on a machine that is a minute behind. */
const BACKDATED_MS = 5 * 60_000;

/** From now for so many days, within the issuer's own time. */
export function validity(
  now: Date,
  days: number,
  issuer: Pick<CertificateFacts, 'notAfter'> | null,
): Pick<CertificateOrder, 'notBefore' | 'notAfter'> {
  const end = now.getTime() + days * DAY_MS;
  const last = issuer === null ? end : Math.min(end, Date.parse(issuer.notAfter));
  return { notBefore: new Date(now.getTime() - BACKDATED_MS), notAfter: new Date(last) };
}

/** What certificates of an authority say about where to ask. */
export function pointers(
  authority: Pick<Authority, 'id' | 'settings'>,
  base: string | null,
): Pick<CertificateOrder, 'crlUrl' | 'deltaUrl' | 'ocspUrl' | 'issuerUrl'> {
  const urls = authorityUrls(base, authority.id);
  if (urls === null) return {};
  const { deltaUrl, ...always } = urls;
  return authority.settings.deltaMinutes > 0 ? { ...always, deltaUrl } : always;
}

/** Throws `authority_disabled` when an authority issues nothing, by its settings or because its time is up. */
export function assertIssues(authority: Authority, now: Date): void {
  if (!authority.enabled)
    throw new ServerError('authority_disabled', `${authority.name} is disabled`);
  if (Date.parse(authority.certificate.notAfter) <= now.getTime())
    throw new ServerError(
      'authority_disabled',
      `the certificate of ${authority.name} ended at ${authority.certificate.notAfter}`,
    );
}

/**
 * Signs a certificate for an end entity. Done inside the transaction that inserts it and records it: signature, row and
 * record are there together or not at all.
 *
 * @throws ServerError `authority_disabled`, `subject_invalid`
 */
export async function issueCertificate(
  parts: { readonly keys: SigningKeys; readonly pkiUrl: string | null; readonly now: Date },
  authority: Authority,
  order: IssueOrder,
): Promise<CertificateFacts> {
  assertIssues(authority, parts.now);
  if (order.keyUsage.some((usage) => usage === 'keyCertSign' || usage === 'cRLSign'))
    throw new TypeError('expected a certificate for an end entity, got one for an authority');
  const { days, ...rest } = order;
  return await signCertificate({
    ...rest,
    ...validity(parts.now, days, authority.certificate),
    ...pointers(authority, parts.pkiUrl),
    issuer: { certificate: authority.certificate, signer: await parts.keys.of(authority) },
  });
}
