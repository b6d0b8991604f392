import { extendedKeyUsageOid } from '../ca/extensions.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError, type FieldFault } from '../errors.ts';
import { patternFault } from './pattern.ts';
import type { GlobalPolicy, SanRegex, SubjectRegex, TemplatePolicy } from './policy.ts';

/**
 * Whether a template's policy can be followed: usages that exist, patterns that are some, roles and fields that are
 * there.
 *
 * @throws ServerError `request_invalid` with every faulty field
 */
export async function assertPolicy(db: StateReader, policy: TemplatePolicy): Promise<void> {
  const faults: FieldFault[] = [];
  const fault = (field: string, expected: string, got: string) =>
    void faults.push({ field: `policy.${field}`, expected, got: got.slice(0, 300) });
  policy.extendedKeyUsage.forEach((usage, i) => {
    if (!isExtendedKeyUsage(usage))
      fault(`extendedKeyUsage.${i}`, 'a name like serverAuth or an object identifier', usage);
  });
  if (!policy.keyAlgorithms.includes(policy.defaultKeyAlgorithm))
    fault(
      'defaultKeyAlgorithm',
      `one of ${policy.keyAlgorithms.join(', ')}`,
      policy.defaultKeyAlgorithm,
    );
  if (policy.renewalDays > policy.validityDays)
    fault('renewalDays', `at most ${policy.validityDays}`, String(policy.renewalDays));
  checkPatterns('subjectRegexes', policy.subjectRegexes, fault);
  checkPatterns('sans.regexes', policy.sans.regexes, fault);
  if (policy.sans.required && policy.sans.allowed.length === 0)
    fault('sans.required', 'a type that is allowed', 'none');

  const roles = await db.selectFrom('roles').select('name').execute();
  policy.allowedRequesters.forEach((role, i) => {
    if (!roles.some(({ name }) => name === role))
      fault(`allowedRequesters.${i}`, 'a role that is there', role);
  });
  const fields = await db.selectFrom('metadata_fields').select('name').execute();
  for (const field of Object.keys(policy.metadataFields))
    if (!fields.some(({ name }) => name === field))
      fault(`metadataFields.${field}`, 'a metadata field that is there', field);
  refuse(faults);
}

/** The same for what holds for all templates. Throws `request_invalid`. */
export function assertGlobalPolicy(policy: GlobalPolicy): void {
  const faults: FieldFault[] = [];
  const fault = (field: string, expected: string, got: string) =>
    void faults.push({ field, expected, got: got.slice(0, 300) });
  checkPatterns('subjectRegexes', policy.subjectRegexes, fault);
  checkPatterns('sanRegexes', policy.sanRegexes, fault);
  refuse(faults);
}

function checkPatterns(
  field: string,
  rules: readonly (SubjectRegex | SanRegex)[],
  fault: (field: string, expected: string, got: string) => void,
): void {
  rules.forEach(({ regex }, i) => {
    const reason = patternFault(regex);
    if (reason !== null) fault(`${field}.${i}.regex`, `a regular expression (${reason})`, regex);
  });
}

function isExtendedKeyUsage(usage: string): boolean {
  try {
    return extendedKeyUsageOid(usage) !== '';
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return false;
    throw error;
  }
}

function refuse(faults: readonly FieldFault[]): void {
  const [first] = faults;
  if (first === undefined) return;
  throw new ServerError(
    'request_invalid',
    `${first.field}: expected ${first.expected}, got ${first.got}`,
    { members: { in: 'body', errors: faults } },
  );
}
