import type { StateReader } from '../database/schema.ts';
import type { FieldFault } from '../errors.ts';
import { listMetadataFields } from '../metadata/fields.ts';
import { valueFault } from '../metadata/values.ts';
import type { FieldDemand } from '../templates/policy.ts';

/** What is written beside a new certificate, and what is wrong with what was given. */
export interface EnrollmentMetadata {
  readonly values: Readonly<Record<string, string>>;
  readonly faults: readonly FieldFault[];
}

/**
 * The metadata of an enrollment: what was given, what fields have by default, and whether all that is demanded is there.
 * A template may demand more or less than the field itself.
 */
export async function enrollmentMetadata(
  db: StateReader,
  demands: Readonly<Record<string, FieldDemand>>,
  given: Readonly<Record<string, string>>,
): Promise<EnrollmentMetadata> {
  const fields = await listMetadataFields(db);
  const faults: FieldFault[] = [];
  const values: Record<string, string> = {};
  for (const name of Object.keys(given))
    if (!fields.some((field) => field.name === name))
      faults.push({
        field: `metadata.${name}`,
        expected: 'a metadata field that is there',
        got: name,
      });
  for (const field of fields) {
    const { name, defaultValue } = field;
    const demand = demands[name] ?? field.enrollment;
    const value = (given[name] ?? '') === '' ? (defaultValue ?? '') : (given[name] ?? '');
    if (value === '') {
      if (demand === 'required')
        faults.push({ field: `metadata.${name}`, expected: 'a value', got: 'none' });
      continue;
    }
    const expected = valueFault(field, value);
    if (expected !== null)
      faults.push({ field: `metadata.${name}`, expected, got: `"${value.slice(0, 100)}"` });
    values[name] = value;
  }
  return { values, faults };
}
