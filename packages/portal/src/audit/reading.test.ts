import { parseQuery } from '@countersign/records';
import { describe, expect, test } from 'vitest';
import { onlyReading, READING, readingOf, withoutReading } from './reading.ts';

describe('reading of the log', () => {
  test.each([
    '',
    'ggant',
    'cert',
    'Level -eq "Warning"',
    'ActingUser -eq "auditor"',
    'Category -eq "Certificate"',
    'Event -ne "AUTHZ"',
    'NOT Event -eq "AUDIT_LOG_READ"',
    'ImmutableIdentifier -eq "0x1f"',
    'Index -ge 40',
  ])('is hidden from the plain view and from searches for something else: %s', (query) => {
    expect(readingOf(query, false)).toBe('hidden');
  });

  test('is shown when the reader wants it', () => {
    expect(readingOf('', true)).toBe('shown');
  });

  test.each([
    'Event -eq "AUDIT_LOG_SEARCH"',
    'Event -startswith "AUDIT_LOG"',
    'EventType -eq authz',
    'Category -eq "AuditLog"',
    'Category -eq "Authorization" OR Level -eq "Failure"',
    'Operation -eq "Read"',
    'Resource -eq "certServer.log.content.signedAudit" AND Outcome -eq "Failure"',
    'Session -eq "a90d41b2"',
    'Index -eq 40',
    'AUDIT_LOG_READ',
    'authz',
    'TargetType -eq "audit log"',
  ])('is shown when the query asks for it: %s', (query) => {
    expect(readingOf(query, false)).toBe('asked for');
  });

  test('is shown with a query so long that nothing can be added to it', () => {
    const long = `Level -eq "Warning" AND "${'x '.repeat(1990)}"`;
    expect(readingOf(long, false)).toBe('shown');
  });

  test('is cut out of the query and found by its opposite, which together are the query', () => {
    const or = 'Level -eq "Warning" OR Level -eq "Failure"';
    expect(withoutReading('')).toBe(`NOT (${READING})`);
    expect(withoutReading(or)).toBe(`(${or}) AND NOT (${READING})`);
    expect(onlyReading(or)).toBe(`(${or}) AND ${READING}`);
    const cut = parseQuery(withoutReading(or));
    expect(cut.kind === 'and' && cut.items.map(({ kind }) => kind)).toEqual(['or', 'not']);
    expect(parseQuery(onlyReading('')).kind).toBe('and');
  });
});
