import { certificateFields, type FieldTable, type MetadataType } from '@countersign/records';
import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';

/** A field that is kept beside certificates. */
export interface MetadataField {
  readonly name: string;
  readonly description: string;
  readonly type: MetadataType;
  /** Shown where a value is typed. */
  readonly hint: string;
  /** A regular expression that the whole value has to match; null: none. */
  readonly validation: string | null;
  /** Said when the value does not match it. */
  readonly message: string | null;
  /** What can be chosen; of type `choice` only. */
  readonly options: readonly string[];
  /** Proposed at enrollment. */
  readonly defaultValue: string | null;
  /** Whether it is asked for at enrollment; `hidden` ones are not shown there. */
  readonly enrollment: 'optional' | 'required' | 'hidden';
}

/** A field of metadata, and how many certificates have a value in it. */
export interface MetadataFieldView extends MetadataField {
  readonly inUse: number;
}

/** Every field of metadata, in its order. */
export async function listMetadataFields(db: StateReader): Promise<MetadataField[]> {
  const rows = await db
    .selectFrom('metadata_fields')
    .select(['name', 'definition'])
    .orderBy('position')
    .orderBy('name')
    .execute();
  return rows.map(({ name, definition }) => fieldOf(name, definition));
}

/** The same, with how many certificates have a value. */
export async function viewMetadataFields(db: StateReader): Promise<MetadataFieldView[]> {
  const counts = await db
    .selectFrom('certificate_metadata')
    .select(({ fn }) => ['field', fn.countAll<number | string>().as('count')])
    .groupBy('field')
    .execute();
  const used = new Map(counts.map(({ field, count }) => [field, Number(count)]));
  const fields = await listMetadataFields(db);
  return fields.map((field) => ({ ...field, inUse: used.get(field.name) ?? 0 }));
}

/** One field of metadata. Throws `not_found`. */
export async function findMetadataField(db: StateReader, name: string): Promise<MetadataField> {
  const row = await db
    .selectFrom('metadata_fields')
    .select(['name', 'definition'])
    .where('name', '=', name)
    .executeTakeFirst();
  if (row !== undefined) return fieldOf(row.name, row.definition);
  throw new ServerError('not_found', `there is no metadata field "${name.slice(0, 100)}"`);
}

/** What a query about certificates may name as the state is now. */
export async function queriedFields(db: StateReader): Promise<FieldTable> {
  return certificateFields(await listMetadataFields(db));
}

function fieldOf(name: string, definition: string): MetadataField {
  return { ...(JSON.parse(definition) as Omit<MetadataField, 'name'>), name };
}
