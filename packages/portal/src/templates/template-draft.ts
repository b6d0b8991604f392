import type { Template, TemplatePolicy } from '../api/certificates.ts';
import type { DiffRow } from '../components/diff-rows.ts';

/** A template while it is changed. */
export type TemplateDraft = Pick<Template, 'displayName' | 'description' | 'enabled' | 'policy'>;

type Policy = TemplatePolicy;
export type PolicyKey = keyof Policy;

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function policyKeys(policy: Policy): PolicyKey[] {
  return Object.keys(policy) as PolicyKey[];
}

/** What is sent to save a draft: only what is other than before. */
export function changesOf(before: TemplateDraft, after: TemplateDraft): Record<string, unknown> {
  const { policy: old, ...facts } = before;
  const changes: Record<string, unknown> = {};
  for (const key of ['displayName', 'description', 'enabled'] as const) {
    if (!isSame(facts[key], after[key])) changes[key] = after[key];
  }
  const policy = policyKeys(after.policy).filter((key) => !isSame(old[key], after.policy[key]));
  if (policy.length > 0) {
    changes['policy'] = Object.fromEntries(policy.map((key) => [key, after.policy[key]]));
  }
  return changes;
}

/** The same, line by line, for whoever is about to save it. */
export function diffOf(before: TemplateDraft, after: TemplateDraft): DiffRow[] {
  const rows: DiffRow[] = [];
  const add = (name: string, old: unknown, now: unknown) => {
    if (isSame(old, now)) return;
    rows.push({ sign: '−', text: `${name}: ${textOf(old)}` });
    rows.push({ sign: '+', text: `${name}: ${textOf(now)}` });
  };
  add('shown as', before.displayName, after.displayName);
  add('what it is for', before.description, after.description);
  add('enabled', before.enabled, after.enabled);
  for (const key of policyKeys(after.policy)) {
    if (key === 'sans') continue;
    add(POLICY_NAMES[key], before.policy[key], after.policy[key]);
  }
  const { sans } = after.policy;
  for (const key of ['allowed', 'required', 'regexes', 'commonNameAsDns'] as const) {
    add(SAN_RULE_NAMES[key], before.policy.sans[key], sans[key]);
  }
  return rows;
}

export const POLICY_NAMES: Readonly<Record<PolicyKey, string>> = {
  validityDays: 'valid for days',
  keyUsage: 'key usage',
  extendedKeyUsage: 'extended key usage',
  keyAlgorithms: 'keys',
  defaultKeyAlgorithm: 'default key',
  subjectDefaults: 'subject defaults',
  subjectRegexes: 'rules for the subject',
  sans: 'alternative names',
  allowWildcards: 'wildcards',
  allowKeyReuse: 'reuse of keys',
  enrollment: 'ways to enroll',
  requiresApproval: 'approval',
  allowedRequesters: 'roles',
  keyRetention: 'keys are kept',
  keyRetentionDays: 'keys are kept for days',
  metadataFields: 'metadata',
  renewalDays: 'renewal from days before',
};

const SAN_RULE_NAMES = {
  allowed: 'alternative names',
  required: 'alternative name needed',
  regexes: 'rules for alternative names',
  commonNameAsDns: 'common name is a host',
} as const;

function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value === '' ? 'nothing' : value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    return value.length === 0 ? 'none' : value.map((one) => textOf(one)).join('; ');
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return entries.length === 0
      ? 'none'
      : entries.map(([name, one]) => `${name}=${textOf(one)}`).join(', ');
  }
  return 'nothing';
}
