import type { ResolvedQuery } from '@countersign/records';
import { anyOf, textMatches, type CertificateCondition } from './condition.ts';
import { fingerprintDigits, serialsOf } from './numbers.ts';

type TextTerm = Extract<ResolvedQuery, { kind: 'text' }>;

/** Beginnings of fingerprints shorter than this are words. */
const SHORTEST_DIGITS = 6;

/** Free text: part of the subject or of an alternative name; or a serial number, or the beginning of a fingerprint. */
export function textCondition({ text }: TextTerm): CertificateCondition {
  const found: CertificateCondition[] = [
    (eb) => textMatches(eb.ref('subject_folded'), 'contains', text),
    (eb) =>
      eb(
        'certificates.id',
        'in',
        eb
          .selectFrom('certificate_sans')
          .select('certificate')
          .where((san) => textMatches(san.ref('certificate_sans.folded'), 'contains', text)),
      ),
  ];
  const serials = serialsOf(text);
  if (serials.length > 0) found.push((eb) => eb('serial', 'in', serials));
  const digits = fingerprintDigits(text.replace(/^0x/, ''));
  if (digits.length >= SHORTEST_DIGITS && /^[0-9a-f]+$/.test(digits))
    found.push(
      (eb) => textMatches(eb.ref('fingerprint'), 'startswith', digits),
      (eb) => textMatches(eb.ref('thumbprint'), 'startswith', digits),
    );
  return anyOf(found);
}
