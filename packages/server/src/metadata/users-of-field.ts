import { parseQuery, QueryError, type FieldTable, type Query } from '@countersign/records';
import { METADATA_PREFIX } from '../certificates/query/metadata-condition.ts';
import type { StateReader } from '../database/schema.ts';
import { queriedFields } from './fields.ts';

/** Something whose meaning depends on a field of metadata. */
export interface FieldUser {
  readonly type: 'collection' | 'alert' | 'template';
  readonly name: string;
}

/** The collections and alerts whose queries name a field, and the templates that demand it. */
export async function usersOfField(db: StateReader, field: string): Promise<FieldUser[]> {
  const fields = await queriedFields(db);
  const name = METADATA_PREFIX + field;
  const collections = await db.selectFrom('collections').select(['name', 'query']).execute();
  const alerts = await db
    .selectFrom('alerts')
    .select(['display_name', 'query'])
    .where('query', 'is not', null)
    .execute();
  const templates = await db.selectFrom('templates').select(['name', 'policy']).execute();
  return [
    ...collections
      .filter(({ query }) => queryNames(query, name, fields))
      .map((row): FieldUser => ({ type: 'collection', name: row.name })),
    ...alerts
      .filter(({ query }) => queryNames(query ?? '', name, fields))
      .map((row): FieldUser => ({ type: 'alert', name: row.display_name })),
    ...templates
      .filter(({ policy }) => templateNames(policy, field))
      .map((row): FieldUser => ({ type: 'template', name: row.name })),
  ];
}

/** Whether a query compares a field; one that cannot be read compares none. */
function queryNames(text: string, field: string, fields: FieldTable): boolean {
  try {
    return treeNames(parseQuery(text, fields), field);
  } catch (error) {
    if (error instanceof QueryError) return false;
    throw error;
  }
}

function treeNames(query: Query, field: string): boolean {
  switch (query.kind) {
    case 'and':
    case 'or':
      return query.items.some((item) => treeNames(item, field));
    case 'not':
      return treeNames(query.item, field);
    case 'compare':
      return query.field === field;
    case 'all':
    case 'text':
      return false;
  }
}

function templateNames(policy: string, field: string): boolean {
  const { metadataFields = {} } = JSON.parse(policy) as { metadataFields?: object };
  return Object.hasOwn(metadataFields, field);
}
