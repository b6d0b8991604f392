import { ALERT_KINDS, type AlertKind } from '../api/settings.ts';

/** What the kinds of alerts are called, and when each goes out. */
export const KIND_NAMES: Readonly<Record<AlertKind, { title: string; about: string }>> = {
  expiration: { title: 'Expiration', about: 'Before a certificate expires, so many days ahead.' },
  pending: { title: 'Pending requests', about: 'While a request waits for approval.' },
  issued: { title: 'Issued', about: 'When a request led to a certificate.' },
  denied: { title: 'Denied', about: 'When a request was denied.' },
};

/** Kinds that go out by a schedule; the others when it happens. */
export const SCHEDULED: ReadonlySet<AlertKind> = new Set(['expiration', 'pending']);

export function kindOf(value: unknown): AlertKind {
  return ALERT_KINDS.find((kind) => kind === value) ?? 'expiration';
}

export function parseAlertSearch(raw: Record<string, unknown>): { kind?: AlertKind } {
  const kind = kindOf(raw['kind']);
  return kind === 'expiration' ? {} : { kind };
}

/** What may stand in a message, and what takes its place. */
export const PLACEHOLDERS: readonly (readonly [name: string, stands: string])[] = [
  ['cn', 'common name'],
  ['dn', 'subject'],
  ['sans', 'alternative names'],
  ['serial', 'serial number'],
  ['fingerprint', 'SHA-256'],
  ['issuer', 'issuer'],
  ['notAfter', 'until when it is valid'],
  ['daysLeft', 'days left'],
  ['template', 'template'],
  ['requester', 'who asked for it'],
  ['request', 'number of the request'],
  ['comment', 'what was said when it was decided'],
];
