import type { ObjectRef } from '@countersign/records';
import { commonNameOf, parseDn } from '../ca/names.ts';
import { listCertificates, type Certificate } from '../certificates/certificate-view.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import type { PlaceholderValues } from './placeholders.ts';

/** What an alert is about: a certificate, or a request for one. */
export interface AlertSubject {
  /** `certificate:<id>` or `request:<id>`. */
  readonly object: string;
  readonly template: string | null;
  readonly values: PlaceholderValues;
  /** Where mail to its requester goes; null: nobody knows. */
  readonly requesterEmail: string | null;
  /** What a record of the message is related to. */
  readonly related: readonly ObjectRef[];
}

/** Most rows in one list of values. */
const CHUNK = 500;
const DAY_MS = 86_400_000;

/** Certificates as alerts tell of them, by number; those that are not there are left out. */
export async function certificateSubjects(
  db: StateReader,
  ids: readonly number[],
  now: Date,
): Promise<AlertSubject[]> {
  const certificates = await listCertificates(db, ids, now);
  const emails = await emailsOf(
    db,
    certificates.map(({ requester }) => requester),
  );
  const requests = await requestsOf(
    db,
    certificates.map(({ id }) => id),
  );
  return certificates.map((certificate) =>
    certificateSubject(certificate, now, {
      email: emails.get(certificate.requester) ?? null,
      request: requests.get(certificate.id),
    }),
  );
}

function certificateSubject(
  certificate: Certificate,
  now: Date,
  { email, request }: { readonly email: string | null; readonly request: Request | undefined },
): AlertSubject {
  const { fingerprint, subject, serial, issuer, notAfter } = certificate;
  const metadata = Object.entries(certificate.metadata);
  return {
    object: `certificate:${certificate.id}`,
    template: certificate.template,
    requesterEmail: email,
    values: {
      ...Object.fromEntries(metadata.map(([field, value]) => [`metadata:${field}`, value])),
      cn: certificate.commonName ?? subject,
      dn: subject,
      sans: certificate.sans.map(({ type, value }) => `${type}:${value}`).join(', '),
      serial,
      thumbprint: certificate.thumbprint,
      fingerprint,
      issuer,
      notBefore: certificate.notBefore,
      notAfter,
      daysLeft: String(Math.floor((Date.parse(notAfter) - now.getTime()) / DAY_MS)),
      renewedBy: certificate.renewedBy === null ? '' : String(certificate.renewedBy),
      template: certificate.template ?? '',
      requester: certificate.requester,
      request: request === undefined ? '' : String(request.id),
      submittedAt: request?.submitted_at ?? '',
      decidedBy: request?.decided_by ?? '',
      comment: request?.comment ?? '',
    },
    related: [
      { type: 'certificate', id: fingerprint, name: subject },
      { type: 'serial', id: serial, name: issuer },
    ],
  };
}

/** Requests as alerts tell of them, by number; those that are not there are left out. */
export async function requestSubjects(
  db: StateReader,
  ids: readonly number[],
): Promise<AlertSubject[]> {
  const rows: Request[] = [];
  for (const part of chunks(ids))
    rows.push(...(await requestRows(db).where('id', 'in', part).orderBy('id').execute()));
  const emails = await emailsOf(
    db,
    rows.map(({ requester }) => requester),
  );
  return rows.map((row) => ({
    object: `request:${row.id}`,
    template: row.template,
    requesterEmail: emails.get(row.requester) ?? null,
    values: {
      cn: commonNameIn(row.subject) ?? row.subject,
      dn: row.subject,
      template: row.template,
      requester: row.requester,
      request: String(row.id),
      submittedAt: row.submitted_at,
      decidedBy: row.decided_by ?? '',
      comment: row.comment ?? '',
    },
    related: [{ type: 'request', id: String(row.id), name: row.subject }],
  }));
}

function requestRows(db: StateReader) {
  return db
    .selectFrom('certificate_requests')
    .select(['id', 'template', 'subject', 'requester', 'submitted_at', 'decided_by', 'comment'])
    .select('certificate');
}
type Request = Awaited<ReturnType<ReturnType<typeof requestRows>['execute']>>[number];

async function requestsOf(db: StateReader, ids: readonly number[]): Promise<Map<number, Request>> {
  const found = new Map<number, Request>();
  for (const part of chunks(ids)) {
    const rows = await db
      .selectFrom('certificates')
      .innerJoin('certificate_requests as r', 'r.id', 'certificates.request')
      .select(['certificates.id as of', 'r.id', 'r.template', 'r.subject', 'r.requester'])
      .select(['r.submitted_at', 'r.decided_by', 'r.comment', 'r.certificate'])
      .where('certificates.id', 'in', part)
      .execute();
    for (const { of, ...request } of rows) found.set(of, request);
  }
  return found;
}

async function emailsOf(
  db: StateReader,
  usernames: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const part of chunks([...new Set(usernames)])) {
    const rows = await db
      .selectFrom('users')
      .select(['username', 'email'])
      .where('username', 'in', part)
      .where('email', 'is not', null)
      .execute();
    for (const { username, email } of rows) if (email !== null) found.set(username, email);
  }
  return found;
}

function chunks<T>(all: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < all.length; at += CHUNK) parts.push(all.slice(at, at + CHUNK));
  return parts;
}

/** As it stands in the subject; null where there is none, or none that we can read. */
function commonNameIn(subject: string): string | null {
  try {
    return commonNameOf(parseDn(subject));
  } catch (error) {
    if (error instanceof ServerError) return null;
    throw error;
  }
}
