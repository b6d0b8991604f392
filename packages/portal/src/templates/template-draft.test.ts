import { expect, test } from 'vitest';
import type { TemplatePolicy } from '../api/certificates.ts';
import { changesOf, diffOf, type TemplateDraft } from './template-draft.ts';
import { readTemplates } from './template-file.ts';

const policy: TemplatePolicy = {
  validityDays: 365,
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [],
  keyAlgorithms: ['P-256'],
  defaultKeyAlgorithm: 'P-256',
  subjectDefaults: {},
  subjectRegexes: [],
  sans: { allowed: ['dns'], required: false, regexes: [], commonNameAsDns: false },
  allowWildcards: false,
  allowKeyReuse: false,
  enrollment: ['csr'],
  requiresApproval: false,
  allowedRequesters: [],
  keyRetention: 'none',
  keyRetentionDays: 0,
  metadataFields: {},
  renewalDays: 30,
};
const before: TemplateDraft = { displayName: 'Web', description: '', enabled: true, policy };

test('only what is other than before is sent', () => {
  expect(changesOf(before, before)).toEqual({});
  expect(
    changesOf(before, {
      ...before,
      enabled: false,
      policy: { ...policy, validityDays: 90, sans: { ...policy.sans, required: true } },
    }),
  ).toEqual({
    enabled: false,
    policy: { validityDays: 90, sans: { ...policy.sans, required: true } },
  });
});

test('what is about to be saved reads line by line', () => {
  const after = {
    ...before,
    policy: {
      ...policy,
      subjectDefaults: { O: 'Example' },
      sans: { ...policy.sans, allowed: ['dns', 'ip'] as const },
    },
  };
  expect(diffOf(before, after)).toEqual([
    { sign: '−', text: 'subject defaults: none' },
    { sign: '+', text: 'subject defaults: O=Example' },
    { sign: '−', text: 'alternative names: dns' },
    { sign: '+', text: 'alternative names: dns; ip' },
  ]);
  expect(diffOf(before, before)).toEqual([]);
});

test('a file of templates is a list, with or without its name', () => {
  expect(readTemplates('{"templates":[{"name":"a"}]}')).toEqual({
    templates: [{ name: 'a' }],
    fault: null,
  });
  expect(readTemplates('[1]').templates).toEqual([1]);
  expect(readTemplates('{').fault).toBe('Expected JSON.');
  expect(readTemplates('{"templates":[]}').fault).toBe('Expected a list of templates.');
});
