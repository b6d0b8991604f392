import { describe, expect, test } from 'vitest';
import { CERTIFICATE_FIELDS, certificateFields } from './certificate-fields.ts';
import { completeQuery } from './complete.ts';
import { formatQuery } from './format.ts';
import { parseQuery } from './parser.ts';
import { resolveQuery } from './resolve.ts';

const fields = certificateFields([
  { name: 'Cost-Center', type: 'integer', description: 'Who pays.', options: [] },
  { name: 'Stage', type: 'choice', description: 'Where it is used.', options: ['Test', 'Live'] },
  { name: 'Owner', type: 'email', description: 'Who is asked.', options: [] },
]);
const normal = (text: string) => formatQuery(parseQuery(text, fields));

describe('queries about certificates', () => {
  test('know the fields of certificates by their names and aliases, in any case', () => {
    expect(normal('issuedcn -startswith "app" and ExpirationDate -lt "%TODAY+30%"')).toBe(
      'CN -startswith "app" AND NotAfter -lt "%TODAY+30%"',
    );
    expect(normal('serial:0a1b')).toBe('SerialNumber -eq "0a1b"');
  });

  test('know metadata by name, with and without its prefix, dashes included', () => {
    expect(normal('Cost-Center -ge 100 OR metadata.stage -eq live')).toBe(
      'Metadata.Cost-Center -ge 100 OR Metadata.Stage -eq "live"',
    );
    expect(normal('cost-center:>5')).toBe('Metadata.Cost-Center -gt 5');
  });

  test('take a field of every certificate before metadata of the same name', () => {
    expect(normal('Owner -eq "x"')).toBe('Owner -eq "x"');
    expect(normal('Metadata.Owner -eq "x"')).toBe('Metadata.Owner -eq "x"');
  });

  test('refuse fields of records, operators and values that do not fit, with the place', () => {
    expect(() => parseQuery('Level -eq "Warning"', fields)).toThrow(
      'expected the name of a field, got "Level" (at position 1)',
    );
    expect(() => parseQuery('KeySize -contains 1', fields)).toThrow(
      'expected an operator for KeySize (-eq, -ne, -lt, -le, -gt, -ge), got -contains (at position 9)',
    );
    expect(() => parseQuery('State -eq "gone"', fields)).toThrow(
      'expected a value of State (active, held, revoked, expired), got "gone" (at position 11)',
    );
  });

  test('leave open which values a choice may have had before', () => {
    const query = resolveQuery(parseQuery('Stage -eq "Old"', fields), { now: new Date(0) }, fields);
    expect(query).toEqual({ kind: 'oneOf', field: 'Metadata.Stage', values: ['old'] });
  });

  test('are completed from their own table', () => {
    const labels = (text: string) =>
      completeQuery(text, text.length, undefined, fields).suggestions.map((s) => s.label);
    expect(labels('Thumb')).toEqual(['Thumbprint']);
    expect(labels('Requester -eq ')).toEqual(['%ME%']);
    expect(labels('Stage -eq ')).toEqual(['Test', 'Live']);
  });

  test('have fields whose names and aliases are each their own', () => {
    const names = CERTIFICATE_FIELDS.fields.flatMap((f) => [f.name, ...f.aliases]);
    expect(new Set(names.map((n) => n.toLowerCase())).size).toBe(names.length);
  });
});
