import {
  fold,
  METADATA_NAME,
  type JsonObject,
  type ObjectRef,
  type OperationName,
} from '@countersign/records';
import type { ChangeTransaction } from '../authorization/admitted.ts';
import { faultyField, ServerError } from '../errors.ts';
import { configurationChanged } from '../settings/records.ts';
import { patternFault } from '../templates/pattern.ts';
import { findMetadataField, listMetadataFields, type MetadataField } from './fields.ts';
import { usersOfField } from './users-of-field.ts';
import { valueFault } from './values.ts';

/** Most fields of metadata. */
export const MAX_FIELDS = 100;

/** Creates a field behind the others. Throws `already_exists`, `request_invalid`. */
export async function createMetadataField(
  tx: ChangeTransaction,
  wanted: MetadataField,
): Promise<MetadataField> {
  const fields = await listMetadataFields(tx.db);
  const taken = fields.find(({ name }) => fold(name) === fold(wanted.name));
  if (taken !== undefined)
    throw new ServerError('already_exists', `name: "${taken.name}" is a metadata field already`, {
      members: { field: 'name' },
    });
  if (fields.length >= MAX_FIELDS)
    throw faultyField('name', `at most ${MAX_FIELDS} fields`, `one more`);
  assertDefinition(wanted);
  const { name, ...definition } = wanted;
  await tx.db
    .insertInto('metadata_fields')
    .values({
      name,
      definition: JSON.stringify(definition),
      position: fields.length,
      created_at: tx.now.toISOString(),
    })
    .execute();
  told(tx, 'Created', wanted, { after: modelOf(wanted) });
  return wanted;
}

/** What can be changed of a field; left out: stays as it is. */
export type MetadataFieldChange = {
  readonly [K in keyof Omit<MetadataField, 'name'>]?: MetadataField[K] | undefined;
};

/**
 * Changes a field. Values that are there stay as they are: another type, or fewer options than are chosen, are refused
 * (`in_use`). Throws `not_found`, `request_invalid`.
 */
export async function updateMetadataField(
  tx: ChangeTransaction,
  name: string,
  change: MetadataFieldChange,
): Promise<MetadataField> {
  const field = await findMetadataField(tx.db, name);
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const wanted: MetadataField = {
    ...field,
    ...(Object.fromEntries(given) as MetadataFieldChange as object),
  };
  if (JSON.stringify(modelOf(field)) === JSON.stringify(modelOf(wanted))) return field;
  assertDefinition(wanted);
  if (wanted.type !== field.type) await assertUnused(tx, name, 'have another type');
  await assertOptionsKept(tx, wanted);
  const { name: _, ...definition } = wanted;
  await tx.db
    .updateTable('metadata_fields')
    .set({ definition: JSON.stringify(definition) })
    .where('name', '=', name)
    .execute();
  told(tx, 'Updated', wanted, { before: modelOf(field), after: modelOf(wanted) });
  return wanted;
}

/**
 * Deletes a field, by force with the values in it. Throws `not_found`; `in_use` when certificates have values and there
 * is no force, or when a collection, an alert or a template names it: what they mean would change.
 */
export async function deleteMetadataField(
  tx: ChangeTransaction,
  name: string,
  force: boolean,
): Promise<void> {
  const field = await findMetadataField(tx.db, name);
  const values = await countValues(tx, name);
  if (force) await assertUnnamed(tx, name, 'be deleted');
  else await assertUnused(tx, name, 'be deleted without force');
  await tx.db.deleteFrom('certificate_metadata').where('field', '=', name).execute();
  await tx.db.deleteFrom('metadata_fields').where('name', '=', name).execute();
  told(tx, 'Deleted', field, {
    before: { ...modelOf(field), inUse: values },
    ...(values === 0 ? {} : { reason: `with the values of ${values} certificates` }),
  });
}

function assertDefinition(field: MetadataField): void {
  const { name, type, options, validation, message, defaultValue } = field;
  if (!METADATA_NAME.test(name))
    throw faultyField('name', '1 to 64 letters, digits, _ and -, beginning with a letter', name);
  // Values are kept by name: what every object has would be taken for one.
  if (name in {}) throw faultyField('name', 'a name that no object has of itself', name);
  if (type === 'choice' && options.length === 0)
    throw faultyField('options', 'one option at least for a choice', 'none');
  if (type !== 'choice' && options.length > 0)
    throw faultyField('options', `no options for type ${type}`, String(options.length));
  const folded = options.map(fold);
  const twice = folded.findIndex((option, i) => folded.indexOf(option) !== i);
  if (twice >= 0)
    throw faultyField(`options.${twice}`, 'each option once', JSON.stringify(options[twice]));
  if (validation !== null) {
    const fault = patternFault(validation);
    if (fault !== null) throw faultyField('validation', 'a regular expression', fault);
  } else if (message !== null) {
    throw faultyField('message', 'a message only together with a validation', 'one alone');
  }
  if (defaultValue === null) return;
  const expected = valueFault(field, defaultValue);
  if (expected !== null) throw faultyField('defaultValue', expected, JSON.stringify(defaultValue));
}

async function countValues(tx: ChangeTransaction, name: string): Promise<number> {
  const { count } = await tx.db
    .selectFrom('certificate_metadata')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('field', '=', name)
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function assertUnused(tx: ChangeTransaction, name: string, what: string): Promise<void> {
  const values = await countValues(tx, name);
  if (values > 0)
    throw new ServerError(
      'in_use',
      `metadata field "${name}" cannot ${what}: ${values} certificates have a value in it`,
      { members: { certificates: values } },
    );
  await assertUnnamed(tx, name, what);
}

async function assertUnnamed(tx: ChangeTransaction, name: string, what: string): Promise<void> {
  const [user, ...others] = await usersOfField(tx.db, name);
  if (user === undefined) return;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new ServerError(
    'in_use',
    `metadata field "${name}" cannot ${what}: ${user.type} "${user.name}"${more} names it`,
    { members: { usedBy: [user, ...others] } },
  );
}

async function assertOptionsKept(tx: ChangeTransaction, field: MetadataField): Promise<void> {
  if (field.type !== 'choice') return;
  const rows = await tx.db
    .selectFrom('certificate_metadata')
    .select('value')
    .distinct()
    .where('field', '=', field.name)
    .execute();
  const lost = rows.map(({ value }) => value).filter((value) => !field.options.includes(value));
  if (lost.length === 0) return;
  throw new ServerError(
    'in_use',
    `metadata field "${field.name}" cannot do without the option "${lost[0] ?? ''}": certificates have it`,
    { members: { options: lost } },
  );
}

function fieldRef(name: string): ObjectRef {
  return { type: 'metadata field', id: name, name };
}

function modelOf(field: MetadataField): JsonObject {
  return JSON.parse(JSON.stringify(field)) as JsonObject;
}

function told(
  tx: ChangeTransaction,
  operation: OperationName,
  { name }: MetadataField,
  models: { before?: JsonObject; after?: JsonObject; reason?: string },
): void {
  tx.record(
    configurationChanged(tx.caller, {
      event: 'CONFIG_METADATA_FIELD',
      category: 'MetadataField',
      operation,
      target: fieldRef(name),
      ...models,
    }),
  );
}
