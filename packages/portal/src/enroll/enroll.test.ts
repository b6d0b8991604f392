import { expect, test } from 'vitest';
import type { TemplatePolicy } from '../api/certificates.ts';
import { parseEnrollSearch, waysOf } from './enroll-search.ts';
import { policyLines } from './policy-text.ts';

const policy: TemplatePolicy = {
  validityDays: 365,
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: ['serverAuth'],
  keyAlgorithms: ['P-256', 'RSA-3072'],
  defaultKeyAlgorithm: 'P-256',
  subjectDefaults: { O: 'Example' },
  subjectRegexes: [{ part: 'CN', regex: '^.+$', error: 'a common name' }],
  sans: { allowed: ['dns', 'ip'], required: true, regexes: [], commonNameAsDns: true },
  allowWildcards: false,
  allowKeyReuse: false,
  enrollment: ['csr', 'csr-generation'],
  requiresApproval: true,
  allowedRequesters: [],
  keyRetention: 'none',
  keyRetentionDays: 0,
  metadataFields: {},
  renewalDays: 30,
};

test('the policy of a template reads as what one has to know', () => {
  expect(policyLines({ policy })).toEqual([
    { about: 'Valid for', says: '365 days' },
    { about: 'Keys', says: 'P-256, RSA-3072' },
    {
      about: 'Alternative names',
      says: 'DNS name, IP address, at least one, wildcards not allowed',
    },
    { about: 'Common name', says: 'a common name' },
    { about: 'Added', says: 'O=Example' },
    { about: 'Usage', says: 'digitalSignature, serverAuth' },
    { about: 'Approval', says: 'Somebody else has to approve it first' },
  ]);
});

test('only what a template offers is offered, and an address says where to begin', () => {
  expect(waysOf({ policy })).toEqual(['csr']);
  expect(parseEnrollSearch({ way: 'pfx', template: 'Web', renews: '12' })).toEqual({
    way: 'pfx',
    template: 'Web',
    renews: 12,
  });
  expect(parseEnrollSearch({ way: 'magic', renews: 'x' })).toEqual({});
});
