import { isIP } from 'node:net';
import { checkAltName, type SubjectAltName } from '../ca/alt-names.ts';
import type { KeyAlgorithm } from '../ca/key-algorithm.ts';
import { commonNameOf, formatDn, parseDn, type DistinguishedName } from '../ca/names.ts';
import { ServerError, type FieldFault } from '../errors.ts';
import { matchesPattern } from './pattern.ts';
import {
  effectivePolicy,
  type EnrollmentType,
  type GlobalPolicy,
  type TemplatePolicy,
} from './policy.ts';
import { partValues, withDefaults } from './subject-parts.ts';

/** What somebody asks for. */
export interface Wanted {
  readonly kind: EnrollmentType;
  readonly subject: string;
  readonly sans: readonly SubjectAltName[];
  /** Of the key in the request, null when it is none of ours; undefined: one is made here, by the template's default. */
  readonly keyAlgorithm: KeyAlgorithm | null | undefined;
  /** The subject of a certificate that has the same key already. */
  readonly keyUsedBy?: string | null;
  /** Faults found elsewhere, in metadata: all are told together. */
  readonly faults?: readonly FieldFault[];
}

/** What is to be issued. */
export interface Resolved {
  readonly subject: string;
  readonly sans: readonly SubjectAltName[];
  readonly keyAlgorithm: KeyAlgorithm;
  readonly keyUsage: readonly string[];
  readonly extendedKeyUsage: readonly string[];
  readonly validityDays: number;
  readonly requiresApproval: boolean;
}

/** The policy that decides about a request. */
export interface Decisive {
  readonly name: string;
  readonly enabled: boolean;
  readonly policy: TemplatePolicy;
}

/**
 * Makes of what somebody asks for what is to be issued, by a template and what holds for all of them. Who asks is not
 * looked at here (`mayRequest`). Pure.
 *
 * @throws ServerError `request_invalid` with every faulty field, `template_disabled`
 */
export function resolveRequest(wanted: Wanted, template: Decisive, global: GlobalPolicy): Resolved {
  if (!template.enabled)
    throw new ServerError('template_disabled', `template "${template.name}" is not in use`);
  const policy = effectivePolicy(template.policy, global);
  const faults: FieldFault[] = [...(wanted.faults ?? [])];
  const fault = (field: string, expected: string, got: string) =>
    void faults.push({ field, expected, got: got.slice(0, 300) });

  if (!policy.enrollment.includes(wanted.kind)) {
    const ways = policy.enrollment.join(', ') || 'none';
    fault('template', `one for ${wanted.kind}; this one is for ${ways}`, template.name);
  }
  const keyAlgorithm = chooseKey(wanted, policy, fault);
  const name = readSubject(wanted.subject, policy, fault);
  const sans = readSans(wanted.sans, name, policy, fault);
  if (name !== null) {
    for (const { part, regex, error } of policy.subjectRegexes) {
      const values = partValues(name, part);
      // What a part has to look like demands that it is there, unless nothing will do.
      for (const value of values.length === 0 ? [''] : values)
        if (!matchesPattern(regex, value))
          fault(`subject.${part}`, error || `something that matches ${regex}`, quoted(value));
    }
    if (name.length === 0 && sans.length === 0)
      fault('subject', 'a subject or alternative names', 'neither');
  }
  if (faults.length > 0 || keyAlgorithm === null || name === null) throw refused(template, faults);
  return {
    subject: formatDn(name),
    sans,
    keyAlgorithm,
    keyUsage: usagesFor(keyAlgorithm, policy.keyUsage),
    extendedKeyUsage: policy.extendedKeyUsage,
    validityDays: policy.validityDays,
    requiresApproval: policy.requiresApproval,
  };
}

/** Whether somebody with these roles may ask for certificates by a template. */
export function mayRequest(policy: TemplatePolicy, roles: readonly string[]): boolean {
  const { allowedRequesters } = policy;
  return allowedRequesters.length === 0 || allowedRequesters.some((role) => roles.includes(role));
}

type Fault = (field: string, expected: string, got: string) => void;

function chooseKey(
  { kind, keyAlgorithm, keyUsedBy = null }: Wanted,
  policy: TemplatePolicy,
  fault: Fault,
): KeyAlgorithm | null {
  const field = kind === 'csr' ? 'csr.key' : 'keyAlgorithm';
  const allowed = policy.keyAlgorithms.join(', ') || 'no key at all';
  const chosen = keyAlgorithm === undefined ? policy.defaultKeyAlgorithm : keyAlgorithm;
  if (chosen === null || !policy.keyAlgorithms.includes(chosen)) {
    fault(field, `one of ${allowed}`, chosen ?? 'another kind of key');
    return null;
  }
  if (keyUsedBy !== null && !policy.allowKeyReuse)
    fault(field, 'a key that is in no certificate yet', `that of "${keyUsedBy}"`);
  return chosen;
}

function readSubject(
  subject: string,
  policy: TemplatePolicy,
  fault: Fault,
): DistinguishedName | null {
  try {
    return withDefaults(parseDn(subject), policy.subjectDefaults);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    fault('subject', error.message.replace(/^subject: (?:expected )?/, ''), quoted(subject));
    return null;
  }
}

function readSans(
  wanted: readonly SubjectAltName[],
  name: DistinguishedName | null,
  policy: TemplatePolicy,
  fault: Fault,
): SubjectAltName[] {
  const sans = new Map<string, SubjectAltName>();
  const add = (san: SubjectAltName) => sans.set(`${san.type}:${san.value.toLowerCase()}`, san);
  for (const [i, one] of wanted.entries()) {
    try {
      add(checkAltName(one));
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      fault(`sans.${i}`, `${one.type}: a well-formed name`, quoted(one.value));
    }
  }
  const commonName = name === null ? null : commonNameOf(name);
  if (policy.sans.commonNameAsDns && commonName !== null) {
    const own = asHost(commonName);
    if (own === null) fault('subject.CN', 'a host name or an IP address', quoted(commonName));
    else add(own);
  }
  const list = [...sans.values()];
  for (const { type, value } of list) {
    const field = `sans.${type}`;
    if (!policy.sans.allowed.includes(type)) {
      const allowed = policy.sans.allowed.join(', ') || 'no alternative names';
      fault(field, allowed, quoted(value));
      continue;
    }
    if (type === 'dns' && value.startsWith('*.') && !policy.allowWildcards)
      fault(field, 'no wildcard', quoted(value));
    for (const rule of policy.sans.regexes)
      if (rule.type === type && !matchesPattern(rule.regex, value))
        fault(field, rule.error || `something that matches ${rule.regex}`, quoted(value));
  }
  for (const value of name === null ? [] : partValues(name, 'CN'))
    if (value.startsWith('*.') && !policy.allowWildcards)
      fault('subject.CN', 'no wildcard', quoted(value));
  if (policy.sans.required && list.length === 0)
    fault('sans', 'at least one alternative name', 'none');
  return list;
}

function asHost(commonName: string): SubjectAltName | null {
  const type = isIP(commonName) === 0 ? 'dns' : 'ip';
  try {
    return checkAltName({ type, value: commonName });
  } catch (error) {
    if (error instanceof ServerError) return null;
    throw error;
  }
}

/** Of the usages a template names, those that a key of this kind can have: only RSA enciphers keys, only curves agree on them. */
function usagesFor(algorithm: KeyAlgorithm, keyUsage: readonly string[]): string[] {
  const enciphers = algorithm.startsWith('RSA-');
  const agrees = algorithm.startsWith('P-');
  return keyUsage.filter((usage) => {
    if (usage === 'keyEncipherment' || usage === 'dataEncipherment') return enciphers;
    if (usage === 'keyAgreement') return agrees;
    return true;
  });
}

function refused({ name }: Decisive, faults: readonly FieldFault[]): ServerError {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  const what =
    first === undefined
      ? ''
      : `${first.field}: expected ${first.expected}, got ${first.got}${more}`;
  return new ServerError('request_invalid', `template "${name}": ${what}`, {
    members: { in: 'body', errors: faults },
  });
}

function quoted(value: string): string {
  return value === '' ? 'nothing' : `"${value}"`;
}
