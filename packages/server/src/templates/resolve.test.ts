import { describe, expect, test } from 'vitest';
import { ServerError } from '../errors.ts';
import { matchesPattern } from './pattern.ts';
import {
  DEFAULT_GLOBAL_POLICY,
  DEFAULT_POLICY,
  type GlobalPolicy,
  type TemplatePolicy,
} from './policy.ts';
import { mayRequest, resolveRequest, type Wanted } from './resolve.ts';

const WANTED: Wanted = {
  kind: 'csr',
  subject: 'CN=www.example.com',
  sans: [],
  keyAlgorithm: 'P-256',
};

function resolve(
  wanted: Partial<Wanted>,
  policy: Partial<TemplatePolicy> = {},
  global: Partial<GlobalPolicy> = {},
) {
  const template = { name: 'T', enabled: true, policy: { ...DEFAULT_POLICY, ...policy } };
  return resolveRequest({ ...WANTED, ...wanted }, template, {
    ...DEFAULT_GLOBAL_POLICY,
    ...global,
  });
}

/** The faulty fields of a refusal: `field: expected … got …`. */
function faults(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'request_invalid') throw error;
    const { errors } = error.members as {
      errors: { field: string; expected: string; got: string }[];
    };
    return errors.map(({ field, expected, got }) => `${field}: ${expected}, got ${got}`);
  }
  return [];
}

const SANS = DEFAULT_POLICY.sans;

test('what is asked for becomes what is issued', () => {
  expect(
    resolve(
      { subject: 'CN=WWW.example.com', sans: [{ type: 'dns', value: 'API.Example.com' }] },
      {
        keyUsage: ['digitalSignature', 'keyEncipherment'],
        extendedKeyUsage: ['serverAuth'],
        subjectDefaults: { O: 'Example', C: 'DE', CN: 'not used' },
        sans: { ...SANS, commonNameAsDns: true },
        validityDays: 90,
      },
    ),
  ).toEqual({
    subject: 'CN=WWW.example.com,O=Example,C=DE',
    sans: [
      { type: 'dns', value: 'api.example.com' },
      { type: 'dns', value: 'www.example.com' },
    ],
    keyAlgorithm: 'P-256',
    // A curve enciphers no keys.
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['serverAuth'],
    validityDays: 90,
    requiresApproval: false,
  });
});

test('usages are those that a key of the kind can have', () => {
  const keyUsage = ['digitalSignature', 'keyEncipherment', 'keyAgreement'] as const;
  const usages = (keyAlgorithm: 'RSA-2048' | 'P-256' | 'Ed25519') =>
    resolve({ keyAlgorithm }, { keyUsage, keyAlgorithms: [keyAlgorithm] }).keyUsage;
  expect(usages('RSA-2048')).toEqual(['digitalSignature', 'keyEncipherment']);
  expect(usages('P-256')).toEqual(['digitalSignature', 'keyAgreement']);
  expect(usages('Ed25519')).toEqual(['digitalSignature']);
});

test('a default goes where its part belongs', () => {
  const subject = (given: string, subjectDefaults: Record<string, string>) =>
    resolve({ subject: given }, { subjectDefaults }).subject;
  expect(subject('CN=a,C=DE', { OU: 'IT', L: 'Bonn' })).toBe('CN=a,OU=IT,L=Bonn,C=DE');
  expect(subject('O=Mine', { O: 'Default', CN: 'a' })).toBe('CN=a,O=Mine');
  expect(subject('', { CN: 'a+b, c' })).toBe('CN=a\\+b\\, c');
});

test('every faulty field is named at once', () => {
  expect(
    faults(() =>
      resolve(
        {
          kind: 'pfx',
          subject: 'CN=*.example.com,O=Other',
          keyAlgorithm: 'Ed25519',
          sans: [
            { type: 'email', value: 'a@b.c' },
            { type: 'dns', value: 'not a host' },
          ],
        },
        {
          enrollment: ['csr'],
          keyAlgorithms: ['RSA-2048', 'P-256'],
          subjectRegexes: [
            { part: 'O', regex: '^Example$', error: 'the name of our house' },
            { part: 'OU', regex: '^.+$', error: '' },
          ],
          sans: {
            ...SANS,
            allowed: ['dns'],
            regexes: [{ type: 'dns', regex: '\\.example\\.com$', error: 'a host of ours' }],
          },
        },
      ),
    ),
  ).toEqual([
    'template: one for pfx; this one is for csr, got T',
    'keyAlgorithm: one of RSA-2048, P-256, got Ed25519',
    'sans.1: dns: a well-formed name, got "not a host"',
    'sans.email: dns, got "a@b.c"',
    'subject.CN: no wildcard, got "*.example.com"',
    'subject.O: the name of our house, got "Other"',
    'subject.OU: something that matches ^.+$, got nothing',
  ]);
});

const REFUSALS: readonly [name: string, work: () => unknown, faults: string[]][] = [
  [
    'a subject that is none',
    () => resolve({ subject: 'www.example.com' }),
    ['subject: a part like CN=value, got "www.example.com", got "www.example.com"'],
  ],
  [
    'neither subject nor names',
    () => resolve({ subject: '' }),
    ['subject: a subject or alternative names, got neither'],
  ],
  [
    'no alternative name where one is demanded',
    () => resolve({}, { sans: { ...SANS, required: true } }),
    ['sans: at least one alternative name, got none'],
  ],
  [
    'a common name that is no host',
    () => resolve({ subject: 'CN=My Server' }, { sans: { ...SANS, commonNameAsDns: true } }),
    ['subject.CN: a host name or an IP address, got "My Server"'],
  ],
  [
    'a wildcard that templates alone allow',
    () =>
      resolve(
        { sans: [{ type: 'dns', value: '*.example.com' }] },
        { allowWildcards: true },
        { allowWildcards: false },
      ),
    ['sans.dns: no wildcard, got "*.example.com"'],
  ],
  [
    'a wildcard behind another common name',
    () => resolve({ subject: 'CN=www.example.com,CN=*.example.com' }, { allowWildcards: false }),
    ['subject.CN: no wildcard, got "*.example.com"'],
  ],
  [
    'a key of no known kind',
    () => resolve({ keyAlgorithm: null }),
    ['csr.key: one of RSA-2048, RSA-3072, RSA-4096, P-256, P-384, got another kind of key'],
  ],
  [
    'a key that all templates together forbid',
    () => resolve({}, {}, { keyAlgorithms: ['RSA-4096'] }),
    ['csr.key: one of RSA-4096, got P-256'],
  ],
  [
    'a key that has a certificate',
    () => resolve({ keyUsedBy: 'CN=old' }),
    ['csr.key: a key that is in no certificate yet, got that of "CN=old"'],
  ],
  [
    'a rule for all templates',
    () => resolve({}, {}, { subjectRegexes: [{ part: 'CN', regex: '^x', error: 'an x' }] }),
    ['subject.CN: an x, got "www.example.com"'],
  ],
];
test.each(REFUSALS)('refuses %s', (_name, work, expected) => {
  expect(faults(work)).toEqual(expected);
});

describe('what holds for all templates', () => {
  test('shortens lifetimes, and lengthens none', () => {
    expect(resolve({}, { validityDays: 365 }, { maximumDays: 90 }).validityDays).toBe(90);
    expect(resolve({}, { validityDays: 30 }, { maximumDays: 90 }).validityDays).toBe(30);
  });
  test("stands back behind a template's own rules and values", () => {
    const own = {
      subjectRegexes: [{ part: 'CN', regex: '^w', error: '' }],
      subjectDefaults: { O: 'Own' },
    } as const;
    const all = {
      subjectRegexes: [{ part: 'CN', regex: '^x', error: '' }],
      subjectDefaults: { O: 'All', C: 'DE' },
    } as const;
    expect(resolve({}, own, all).subject).toBe('CN=www.example.com,O=Own,C=DE');
  });
  test('lets a key be used again only where both allow it', () => {
    const keyUsedBy = 'CN=old';
    expect(resolve({ keyUsedBy }, { allowKeyReuse: true }).keyAlgorithm).toBe('P-256');
    expect(
      faults(() => resolve({ keyUsedBy }, { allowKeyReuse: true }, { allowKeyReuse: false })),
    ).toHaveLength(1);
  });
});

test('a template that is not in use issues nothing', () => {
  const template = { name: 'Old', enabled: false, policy: DEFAULT_POLICY };
  expect(() => resolveRequest(WANTED, template, DEFAULT_GLOBAL_POLICY)).toThrow(
    expect.objectContaining({
      code: 'template_disabled',
      message: 'template "Old" is not in use',
    }),
  );
});

test('those whom a template names may ask, everybody where it names nobody', () => {
  const policy = { ...DEFAULT_POLICY, allowedRequesters: ['CA Operations'] };
  expect(mayRequest(policy, ['RA'])).toBe(false);
  expect(mayRequest(policy, ['RA', 'CA Operations'])).toBe(true);
  expect(mayRequest(DEFAULT_POLICY, [])).toBe(true);
});

test('a pattern that goes back and forth for ever is cut off', () => {
  const begin = performance.now();
  expect(() => matchesPattern('^(a+)+$', `${'a'.repeat(60)}b`)).toThrow(
    expect.objectContaining({
      code: 'pattern_too_slow',
      message:
        'the pattern ^(a+)+$ takes more than 200 ms for a text of 61 characters: it has to be written in another way',
    }),
  );
  expect(performance.now() - begin).toBeLessThan(5_000);
  expect(matchesPattern('^(a+)+$', 'aaa')).toBe(true);
});
