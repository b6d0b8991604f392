import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { redactSecrets, type JsonObject, type JsonValue } from '@countersign/records';
import { searchable } from '../certificates/searchable.ts';
import type { StateReader } from '../database/schema.ts';
import type { CertificateFact } from './facts-store.ts';
import type { LogFacts } from './log-facts.ts';
import { recordName, withIndex, type Report } from './problem.ts';

/** Rows that are read at once. */
const BATCH = 500;

/** Compares every row of a certificate with what the log says of it, and finds those that are not there. */
export async function compareCertificates(
  db: StateReader,
  facts: LogFacts,
  report: Report,
  signal?: AbortSignal,
): Promise<number> {
  let count = 0;
  let last = '';
  for (;;) {
    signal?.throwIfAborted();
    const rows = await readRows(db, last);
    const metadata = await readMetadata(
      db,
      rows.map(({ id }) => id),
    );
    const sans = await readSans(
      db,
      rows.map(({ id }) => id),
    );
    for (const row of rows)
      compareRow(
        row,
        { metadata: metadata.get(row.id) ?? {}, sans: sans.get(row.id) ?? [] },
        facts,
        report,
      );
    count += rows.length;
    last = rows.at(-1)?.fingerprint ?? last;
    if (rows.length < BATCH) break;
    await setImmediate();
  }
  for (const fact of facts.store.unseenCertificates()) {
    const { fingerprint, last: index } = fact;
    report(
      withIndex(
        {
          kind: 'certificate_missing',
          object: `certificate ${fingerprint}`,
          message: `${recordName(index)} says that certificate ${nameIn(fact)} is there; there is none, and no record of its deletion`,
        },
        index,
      ),
    );
  }
  return count;
}

type Row = Awaited<ReturnType<typeof readRows>>[number];

async function readRows(db: StateReader, after: string) {
  return await db
    .selectFrom('certificates')
    .leftJoin('certificate_contents', 'certificate_contents.certificate', 'certificates.id')
    .selectAll('certificates')
    .select('certificate_contents.der')
    .where('fingerprint', '>', after)
    .orderBy('fingerprint')
    .limit(BATCH)
    .execute();
}

/** A value, and what searches compare. */
interface Searched {
  readonly value: string;
  readonly folded: string;
}

/** What other tables hold of a certificate. */
interface Around {
  readonly metadata: Readonly<Record<string, Searched>>;
  readonly sans: readonly (Searched & { readonly type: string })[];
}

async function readSans(db: StateReader, ids: readonly number[]) {
  if (ids.length === 0) return new Map<number, never>();
  const rows = await db
    .selectFrom('certificate_sans')
    .select(['certificate', 'type', 'value', 'folded'])
    .where('certificate', 'in', ids)
    .orderBy('position')
    .execute();
  return Map.groupBy(rows, ({ certificate }) => certificate);
}

async function readMetadata(
  db: StateReader,
  ids: readonly number[],
): Promise<Map<number, Record<string, Searched>>> {
  const found = new Map<number, Record<string, Searched>>();
  if (ids.length === 0) return found;
  const rows = await db
    .selectFrom('certificate_metadata')
    .select(['certificate', 'field', 'value', 'folded'])
    .where('certificate', 'in', ids)
    .execute();
  for (const { certificate, field, value, folded } of rows) {
    const values = found.get(certificate) ?? {};
    values[field] = { value, folded };
    found.set(certificate, values);
  }
  return found;
}

function compareRow(row: Row, around: Around, facts: LogFacts, report: Report): void {
  const object = `certificate ${row.fingerprint}`;
  const name = `"${row.subject}" (serial 0x${row.serial})`;
  facts.store.seenCertificate(row.fingerprint);
  if (!hasContent(row))
    report({
      kind: 'certificate_content',
      object,
      message: `certificate ${name}: the bytes kept of it do not have its fingerprint`,
    });
  const fact = facts.store.certificate(row.fingerprint);
  if (fact?.alive !== true) {
    const gone = fact === null ? '' : `, and ${recordName(fact.last)} says that it was deleted`;
    const erased =
      facts.erased === 0 ? '' : ` (the contents of ${facts.erased} records were erased)`;
    report({
      kind: 'certificate_unrecorded',
      object,
      message: `certificate ${name} is there, and no record says how it came${gone}${erased}`,
    });
    return;
  }
  const differences = differencesOf(row, around, fact, facts);
  if (differences.length === 0) return;
  const message = `certificate ${name}: ${differences.join('; ')}, by ${recordName(fact.last)}`;
  report(withIndex({ kind: 'certificate_changed', object, message }, fact.last));
}

function hasContent({ der, fingerprint }: Row): boolean {
  if (der === null) return false;
  return createHash('sha256').update(Buffer.from(der, 'base64')).digest('hex') === fingerprint;
}

/** Where a row is not as the last record says. */
function differencesOf(
  row: Row,
  { metadata, sans }: Around,
  { model: text, last }: CertificateFact,
  facts: LogFacts,
): string[] {
  const model = JSON.parse(text) as JsonObject;
  const is: Readonly<Record<string, string | number | null>> = {
    subject: row.subject,
    serial: row.serial,
    issuer: row.issuer,
    requester: row.requester,
    template: row.template,
    notBefore: row.not_before,
    notAfter: row.not_after,
    state: row.state,
    revokedAt: row.revoked_at,
    revocationReason: row.revocation_reason,
    ownerRole: row.owner_role,
    origin: row.origin,
  };
  const differences = Object.entries(is)
    .filter(([key, value]) => (model[key] ?? null) !== value)
    .map(([key, value]) => told(key, value, model[key] ?? null));
  if (!haveSameNames(sans, model['sans'])) differences.push('its alternative names are others');
  // Searches, and with them collections, go by these.
  const searched = [{ value: row.subject, folded: row.subject_folded }, ...sans];
  if (
    [...searched, ...Object.values(metadata)].some(
      ({ value, folded }) => searchable(value) !== folded,
    )
  )
    differences.push('what searches compare is not what it says');
  const recorded = metadataIn(model);
  for (const field of new Set([...Object.keys(recorded), ...Object.keys(metadata)])) {
    // Values of a field go with the field.
    if (metadata[field] === undefined && isGone(facts.deletedFields, field, last)) continue;
    const value = metadata[field]?.value;
    if (recorded[field] !== value)
      differences.push(told(`metadata ${field}`, value ?? null, recorded[field] ?? null));
  }
  return differences;
}

/** Alternative names are as they were recorded; what looked like a secret was masked there. */
function haveSameNames(sans: Around['sans'], recorded: JsonValue | undefined): boolean {
  if (recorded === undefined) return true;
  if (!Array.isArray(recorded) || recorded.length !== sans.length) return false;
  return sans.every(({ type, value }, i) => {
    const name = recorded[i];
    if (typeof name !== 'object' || name === null || Array.isArray(name)) return false;
    const { type: recordedType, value: text } = name;
    return recordedType === type && (text === value || text === redactSecrets(value).text);
  });
}

function isGone(
  deleted: ReadonlyMap<string, number | null>,
  field: string,
  last: number | null,
): boolean {
  const at = deleted.get(field);
  return at !== undefined && (at === null || (last !== null && at > last));
}

function metadataIn(model: JsonObject): Record<string, JsonValue> {
  const metadata = model['metadata'];
  return typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
    ? metadata
    : {};
}

function told(key: string, is: unknown, recorded: unknown): string {
  return `${key} is ${shown(is)}, and was ${shown(recorded)}`;
}

function shown(value: unknown): string {
  return value === null ? 'absent' : JSON.stringify(value);
}

function nameIn({ model: text, fingerprint }: CertificateFact): string {
  const { subject, serial } = JSON.parse(text) as { subject?: unknown; serial?: unknown };
  if (typeof subject !== 'string' || typeof serial !== 'string') return fingerprint;
  return `"${subject}" (serial 0x${serial})`;
}
