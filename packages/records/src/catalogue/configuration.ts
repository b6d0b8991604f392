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
    always: true,
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
    always: true,
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
    description:
      'A setting of the product was changed, came or went with a release, or how mail is sent; before and after hold it, never a secret.',
    group: 'Configuration',
    category: 'ApplicationSetting',
    operation: 'Updated',
    attributes: '',
    always: true,
    sentence: {
      Success: '{actor} changed the setting {target}[ ({reason!})]',
      Failure: '{actor} could not change the setting {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'admin',
        {
          target: {
            type: 'setting',
            id: 'certificates.pageSize',
            name: 'Certificates on a page',
          },
        },
        "'admin' changed the setting 'Certificates on a page'",
      ),
      example(
        'Success',
        'countersign',
        {
          target: { type: 'setting', id: 'alerts.retryHours', name: 'Hours a message is tried' },
          reason: 'the product has another default',
        },
        "The system changed the setting 'Hours a message is tried' (the product has another default)",
      ),
    ],
  }),
  own({
    name: 'CONFIG_ALERT',
    title: 'Alert changed',
    description:
      'An alert was made, changed or deleted, or the schedule of a kind of alerts; before and after hold it.',
    group: 'Configuration',
    category: 'ExpirationAlert',
    operation: 'Updated',
    attributes: '',
    always: true,
    sentence: {
      Success: '{actor} changed the alert {target}[ ({reason!})]',
      Failure: '{actor} could not change the alert {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'admin',
        { target: { type: 'alert', id: '3', name: 'Web servers, 30 days' } },
        "'admin' changed the alert 'Web servers, 30 days'",
      ),
    ],
  }),
  own({
    name: 'ALERT_SENT',
    always: true,
    title: 'Alert sent',
    description:
      'A message about one certificate or request went out, or could not; the recipients are attributes.',
    group: 'Configuration',
    category: 'ExpirationAlert',
    operation: 'Sent',
    attributes: 'Outcome Delivery Recipients Webhook Refused Attempt',
    variants: ['any: Outcome Delivery Recipients? Webhook? Refused? Attempt?'],
    sentence: {
      Success: '{actor} sent the alert {target}[ to {Recipients!}][ ({reason!})]',
      Failure: '{actor} could not send the alert {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'countersign',
        {
          target: { type: 'alert', id: '3', name: 'Web servers, 30 days' },
          attributes: [
            ['Outcome', 'Success'],
            ['Delivery', '0f0d8a5c-3f0e-4f8e-9c2a-b9f7a1d2c3e4'],
            ['Recipients', 'pki@example.com'],
          ],
        },
        "The system sent the alert 'Web servers, 30 days' to pki@example.com",
      ),
      example(
        'Failure',
        'countersign',
        {
          target: { type: 'alert', id: '3', name: 'Web servers, 30 days' },
          attributes: [
            ['Outcome', 'Failure'],
            ['Delivery', '0f0d8a5c-3f0e-4f8e-9c2a-b9f7a1d2c3e4'],
            ['Attempt', '2'],
          ],
          reason: 'no connection to mail.example.com:587: connection refused',
        },
        "The system could not send the alert 'Web servers, 30 days': no connection to mail.example.com:587: connection refused",
      ),
    ],
  }),
];
