import type { Certificate } from '../api/certificates.ts';

const DAY_MS = 86_400_000;
/** From so many days before its end on a certificate is shown as expiring, until the server has said how many. */
export const DEFAULT_SOON_DAYS = 30;

/** How a certificate stands, as a tone and a word. */
export interface CertificateStanding {
  readonly tone: 'plain' | 'warn' | 'fail' | 'accent';
  readonly word: string;
}

type Facts = Pick<Certificate, 'state' | 'expired' | 'notBefore' | 'notAfter'>;

/**
 * What a person has to know first: revoked and held before expired, expired before active; one that ends within
 * `soonDays` days is said to.
 */
export function standingOf(certificate: Facts, now: Date, soonDays: number): CertificateStanding {
  const { state, notBefore, notAfter } = certificate;
  if (state === 'revoked') return { tone: 'fail', word: 'Revoked' };
  if (state === 'held') return { tone: 'warn', word: 'On hold' };
  const left = Date.parse(notAfter) - now.getTime();
  if (certificate.expired || left <= 0) return { tone: 'plain', word: 'Expired' };
  if (Date.parse(notBefore) > now.getTime()) return { tone: 'plain', word: 'Not valid yet' };
  if (left < soonDays * DAY_MS) return { tone: 'warn', word: `Expires ${inDays(left)}` };
  return { tone: 'accent', word: 'Active' };
}

function inDays(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  return days === 0 ? 'today' : days === 1 ? 'in 1 day' : `in ${days} days`;
}

/** What a certificate is called where it has to be short. */
export function nameOf({
  commonName,
  subject,
  serial,
}: Pick<Certificate, 'commonName' | 'subject' | 'serial'>): string {
  if (commonName !== null && commonName !== '') return commonName;
  return subject === '' ? `0x${serial}` : subject;
}

/** "EC P-256", "RSA 3072". */
export function keyText({ keyType, keySize }: Pick<Certificate, 'keyType' | 'keySize'>): string {
  if (keyType === 'EC') return `EC P-${keySize}`;
  return keyType === 'RSA' ? `RSA ${keySize}` : keyType;
}
