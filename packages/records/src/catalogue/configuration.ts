import { dogtag, example, line, own } from './define.ts';
import type { EventDefinition } from './definition.ts';
import type { CategoryName } from './categories.ts';

const PARAMETERS = 'SubjectID Outcome ParamNameValPairs';

/** Dogtag's CONFIG_ events differ in what was changed; the parameters say how. */
function change(
  name: string,
  thing: string,
  description: string,
  more: {
    readonly category?: CategoryName;
    readonly extended?: boolean;
    readonly always?: boolean;
    readonly attributes?: string;
  } = {},
): EventDefinition {
  const { category = 'Configuration', attributes = PARAMETERS, ...rules } = more;
  return dogtag({
    ...rules,
    name,
    title: `${thing.charAt(0).toUpperCase()}${thing.slice(1)} changed`,
    description,
    group: 'Configuration',
    category,
    operation: 'Updated',
    attributes,
    sentence: {
      Success: `{actor} changed ${thing}[: {reason|change!}]`,
      Failure: `{actor} could not change ${thing}[: {change!}][; {reason!}]`,
    },
    examples: [
      line(
        'Success',
        {
          SubjectID: 'caadmin',
          Outcome: 'Success',
          ParamNameValPairs: 'Scope;;general+Operation;;OP_MODIFY+Resource;;item',
        },
        `'caadmin' changed ${thing}: modify 'item' in general`,
      ),
      line(
        'Failure',
        { SubjectID: 'caadmin', Outcome: 'Failure', ParamNameValPairs: '<null>' },
        `'caadmin' could not change ${thing}`,
      ),
    ],
  });
}

export const CONFIGURATION = [
  change('CONFIG_ROLE', 'users and roles', 'Users, groups, memberships or certificates of users.', {
    extended: true,
    always: true,
  }),
  change('CONFIG_ACL', 'access rules', 'The rules that say who may do what.', { always: true }),
  change('CONFIG_AUTH', 'authentication', 'The ways in which users prove who they are.'),
  change('CONFIG_SIGNED_AUDIT', 'audit settings', 'What is audited, and how it is signed.', {
    extended: true,
    always: true,
  }),
  change('CONFIG_CERT_PROFILE', 'a certificate profile', 'What certificates of a kind look like.', {
    category: 'Template',
    extended: true,
  }),
  change(
    'CONFIG_CERT_POLICY',
    'certificate policies',
    'Policies from before there were profiles.',
    {
      category: 'Template',
      extended: true,
    },
  ),
  change('CONFIG_CRL_PROFILE', 'CRL settings', 'Extensions, schedule and format of CRLs.', {
    category: 'Crl',
    extended: true,
  }),
  change('CONFIG_OCSP_PROFILE', 'OCSP settings', 'How the OCSP responder answers.', {
    category: 'Ocsp',
    extended: true,
  }),
  change('CONFIG_DRM', 'key recovery settings', 'How archived keys are kept and recovered.', {
    category: 'KeyRecovery',
    extended: true,
  }),
  change('CONFIG_ENCRYPTION', 'encryption settings', 'System certificates in use, TLS ciphers.'),
  change(
    'CONFIG_TRUSTED_PUBLIC_KEY',
    'trusted certificates',
    'A certificate was imported or deleted, or its trust changed.',
    { extended: true },
  ),
  change(
    'CONFIG_SERIAL_NUMBER',
    'number ranges',
    'A range of serial, request or replica numbers was handed to a clone.',
  ),
  change(
    'SECURITY_DOMAIN_UPDATE',
    'the security domain',
    'A subsystem joined or left the security domain, or its sessions were cleaned up.',
  ),
  change('AUTHORITY_CONFIG', 'a certificate authority', 'A sub-CA in the same server.', {
    category: 'CertificateAuthority',
    extended: true,
  }),
  change('CONFIG_TOKEN_GENERAL', 'smart-card settings', 'General settings of the token system.', {
    attributes: 'SubjectID Outcome Service ParamNameValPairs Info',
  }),
  change('CONFIG_TOKEN_PROFILE', 'a smart-card profile', 'What is put on cards of a kind.', {
    attributes: 'SubjectID Outcome Service ProfileID ParamNameValPairs Info',
  }),
  change(
    'CONFIG_TOKEN_AUTHENTICATOR',
    'a smart-card authenticator',
    'How card holders prove who they are.',
    { attributes: 'SubjectID Outcome OP Authenticator ParamNameValPairs Info' },
  ),
  change(
    'CONFIG_TOKEN_CONNECTOR',
    'a smart-card connector',
    'How the token system reaches other subsystems.',
    { attributes: 'SubjectID Outcome Service Connector ParamNameValPairs Info' },
  ),
  change('CONFIG_TOKEN_MAPPING_RESOLVER', 'a smart-card mapping', 'Which profile a card gets.', {
    attributes: 'SubjectID Outcome Service MappingResolverID ParamNameValPairs Info',
  }),
  change('CONFIG_TOKEN_RECORD', 'a smart-card record', 'What is known about a card.', {
    category: 'Token',
    attributes: 'SubjectID Outcome OP TokenID ParamNameValPairs Info',
  }),
  own({
    name: 'CONFIG_SETTING',
    title: 'Setting changed',
    description: 'A setting of the product; before and after hold its values.',
    group: 'Configuration',
    category: 'ApplicationSetting',
    operation: 'Updated',
    attributes: '',
    always: true,
    sentence: {
      Success: '{actor} changed the setting {target}',
      Failure: '{actor} could not change the setting {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'admin',
        { target: { type: 'setting', id: 'session.idleMinutes' } },
        "'admin' changed the setting 'session.idleMinutes'",
      ),
    ],
  }),
];
