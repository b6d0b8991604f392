import type { RecordView } from '../record-view.ts';

/** The columns of a CSV export, in order. */
const COLUMNS: readonly [name: string, value: (record: RecordView) => string | number][] = [
  ['index', (r) => r.index],
  ['time', (r) => r.envelope.time],
  ['event', (r) => r.envelope.event],
  ['category', (r) => r.envelope.category],
  ['operation', (r) => r.envelope.operation],
  ['level', (r) => r.envelope.level],
  ['outcome', (r) => r.envelope.outcome],
  ['sentence', (r) => r.sentence],
  ['actor', (r) => r.content?.actor.id ?? ''],
  ['actorKind', (r) => r.content?.actor.kind ?? ''],
  ['roles', (r) => r.content?.actor.roles?.join(' ') ?? ''],
  ['address', (r) => r.content?.origin?.address ?? ''],
  ['system', (r) => r.content?.source.system ?? ''],
  ['targetType', (r) => r.content?.target?.type ?? ''],
  ['targetId', (r) => r.content?.target?.id ?? ''],
  ['reason', (r) => r.content?.reason ?? ''],
  ['attributes', (r) => JSON.stringify(r.content?.attributes ?? [])],
  ['producer', (r) => r.envelope.producer],
  ['seq', (r) => r.envelope.seq],
  ['id', (r) => r.envelope.id],
  ['leafHash', (r) => r.leafHash],
];

/** The first line of a CSV export. */
export const CSV_HEADER = `${COLUMNS.map(([name]) => name).join(',')}\r\n`;

/** One record as a line of CSV (RFC 4180). */
export function csvLine(record: RecordView): string {
  return `${COLUMNS.map(([, value]) => csvField(value(record))).join(',')}\r\n`;
}

/**
 * One field. A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP: CSV injection),
 * so that nobody's user name runs on the auditor's desk; quotes are doubled.
 */
export function csvField(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
