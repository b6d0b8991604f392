import { parseQuery, QueryError, resolveQuery, type Query } from '@countersign/records';
import type { StateReader } from '../../database/schema.ts';
import { queriedFields } from '../../metadata/fields.ts';
import { compileQuery } from './compile.ts';
import type { CertificateCondition } from './condition.ts';
import { Vocabularies } from './vocabulary.ts';

/** Who asks, and when: what `%ME%` and `%TODAY%` stand for. */
export interface QueryContext {
  readonly now: Date;
  /** User name; null: nobody, and then `%ME%` is refused. */
  readonly me: string | null;
}

/** The condition of a query as people write it; empty text is every certificate. Throws QueryError with the place of the fault. */
export type ReadQuery = (text: string) => Promise<CertificateCondition>;

/** Reads queries for somebody, several with what they have in common looked up once. */
export async function queryReader(db: StateReader, { now, me }: QueryContext): Promise<ReadQuery> {
  const fields = await queriedFields(db);
  const vocabularies = new Vocabularies(db);
  const resolving = me === null ? { now } : { now, me };
  return async (text) => {
    refuseNul(text);
    const query = parseQuery(text, fields);
    refuseMany(query);
    const resolved = resolveQuery(query, resolving, fields);
    return await compileQuery(resolved, { now, fields, vocabularies });
  };
}

/** The condition of one query. Throws QueryError. */
export async function readCertificateQuery(
  db: StateReader,
  text: string,
  context: QueryContext,
): Promise<CertificateCondition> {
  const read = await queryReader(db, context);
  return await read(text);
}

/** Each may be compared with every certificate: more than these would hold up everybody else. */
export const MAX_TERMS = 64;

function refuseMany(query: Query): void {
  const count = termsIn(query);
  if (count <= MAX_TERMS) return;
  throw new QueryError(
    'query_too_many_terms',
    `expected at most ${MAX_TERMS} terms, got ${count}`,
    {
      position: 0,
      length: 0,
    },
  );
}

function termsIn(query: Query): number {
  switch (query.kind) {
    case 'and':
    case 'or':
      return query.items.reduce((sum, item) => sum + termsIn(item), 0);
    case 'not':
      return termsIn(query.item);
    case 'all':
      return 0;
    case 'compare':
    case 'text':
      return 1;
  }
}

/** Not every database can hold it, so nothing has it. */
function refuseNul(text: string): void {
  const position = text.indexOf('\0');
  if (position < 0) return;
  throw new QueryError('query_syntax', 'expected text, got a NUL character', {
    position,
    length: 1,
  });
}
