import type { Template } from '../api/certificates.ts';
import { SAN_NAMES } from '../certificates/alternative-names.ts';
import { plural } from '../lib/format.ts';
import { PART_NAMES } from './subject.ts';

/** A rule of a template in words: what it is about, and what it says. */
export interface PolicyLine {
  readonly about: string;
  readonly says: string;
}

/** What a template asks for and gives, in the order in which somebody filling in the form needs it. */
export function policyLines({ policy }: Pick<Template, 'policy'>): PolicyLine[] {
  const { sans, subjectRegexes, subjectDefaults } = policy;
  const lines: PolicyLine[] = [
    { about: 'Valid for', says: plural(policy.validityDays, 'day') },
    { about: 'Keys', says: policy.keyAlgorithms.join(', ') },
    { about: 'Alternative names', says: namesText(policy) },
  ];
  for (const { part, error, regex } of subjectRegexes) {
    lines.push({ about: PART_NAMES[part] ?? part, says: error === '' ? regex : error });
  }
  for (const { type, error, regex } of sans.regexes) {
    lines.push({ about: SAN_NAMES[type], says: error === '' ? regex : error });
  }
  const defaults = Object.entries(subjectDefaults);
  if (defaults.length > 0) {
    lines.push({
      about: 'Added',
      says: defaults.map(([part, value]) => `${part}=${value}`).join(', '),
    });
  }
  const usage = [...policy.keyUsage, ...policy.extendedKeyUsage];
  if (usage.length > 0) lines.push({ about: 'Usage', says: usage.join(', ') });
  if (policy.requiresApproval) {
    lines.push({ about: 'Approval', says: 'Somebody else has to approve it first' });
  }
  return lines;
}

function namesText({ sans, allowWildcards }: Template['policy']): string {
  if (sans.allowed.length === 0) return 'None';
  const kinds = sans.allowed.map((type) => SAN_NAMES[type]).join(', ');
  const wildcards = sans.allowed.includes('dns')
    ? `, wildcards ${allowWildcards ? 'allowed' : 'not allowed'}`
    : '';
  return `${kinds}${sans.required ? ', at least one' : ''}${wildcards}`;
}
