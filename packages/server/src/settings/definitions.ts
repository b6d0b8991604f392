import { isIP } from 'node:net';
import { X509Certificate } from 'node:crypto';

/** Where a setting is shown. */
export const SETTING_TABS = ['Console', 'Certificates', 'Enrollment', 'Alerts'] as const;
export type SettingTab = (typeof SETTING_TABS)[number];

interface Described {
  readonly tab: SettingTab;
  readonly displayName: string;
  readonly description: string;
}
export interface IntegerSetting extends Described {
  readonly type: 'integer';
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
}
export interface BooleanSetting extends Described {
  readonly type: 'boolean';
  readonly default: boolean;
}
export interface ChoiceSetting<T extends string = string> extends Described {
  readonly type: 'choice';
  readonly default: T;
  readonly options: readonly T[];
}
export interface StringSetting extends Described {
  readonly type: 'string';
  readonly default: string;
  readonly maximum: number;
  /** What a value must be besides; the sentence says what was expected. */
  readonly valid: (value: string) => boolean;
  readonly expected: string;
}
/** Sealed by the vault, never shown; empty: there is none. */
export interface SecretSetting extends Described {
  readonly type: 'secret';
  readonly default: '';
  readonly maximum: number;
}
export type SettingDefinition =
  | IntegerSetting
  | BooleanSetting
  | ChoiceSetting
  | StringSetting
  | SecretSetting;

function integer(
  tab: SettingTab,
  displayName: string,
  [standard, minimum, maximum]: readonly [standard: number, minimum: number, maximum: number],
  description: string,
): IntegerSetting {
  return { type: 'integer', tab, displayName, description, default: standard, minimum, maximum };
}

function boolean(
  tab: SettingTab,
  displayName: string,
  standard: boolean,
  description: string,
): BooleanSetting {
  return { type: 'boolean', tab, displayName, description, default: standard };
}

function choice<const T extends string>(
  tab: SettingTab,
  displayName: string,
  options: readonly [T, ...T[]],
  description: string,
): ChoiceSetting<T> {
  return { type: 'choice', tab, displayName, description, default: options[0], options };
}

function string(
  tab: SettingTab,
  displayName: string,
  standard: string,
  rule: Pick<StringSetting, 'maximum' | 'valid' | 'expected'>,
  description: string,
): StringSetting {
  return { type: 'string', tab, displayName, description, default: standard, ...rule };
}

const HOST =
  /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*\.?$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const MAILBOX = /^[^\s@<>()[\],;:\\"\p{Cc}]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/u;

/** A host's name, or an address. */
export function isHost(text: string): boolean {
  return HOST.test(text) || isIP(text) !== 0;
}

/** An address mail goes to: no display name, no comment, nothing that would be two. */
export function isMailbox(text: string): boolean {
  return text.length <= 254 && MAILBOX.test(text);
}

/** Names of hosts, separated by commas. */
export function hostList(text: string): string[] {
  return text
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== '');
}

function isPemBundle(text: string): boolean {
  const parts = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (
    parts.length === 0 ||
    text.replaceAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g, '').trim() !== ''
  )
    return false;
  try {
    for (const part of parts) void new X509Certificate(part).subject;
    return true;
  } catch {
    return false;
  }
}

/**
 * Every application setting: what it is called, where it is shown, what it may be, and what it is until somebody says
 * otherwise. Something reads each of them; the names are stable.
 */
export const SETTINGS = {
  'console.expiringSoonDays': integer(
    'Console',
    'Days before expiration that are soon',
    [30, 1, 730],
    'Certificates that expire within so many days are counted and marked as expiring soon.',
  ),
  'certificates.pageSize': integer(
    'Certificates',
    'Certificates on a page',
    [50, 10, 500],
    'How many certificates a search returns when it does not say how many.',
  ),
  'certificates.reconciliationTime': string(
    'Certificates',
    'Time of the reconciliation',
    '03:00',
    {
      maximum: 5,
      valid: (value) => TIME.test(value),
      expected: 'a time HH:MM from 00:00 to 23:59',
    },
    'When certificates, revocations and revocation lists are compared with the log every day, UTC.',
  ),
  'enrollment.pkcs12PasswordLength': integer(
    'Enrollment',
    'Shortest password of a PKCS#12 file',
    [8, 8, 128],
    'A password that somebody chooses for a file with a private key has at least so many characters.',
  ),
  'enrollment.separateApprover': boolean(
    'Enrollment',
    'Requests are approved by somebody else',
    true,
    'Who has asked for a certificate cannot approve the request.',
  ),
  'alerts.webhookHosts': string(
    'Alerts',
    'Hosts that webhooks may call beyond others',
    '',
    {
      maximum: 4_096,
      valid: (value) => hostList(value).every(isHost),
      expected: 'names of hosts or addresses, separated by commas',
    },
    'Names separated by commas. Webhooks call https addresses; those of these hosts may be http, and on this machine. Link-local addresses are never called.',
  ),
  'alerts.webhookAuthorities': string(
    'Alerts',
    'Authorities of webhooks',
    '',
    {
      maximum: 65_536,
      valid: (value) => value === '' || isPemBundle(value),
      expected: 'certificates, PEM',
    },
    'Certificates (PEM) of the authorities by which the certificates of webhooks are believed; empty: those that Node.js knows.',
  ),
  'alerts.retryHours': integer(
    'Alerts',
    'Hours a message is tried again',
    [24, 1, 168],
    'A message that cannot be sent is tried again for so long, then given up.',
  ),
  'smtp.host': string(
    'Alerts',
    'SMTP host',
    '',
    {
      maximum: 253,
      valid: (value) => value === '' || isHost(value),
      expected: 'the name of a host',
    },
    'The mail server that takes what is sent; empty: no mail is sent.',
  ),
  'smtp.port': integer(
    'Alerts',
    'SMTP port',
    [587, 1, 65_535],
    '587 or 25; 465 with TLS from the start.',
  ),
  'smtp.security': choice(
    'Alerts',
    'SMTP encryption',
    ['starttls', 'tls', 'opportunistic'],
    'starttls: TLS is required, begun in the connection; tls: from the start; opportunistic: TLS where the server has it, whoever it is, and no password is sent.',
  ),
  'smtp.authorities': string(
    'Alerts',
    'Authorities of the mail server',
    '',
    {
      maximum: 65_536,
      valid: (value) => value === '' || isPemBundle(value),
      expected: 'certificates, PEM',
    },
    "Certificates (PEM) of the authorities by which the mail server's certificate is believed; empty: those that Node.js knows.",
  ),
  'smtp.user': string(
    'Alerts',
    'SMTP user',
    '',
    { maximum: 254, valid: (value) => !/\p{Cc}/u.test(value), expected: 'a user name' },
    'By whose name mail is handed over; empty: without signing in.',
  ),
  'smtp.password': {
    type: 'secret',
    tab: 'Alerts',
    displayName: 'SMTP password',
    description: 'Kept by the vault, never shown.',
    default: '',
    maximum: 1_024,
  },
  'smtp.sender': string(
    'Alerts',
    'Sender of mail',
    '',
    {
      maximum: 254,
      valid: (value) => value === '' || isMailbox(value),
      expected: 'an e-mail address',
    },
    'The address mail comes from; needed to send mail.',
  ),
} as const satisfies Record<string, SettingDefinition>;

export type SettingName = keyof typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

type ValueOf<D> =
  D extends ChoiceSetting<infer T>
    ? T
    : D extends IntegerSetting
      ? number
      : D extends BooleanSetting
        ? boolean
        : string;
/** What each setting is. */
export type SettingValues = { readonly [N in SettingName]: ValueOf<(typeof SETTINGS)[N]> };
export type SettingValue = string | number | boolean;

/** Those that together say how mail is sent: changed as one thing. */
export const SMTP_SETTINGS = SETTING_NAMES.filter((name) => name.startsWith('smtp.'));

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

/** What was expected of a value, or null when it may be one. */
export function faultOf(name: SettingName, value: unknown): string | null {
  const definition: SettingDefinition = SETTINGS[name];
  switch (definition.type) {
    case 'integer': {
      const { minimum, maximum } = definition;
      const good = Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
      return good ? null : `a whole number from ${minimum} to ${maximum}`;
    }
    case 'boolean':
      return typeof value === 'boolean' ? null : 'true or false';
    case 'choice':
      return typeof value === 'string' && definition.options.includes(value)
        ? null
        : `one of ${definition.options.join(', ')}`;
    case 'string':
      return typeof value === 'string' &&
        value.isWellFormed() &&
        value.length <= definition.maximum &&
        definition.valid(value)
        ? null
        : `${definition.expected}, at most ${definition.maximum} characters`;
    case 'secret':
      return typeof value === 'string' &&
        value.isWellFormed() &&
        value.length <= definition.maximum &&
        !/\p{Cc}/u.test(value)
        ? null
        : `text without control characters, at most ${definition.maximum} characters`;
  }
}
