import type { FieldType } from '@countersign/records';
import { sql, type Expression, type SqlBool } from 'kysely';
import {
  anyOf,
  momentText,
  textMatches,
  type CertificateCondition,
  type Leaf,
} from './condition.ts';

/** Before the name of a metadata field in the name of a query's field. */
export const METADATA_PREFIX = 'Metadata.';

const DAY_MS = 86_400_000;

/** A test of a metadata field of a type: the certificate has a value there for which it holds. */
export function metadataCondition(leaf: Leaf, type: FieldType): CertificateCondition {
  const field = leaf.field.slice(METADATA_PREFIX.length);
  switch (leaf.kind) {
    case 'present':
      return having(field);
    case 'string':
      return having(field, (value) => textMatches(value, leaf.match, leaf.value));
    case 'oneOf':
      return anyOf(
        leaf.values.map((wanted) => having(field, (value) => textMatches(value, 'eq', wanted))),
      );
    case 'range':
      return having(field, (value) =>
        type === 'date' ? dayWithin(value, leaf) : numberWithin(field, value, leaf),
      );
  }
}

function having(
  field: string,
  holds?: (value: Expression<string>) => Expression<SqlBool>,
): CertificateCondition {
  return (eb) => {
    const rows = eb
      .selectFrom('certificate_metadata')
      .select('certificate')
      .where('certificate_metadata.field', '=', field);
    const fitting =
      holds === undefined
        ? rows
        : rows.where((row) => holds(row.ref('certificate_metadata.folded')));
    return eb('certificates.id', 'in', fitting);
  };
}

type Range = Pick<Extract<Leaf, { kind: 'range' }>, 'from' | 'to'>;

/** A day is its midnight: days that begin within the range. */
function dayWithin(value: Expression<string>, { from, to }: Range): Expression<SqlBool> {
  const first = from === undefined ? '' : dayFrom(from);
  return to === undefined
    ? sql<SqlBool>`${value} >= ${first}`
    : sql<SqlBool>`${value} >= ${first} and ${value} < ${dayFrom(to)}`;
}

function dayFrom(ms: number): string {
  return momentText(Math.ceil(ms / DAY_MS) * DAY_MS).slice(0, 10);
}

/**
 * Numbers are kept as texts. `case` keeps a database from reading values of other fields as numbers before it has looked
 * at the field.
 */
function numberWithin(
  field: string,
  value: Expression<string>,
  { from, to }: Range,
): Expression<SqlBool> {
  const number = sql`case when certificate_metadata.field = ${field} then cast(${value} as bigint) end`;
  if (to === undefined) return sql<SqlBool>`${number} >= ${from ?? Number.MIN_SAFE_INTEGER}`;
  return sql<SqlBool>`${number} >= ${from ?? Number.MIN_SAFE_INTEGER} and ${number} < ${to}`;
}
