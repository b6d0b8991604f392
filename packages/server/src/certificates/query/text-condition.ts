import type { ResolvedQuery } from '@countersign/records';
import { textMatches, type CertificateCondition } from './condition.ts';
import { fingerprintDigits, serialsOf } from './numbers.ts';

type TextTerm = Extract<ResolvedQuery, { kind: 'text' }>;

/** Beginnings of fingerprints shorter than this are words. */
const SHORTEST_DIGITS = 6;

/**
 * Free text: part of the subject or of an alternative name; or a serial number, or the beginning of a fingerprint. Each
 * way is a list of its own, so that each is read from its own index.
 */
export function textCondition({ text }: TextTerm): CertificateCondition {
  const serials = serialsOf(text);
  const digits = fingerprintDigits(text.replace(/^0x/, ''));
  const isDigits = digits.length >= SHORTEST_DIGITS && /^[0-9a-f]+$/.test(digits);
  return (eb) => {
    let found = eb
      .selectFrom('certificates as named')
      .select('named.id')
      .where((row) => textMatches(row.ref('named.subject_folded'), 'contains', text))
      .union(
        eb
          .selectFrom('certificate_sans')
          .select('certificate as id')
          .where((san) => textMatches(san.ref('certificate_sans.folded'), 'contains', text)),
      );
    if (serials.length > 0)
      found = found.union(
        eb
          .selectFrom('certificates as numbered')
          .select('numbered.id')
          .where('serial', 'in', serials),
      );
    if (isDigits)
      for (const column of ['fingerprint', 'thumbprint'] as const)
        found = found.union(
          eb
            .selectFrom('certificates as printed')
            .select('printed.id')
            .where((row) => textMatches(row.ref(`printed.${column}`), 'startswith', digits)),
        );
    return eb('certificates.id', 'in', found);
  };
}
