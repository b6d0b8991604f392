import {
  allOf,
  EVERY,
  momentText,
  NONE,
  textMatches,
  type CertificateCondition,
  type Column,
  type Leaf,
} from './condition.ts';

/** A column that every row has, of texts in one case. */
export function textColumn(
  column: 'common_name' | 'subject_folded' | 'signature_algorithm' | 'thumbprint' | 'fingerprint',
  leaf: Leaf,
  spelled: (value: string) => string = (value) => value,
): CertificateCondition {
  if (leaf.kind !== 'string') return EVERY;
  const value = spelled(leaf.value);
  const { match } = leaf;
  // What algorithms are called is ASCII, and the only one of these that is not kept folded.
  return (eb) =>
    column === 'signature_algorithm'
      ? textMatches(eb.fn('lower', [column]), match, value)
      : textMatches(eb.ref(column), match, value);
}

/** A column with one of a few values. */
export function oneOf(column: Column, values: readonly (string | number)[]): CertificateCondition {
  return values.length === 0 ? NONE : (eb) => eb(column, 'in', values as readonly never[]);
}

/** A column of moments, as RFC 3339 text. */
export function moment(
  column: 'not_before' | 'not_after' | 'created_at' | 'revoked_at',
  leaf: Leaf,
): CertificateCondition {
  if (leaf.kind !== 'range') return EVERY;
  const { from, to } = leaf;
  const ends: CertificateCondition[] = [];
  if (from !== undefined) ends.push((eb) => eb(column, '>=', momentText(from)));
  if (to !== undefined) ends.push((eb) => eb(column, '<', momentText(to)));
  return allOf(ends);
}

/** What an integer column of a database holds at most. */
const MOST = 2 ** 31 - 1;

/** A column of whole numbers. */
export function wholeNumber(column: 'key_size' | 'id', leaf: Leaf): CertificateCondition {
  if (leaf.kind !== 'range') return EVERY;
  const { from = 0, to = MOST + 1 } = leaf;
  if (from > MOST || to <= 0) return NONE;
  const ends: CertificateCondition[] = [];
  if (from > 0) ends.push((eb) => eb(column, '>=', from));
  if (to <= MOST) ends.push((eb) => eb(column, '<', to));
  return allOf(ends);
}
