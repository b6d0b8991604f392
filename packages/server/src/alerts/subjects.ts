import type { ObjectRef } from '@countersign/records';
import type { StateReader } from '../database/schema.ts';
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

/** Certificates as alerts tell of them, by number; those that are not there are left out. */
export async function certificateSubjects(
  db: StateReader,
  ids: readonly number[],
  now: Date,
): Promise<AlertSubject[]> {
  const subjects: AlertSubject[] = [];
  for (const part of inParts(ids)) {
    const rows = await db
      .selectFrom('certificates')
      .leftJoin('users', 'users.username', 'certificates.requester')
      .leftJoin('certificate_requests', 'certificate_requests.id', 'certificates.request')
      .selectAll('certificates')
      .select(['users.email', 'certificate_requests.submitted_at'])
      .select(['certificate_requests.decided_by', 'certificate_requests.comment'])
      .where('certificates.id', 'in', part)
      .orderBy('certificates.id')
      .execute();
    const sans = await db
      .selectFrom('certificate_sans')
      .select(['certificate', 'type', 'value'])
      .where('certificate', 'in', part)
      .orderBy('certificate')
      .orderBy('position')
      .execute();
    const metadata = await db
      .selectFrom('certificate_metadata')
      .selectAll()
      .where('certificate', 'in', part)
      .execute();
    for (const row of rows) {
      const own = metadata.filter(({ certificate }) => certificate === row.id);
      subjects.push({
        object: `certificate:${row.id}`,
        template: row.template,
        requesterEmail: row.email,
        values: {
          ...Object.fromEntries(own.map(({ field, value }) => [`metadata:${field}`, value])),
          cn: row.common_name === '' ? row.subject : row.common_name,
          dn: row.subject,
          sans: sans
            .filter(({ certificate }) => certificate === row.id)
            .map(({ type, value }) => `${type}:${value}`)
            .join(', '),
          serial: row.serial,
          thumbprint: row.thumbprint,
          fingerprint: row.fingerprint,
          issuer: row.issuer,
          notBefore: row.not_before,
          notAfter: row.not_after,
          daysLeft: String(daysUntil(row.not_after, now)),
          template: row.template ?? '',
          requester: row.requester,
          request: row.request === null ? '' : String(row.request),
          submittedAt: row.submitted_at ?? '',
          decidedBy: row.decided_by ?? '',
          comment: row.comment ?? '',
        },
        related: [
          { type: 'certificate', id: row.fingerprint, name: row.subject },
          { type: 'serial', id: row.serial, name: row.issuer },
        ],
      });
    }
  }
  return subjects;
}

/** Requests as alerts tell of them, by number; those that are not there are left out. */
export async function requestSubjects(
  db: StateReader,
  ids: readonly number[],
): Promise<AlertSubject[]> {
  const subjects: AlertSubject[] = [];
  for (const part of inParts(ids)) {
    const rows = await db
      .selectFrom('certificate_requests')
      .leftJoin('users', 'users.username', 'certificate_requests.requester')
      .selectAll('certificate_requests')
      .select('users.email')
      .where('certificate_requests.id', 'in', part)
      .orderBy('certificate_requests.id')
      .execute();
    for (const row of rows)
      subjects.push({
        object: `request:${row.id}`,
        template: row.template,
        requesterEmail: row.email,
        values: {
          cn: commonNameOf(row.subject) ?? row.subject,
          dn: row.subject,
          template: row.template,
          requester: row.requester,
          request: String(row.id),
          submittedAt: row.submitted_at,
          decidedBy: row.decided_by ?? '',
          comment: row.comment ?? '',
        },
        related: [{ type: 'request', id: String(row.id), name: row.subject }],
      });
  }
  return subjects;
}

/** Whole days, rounded down; negative when the time is over. */
function daysUntil(time: string, now: Date): number {
  return Math.floor((Date.parse(time) - now.getTime()) / 86_400_000);
}

/** The CN of an RFC 4514 subject, as it is written there. */
function commonNameOf(subject: string): string | null {
  return /(?:^|[,+])CN=((?:\\.|[^,+\\])*)/i.exec(subject)?.[1] ?? null;
}

/** Databases take only so many values in a list. */
function inParts(ids: readonly number[]): number[][] {
  const parts: number[][] = [];
  for (let at = 0; at < ids.length; at += 500) parts.push(ids.slice(at, at + 500));
  return parts;
}
