import { enumNames, findField, fold, matchesString, parseQuery } from '@countersign/records';
import type { Comparison, Query } from '@countersign/records';
import { faultOf } from './query-text.ts';

const EVENTS = ['AUDIT_LOG_SEARCH', 'AUDIT_LOG_READ', 'AUTHZ'];
const RESOURCES = ['certServer.log.', 'certServer.portal.'];

/**
 * Routine reading of this log: successful searches and reads, and the decisions that allowed them. Exports,
 * verifications, sign-ins and every failure are not among it.
 */
export const READING = [
  'Producer -eq "countersign"',
  'Outcome -eq "Success"',
  '(Event -eq "AUDIT_LOG_SEARCH" OR Event -eq "AUDIT_LOG_READ" OR (Event -eq "AUTHZ" AND Op -eq "read" AND ' +
    `(${RESOURCES.map((resource) => `Resource -startswith "${resource}"`).join(' OR ')})))`,
].join(' AND ');

/** Whether reading of the log is left out of a search, or shown because the reader or the query wants it. */
export type Reading = 'hidden' | 'shown' | 'asked for';

/** What a search does about reading: hidden unless it is switched on, or the query is after such records. */
export function readingOf(query: string, wanted: boolean): Reading {
  if (asksForReading(query)) return 'asked for';
  // A query so long that no condition can be added to it is sent as it is.
  return wanted || faultOf(withoutReading(query)) !== null ? 'shown' : 'hidden';
}

/** The query with routine reading left out. */
export function withoutReading(query: string): string {
  return `${joined(query)}NOT (${READING})`;
}

/** The query for what {@link withoutReading} leaves out. */
export function onlyReading(query: string): string {
  return joined(query) + READING;
}

function joined(query: string): string {
  return query.trim() === '' ? '' : `(${query.trim()}) AND `;
}

function asksForReading(query: string): boolean {
  if (query.trim() === '' || faultOf(query) !== null) return false;
  return asks(parseQuery(query));
}

function asks(query: Query): boolean {
  switch (query.kind) {
    case 'all':
    case 'not':
      return false;
    case 'and':
    case 'or':
      return query.items.some(asks);
    case 'text':
      return WORDS.some((word) => fold(query.text).startsWith(word));
    case 'compare':
      return comparisonAsks(query);
  }
}

const WORDS = ['audit_log', 'authz', ...RESOURCES].map(fold);

/** The values by which records of reading are found, by field. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  Event: EVENTS,
  Category: ['AuditLog', 'Authorization'],
  Operation: ['Searched', 'Read', 'Authorized'],
  TargetType: ['audit log'],
  Target: ['signedAudit'],
  ImmutableIdentifier: ['signedAudit'],
  Name: ['signedAudit'],
};
/** Whoever names a value of these wants exactly what has it. */
const EXACT = new Set([
  'Attribute',
  'Correlation',
  'Index',
  'Op',
  'RecordId',
  'RequestId',
  'Resource',
  'Route',
  'Seq',
  'Session',
]);

function comparisonAsks({ field, operator, value }: Comparison): boolean {
  if (
    operator !== 'eq' &&
    operator !== 'contains' &&
    operator !== 'startswith' &&
    operator !== 'endswith'
  ) {
    return false;
  }
  if (EXACT.has(field)) return true;
  const values = VALUES[field];
  if (values === undefined || (value.type !== 'string' && value.type !== 'enum')) return false;
  const known = findField(field);
  const names = known !== undefined && value.type === 'enum' ? enumNames(known, value.text) : [];
  return values.some(
    (name) => names.includes(name) || matchesString(operator, fold(name), fold(value.text)),
  );
}
