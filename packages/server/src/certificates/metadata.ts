import type { ChangeTransaction } from '../authorization/admitted.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError, type FieldFault } from '../errors.ts';
import { listMetadataFields } from '../metadata/fields.ts';
import { valueFault } from '../metadata/values.ts';
import { findCertificate, type Certificate } from './certificate-view.ts';
import { certificateTold } from './records.ts';
import { searchable } from './searchable.ts';

/** Values by field; null takes the value away. What is left out stays. */
export type MetadataChanges = Readonly<Record<string, string | null>>;

/**
 * Changes what is kept beside a certificate, and records it; nothing when all is as it was. Without `overwrite` values
 * that are there stay. Throws `not_found`, `request_invalid`.
 */
export async function changeMetadata(
  tx: ChangeTransaction,
  id: number,
  changes: MetadataChanges,
  overwrite = true,
): Promise<Certificate> {
  const { db, now, caller } = tx;
  const before = await findCertificate(db, id, now);
  await assertMetadata(db, changes);
  const wanted = Object.entries(changes).filter(([field, value]) => {
    const known = before.metadata[field] ?? null;
    return known !== value && (overwrite || known === null);
  });
  if (wanted.length === 0) return before;
  for (const [field, value] of wanted) {
    await db
      .deleteFrom('certificate_metadata')
      .where('certificate', '=', id)
      .where('field', '=', field)
      .execute();
    if (value !== null)
      await db
        .insertInto('certificate_metadata')
        .values({ certificate: id, field, value, folded: searchable(value) })
        .execute();
  }
  const after = await findCertificate(db, id, now);
  tx.record(certificateTold(caller, 'CERT_METADATA_CHANGED', { before, after }));
  return after;
}

/** Every field is there and takes its value; what is required is not taken away. Throws `request_invalid`, all faults at once. */
export async function assertMetadata(db: StateReader, changes: MetadataChanges): Promise<void> {
  const fields = new Map((await listMetadataFields(db)).map((field) => [field.name, field]));
  const faults: FieldFault[] = [];
  for (const [name, value] of Object.entries(changes)) {
    const field = fields.get(name);
    const at = `metadata.${name}`;
    if (field === undefined)
      faults.push({ field: at, expected: 'a metadata field that is there', got: name });
    else if (value === null && field.enrollment === 'required')
      faults.push({ field: at, expected: 'a value, which is required', got: 'none' });
    else if (value !== null) {
      const expected = valueFault(field, value);
      if (expected !== null) faults.push({ field: at, expected, got: value.slice(0, 100) });
    }
  }
  const [first] = faults;
  if (first === undefined) return;
  throw new ServerError(
    'request_invalid',
    `${first.field}: expected ${first.expected}, got ${JSON.stringify(first.got)}`,
    { members: { in: 'body', errors: faults } },
  );
}
