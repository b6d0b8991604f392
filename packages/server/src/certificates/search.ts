import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import type { StateReader, StateSchema } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import { allOf, EVERY, type CertificateCondition } from './query/condition.ts';

/** What lists of certificates can be sorted by, and the column of each. */
export const SORT_COLUMNS = {
  id: 'id',
  commonName: 'common_name',
  subject: 'subject_folded',
  issuer: 'issuer',
  serial: 'serial',
  notBefore: 'not_before',
  notAfter: 'not_after',
  keyType: 'key_type',
  keySize: 'key_size',
  signatureAlgorithm: 'signature_algorithm',
  template: 'template',
  requester: 'requester',
  ownerRole: 'owner_role',
  state: 'state',
  revokedAt: 'revoked_at',
  createdAt: 'created_at',
} as const;
export type SortField = keyof typeof SORT_COLUMNS;
export const SORT_FIELDS = Object.keys(SORT_COLUMNS) as [SortField, ...SortField[]];

/** One column of a sorting. */
export interface SortKey {
  readonly field: SortField;
  readonly descending: boolean;
}

/** Newest first. */
export const NEWEST_FIRST: readonly SortKey[] = [{ field: 'id', descending: true }];

const NULLABLE: ReadonlySet<SortField> = new Set(['template', 'ownerRole', 'revokedAt']);

/** A page of a list: numbers of certificates in order, how many there are in all, where the next page begins. */
export interface SearchPage {
  readonly ids: readonly number[];
  readonly total: number;
  readonly next: string | null;
}

/**
 * A page of the certificates for which all conditions hold. Pages are cut by the values of their last row, not by
 * counting: what comes or goes meanwhile shifts none. Throws `cursor_invalid` for a cursor of another sorting.
 */
export async function searchCertificates(
  db: StateReader,
  wanted: {
    readonly conditions: readonly CertificateCondition[];
    readonly sort?: readonly SortKey[];
    readonly after?: string | undefined;
    readonly limit: number;
  },
): Promise<SearchPage> {
  const { after, limit } = wanted;
  const sort = withId(wanted.sort ?? NEWEST_FIRST);
  const holds = allOf(wanted.conditions);
  const last = after === undefined ? null : readCursor(after, sort);
  const few = holds === EVERY ? null : await findFew(db, holds);
  let query = db
    .selectFrom('certificates')
    .select((eb) => sort.map((key, i) => sortValue(eb, key.field).as(`k${i}`)))
    .where(few === null ? holds : (eb) => eb('certificates.id', 'in', padded(few)));
  if (last !== null) query = query.where((eb) => isBehind(eb, sort, last));
  for (const key of sort)
    query = query.orderBy((eb) => sortValue(eb, key.field), key.descending ? 'desc' : 'asc');
  const rows = (await query.limit(limit + 1).execute()) as Record<string, string | number>[];
  const page = rows.slice(0, limit).map((row) => sort.map((_, i) => row[`k${i}`] ?? ''));
  const end = rows.length > limit ? page.at(-1) : undefined;
  return {
    ids: page.map((values) => Number(values.at(-1))),
    total: few?.length ?? (await countCertificates(db, wanted.conditions)),
    next: end === undefined ? null : formatCursor(sort, end),
  };
}

/** So many are sorted at once; where there are more, a page is full before much was looked at. */
const FEW = 1_000;

/**
 * The numbers of all that are found, when they are few; null: they are more. Looking for what is rare reads the columns
 * it is about, in an index, instead of every row from the newest on.
 */
async function findFew(db: StateReader, holds: CertificateCondition): Promise<number[] | null> {
  const rows = await db
    .selectFrom('certificates')
    .select('id')
    .where(holds)
    .limit(FEW + 1)
    .execute();
  return rows.length > FEW ? null : rows.map(({ id }) => id);
}

/** A list of a few lengths only, so that the database sees a few statements only; 0 is nobody's number. */
function padded(ids: readonly number[]): number[] {
  const length = 2 ** Math.ceil(Math.log2(Math.max(1, ids.length)));
  return [...ids, ...Array.from({ length: length - ids.length }, () => 0)];
}

/** How many certificates there are for which all conditions hold. */
export async function countCertificates(
  db: StateReader,
  conditions: readonly CertificateCondition[],
): Promise<number> {
  const { count } = await db
    .selectFrom('certificates')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where(allOf(conditions))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The number decides among equal ones; what comes behind it decides nothing. */
function withId(sort: readonly SortKey[]): readonly SortKey[] {
  const at = sort.findIndex(({ field }) => field === 'id');
  if (at >= 0) return sort.slice(0, at + 1);
  return [...sort, { field: 'id', descending: sort.at(-1)?.descending ?? true }];
}

type Builder = ExpressionBuilder<StateSchema, 'certificates'>;

/** The value of a row by which it is sorted; what is absent comes before everything else. */
function sortValue(eb: Builder, field: SortField) {
  const column = eb.ref(`certificates.${SORT_COLUMNS[field]}`);
  return sql<string | number>`${NULLABLE.has(field) ? sql`coalesce(${column}, '')` : column}`;
}

/** Rows behind the last one: in the first key, or equal there and behind in the second, and so on. */
function isBehind(
  eb: Builder,
  sort: readonly SortKey[],
  last: readonly (string | number)[],
): Expression<SqlBool> {
  const ways = sort.map((key, i) =>
    eb.and([
      ...sort.slice(0, i).map((k, j) => sql<SqlBool>`${sortValue(eb, k.field)} = ${last[j]}`),
      compared(eb, key, last[i] ?? '', false),
    ]),
  );
  const [first] = sort;
  // What follows from the rest, said for the database: it begins at that place of the first column's index.
  const begins = first === undefined ? [] : [compared(eb, first, last[0] ?? '', true)];
  return eb.and([...begins, eb.or(ways)]);
}

function compared(
  eb: Builder,
  { field, descending }: SortKey,
  value: string | number,
  orEqual: boolean,
): Expression<SqlBool> {
  const operator = sql.raw((descending ? '<' : '>') + (orEqual ? '=' : ''));
  return sql<SqlBool>`${sortValue(eb, field)} ${operator} ${value}`;
}

function sortName(sort: readonly SortKey[]): string {
  return sort.map(({ field, descending }) => (descending ? '-' : '') + field).join(',');
}

function formatCursor(sort: readonly SortKey[], values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([sortName(sort), ...values])).toString('base64url');
}

function readCursor(cursor: string, sort: readonly SortKey[]): (string | number)[] {
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    read = null;
  }
  const [name, ...values] = Array.isArray(read) ? (read as unknown[]) : [];
  if (name !== sortName(sort) || !isPlace(values, sort))
    throw new ServerError('cursor_invalid', 'after: expected the cursor of a page sorted the same');
  return values;
}

/** A cursor comes from outside: as many values as there are columns, each of its column's type. */
function isPlace(
  values: readonly unknown[],
  sort: readonly SortKey[],
): values is (string | number)[] {
  return (
    values.length === sort.length &&
    sort.every(({ field }, i) => {
      const value = values[i];
      return field === 'id' || field === 'keySize'
        ? Number.isInteger(value) && Math.abs(value as number) < 2 ** 31
        : typeof value === 'string' && !value.includes('\0');
    })
  );
}
