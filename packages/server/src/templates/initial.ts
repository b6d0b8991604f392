import type { State } from '../database/open.ts';
import type { Recorder } from '../recording/recorder.ts';
import { DEFAULT_POLICY, type TemplatePolicy } from './policy.ts';
import { templateChange } from './records.ts';
import { insertTemplate, templateModel, type NewTemplate } from './templates.ts';

function template(
  name: string,
  displayName: string,
  description: string,
  policy: Partial<TemplatePolicy>,
): NewTemplate {
  return {
    name,
    displayName,
    description,
    enabled: true,
    policy: { ...DEFAULT_POLICY, ...policy },
  };
}

const WEB_SERVER: Partial<TemplatePolicy> = {
  keyUsage: ['digitalSignature', 'keyEncipherment'],
  extendedKeyUsage: ['serverAuth'],
  sans: { allowed: ['dns', 'ip'], required: true, regexes: [], commonNameAsDns: true },
};

/** The templates that every installation begins with. */
export const INITIAL_TEMPLATES: readonly NewTemplate[] = [
  template('WebServer', 'Web Server', 'TLS servers, by host name or address', WEB_SERVER),
  template(
    'WebServerApproved',
    'Web Server with approval',
    'TLS servers; wildcards too, and somebody else has to agree',
    { ...WEB_SERVER, allowWildcards: true, requiresApproval: true },
  ),
  template('ClientAuthentication', 'Client Authentication', 'People and programs, for TLS', {
    extendedKeyUsage: ['clientAuth'],
    sans: {
      allowed: ['email', 'upn', 'dns', 'uri'],
      required: false,
      regexes: [],
      commonNameAsDns: false,
    },
    subjectRegexes: [{ part: 'CN', regex: '^.+$', error: 'a common name' }],
  }),
  template('CodeSigning', 'Code Signing', 'Programs and scripts; somebody else has to agree', {
    extendedKeyUsage: ['codeSigning'],
    keyAlgorithms: ['RSA-3072', 'RSA-4096', 'P-256', 'P-384'],
    sans: { allowed: [], required: false, regexes: [], commonNameAsDns: false },
    subjectRegexes: [{ part: 'CN', regex: '^.+$', error: 'a common name' }],
    requiresApproval: true,
  }),
  template('SMIME', 'S/MIME', 'Signed and encrypted mail; the key is kept for recovery', {
    keyUsage: ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyAgreement'],
    extendedKeyUsage: ['emailProtection'],
    validityDays: 730,
    sans: { allowed: ['email'], required: true, regexes: [], commonNameAsDns: false },
    keyRetention: 'after-expiration',
    keyRetentionDays: 365,
  }),
  template('Device', 'Device', 'Machines that are client and server', {
    keyUsage: ['digitalSignature', 'keyEncipherment'],
    extendedKeyUsage: ['serverAuth', 'clientAuth'],
    keyAlgorithms: ['RSA-2048', 'RSA-3072', 'P-256', 'P-384', 'Ed25519', 'ML-DSA-44', 'ML-DSA-65'],
    validityDays: 825,
    sans: { allowed: ['dns', 'ip', 'uri'], required: false, regexes: [], commonNameAsDns: false },
    subjectRegexes: [{ part: 'CN', regex: '^.+$', error: 'a common name' }],
  }),
];

/** Makes them at the first start, each with its record; an installation that has templates keeps those it has. */
export async function createInitialTemplates(parts: {
  state: State;
  recorder: Recorder;
  clock: () => Date;
}): Promise<void> {
  const { state, recorder, clock } = parts;
  const there = await state.db
    .selectFrom('settings')
    .select('key')
    .where('key', '=', MADE)
    .execute();
  if (there.length > 0) return;
  await recorder.audited(async (tx) => {
    await tx.db
      .insertInto('settings')
      .values({ key: MADE, value: JSON.stringify(clock().toISOString()) })
      .execute();
    for (const one of INITIAL_TEMPLATES) {
      await insertTemplate(tx.db, one, clock());
      tx.record(
        templateChange({ operation: 'Created', name: one.name }, null, 'Success', {
          after: templateModel(one),
        }),
      );
    }
  });
}

/** Says that they were made: who deletes all of them does not find them again. */
const MADE = 'templates.initial';
