import { matchesString, type ResolvedQuery, type StringMatch } from '@countersign/records';
import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import { cut } from '../searchable.ts';
import type { StateSchema } from '../../database/schema.ts';

/** A condition on rows of `certificates`; never null, so that its negation is what it says. */
export type CertificateCondition = (
  eb: ExpressionBuilder<StateSchema, 'certificates'>,
) => Expression<SqlBool>;

/** A test of one field, as queries are resolved into. */
export type Leaf = Extract<ResolvedQuery, { field: string }>;

export type Column = keyof StateSchema['certificates'];

/** Every certificate. */
export const EVERY: CertificateCondition = () => sql<SqlBool>`1 = 1`;
/** No certificate. */
export const NONE: CertificateCondition = () => sql<SqlBool>`1 = 0`;

/** All of the conditions. */
export function allOf(all: readonly CertificateCondition[]): CertificateCondition {
  const items = all.filter((item) => item !== EVERY);
  const [only = EVERY] = items;
  return items.length < 2 ? only : (eb) => eb.and(items.map((item) => item(eb)));
}

/** Any of the conditions; of none: no certificate. */
export function anyOf(items: readonly CertificateCondition[]): CertificateCondition {
  const [only = NONE] = items;
  return items.length < 2 ? only : (eb) => eb.or(items.map((item) => item(eb)));
}

/** Those for which it does not hold. */
export function negation(item: CertificateCondition): CertificateCondition {
  return (eb) => eb.not(item(eb));
}

/** A column that may be absent has a value for which the condition holds. */
export function whenPresent(column: Column, holds: CertificateCondition): CertificateCondition {
  return (eb) => eb.and([eb(column, 'is not', null), holds(eb)]);
}

/** Whether a folded value is one the test is about. */
export function fits(leaf: Leaf, folded: string): boolean {
  if (leaf.kind === 'string') return matchesString(leaf.match, folded, leaf.value);
  return leaf.kind === 'oneOf' && leaf.values.includes(folded);
}

/** Compares a folded text with a folded value. */
export function textMatches(
  text: Expression<unknown>,
  match: StringMatch,
  value: string,
): Expression<SqlBool> {
  const compared = cut(value);
  if (match === 'eq') return sql<SqlBool>`${text} = ${compared}`;
  return sql<SqlBool>`${text} like ${pattern(match, compared)} escape '\\'`;
}

function pattern(match: 'contains' | 'startswith' | 'endswith', value: string): string {
  const plain = value.replaceAll(/[\\%_]/g, String.raw`\$&`);
  return `${match === 'startswith' ? '' : '%'}${plain}${match === 'endswith' ? '' : '%'}`;
}

/** Latest and earliest of what RFC 3339 can write, in milliseconds since 1970. */
const LATEST = 253_402_300_799_999;
const EARLIEST = -62_167_219_200_000;

/** A moment as the columns have it, so that comparing texts compares times. */
export function momentText(ms: number): string {
  if (ms > LATEST) return ':';
  return ms < EARLIEST ? '' : new Date(ms).toISOString();
}
