import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QueryError } from './error.ts';
import { operatorsOf } from './field.ts';
import { QUERY_FIELDS } from './fields.ts';
import { formatQuery } from './format.ts';
import { parseQuery } from './parser.ts';
import { allOf, anyOf } from './tree.ts';
import type { Query, QueryValue } from './tree.ts';

/** The tree without positions, to compare shapes. */
function shape(query: Query): unknown {
  return JSON.parse(
    JSON.stringify(query, (key, value: unknown) => (key === 'position' ? undefined : value)),
  );
}

/** The normal form of a text. */
function normal(text: string): string {
  return formatQuery(parseQuery(text));
}

function failure(text: string): QueryError {
  try {
    parseQuery(text);
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
  throw new Error(`expected a QueryError for ${text}`);
}

describe('comparisons', () => {
  it.each([
    ['ImmutableIdentifier -eq 707662', 'ImmutableIdentifier -eq "707662"'],
    ['category -contains "Agent"', 'Category -contains "Agent"'],
    ['User -eq "KEYEXAMPLE\\ggant"', 'ActingUser -eq "KEYEXAMPLE\\ggant"'],
    [
      'entitytype -EQ template AND level -Eq WARNING',
      'Category -eq "template" AND Level -eq "WARNING"',
    ],
    ['AuditIdentifier -StartsWith "CN="', 'Name -startswith "CN="'],
    ['Name -notcontains x', 'Name -notcontains "x"'],
    ['Name -endswith ".com"', 'Name -endswith ".com"'],
    ['Name -eq NULL', 'Name -eq NULL'],
    ['Name -ne null', 'Name -ne NULL'],
    ['Name -eq "NULL"', 'Name -eq "NULL"'],
    ['Timestamp -ge %TODAY-7%', 'Timestamp -ge "%TODAY-7%"'],
    ['Timestamp -lt "%today + 30%"', 'Timestamp -lt "%TODAY+30%"'],
    ['Timestamp -lt % TODAY - 1 %', 'Timestamp -lt "%TODAY-1%"'],
    ['Timestamp -eq 5/1/2024', 'Timestamp -eq "2024-05-01"'],
    ['Timestamp -gt 2024-05-01T13:00:00Z', 'Timestamp -gt "2024-05-01T13:00:00.000Z"'],
    ['Timestamp -gt 2024-05-01T15:00:00.1234+02:00', 'Timestamp -gt "2024-05-01T13:00:00.123Z"'],
    ['Id -le 12', 'Index -le 12'],
    ['Seq -gt -5', 'Seq -gt -5'],
    ['Imported -eq TRUE', 'Imported -eq true'],
    ['ActingUser -eq %ME%', 'ActingUser -eq "%ME%"'],
    ['Name -eq "say ""hi"""', 'Name -eq "say ""hi"""'],
    ['Name -eq "say \\"hi\\""', 'Name -eq "say ""hi"""'],
    ['Name -eq "ends in \\\\"', 'Name -eq "ends in \\\\"'],
    ['Name -eq "\\\\server\\share"', 'Name -eq "\\\\server\\share"'],
    ['Name -eq AND', 'Name -eq "AND"'],
    ['Level -ge 1', 'Level -ge "1"'],
    ['Name-eq"x"', '"Name-eq" AND "x"'],
    ['Name -eq"x"', 'Name -eq "x"'],
  ])('%s', (text, expected) => {
    expect(normal(text)).toBe(expected);
  });

  it('types each value by its field', () => {
    expect(shape(parseQuery('Category -eq 2001'))).toMatchObject({
      value: {
        type: 'enum',
        names: [
          'Certificate',
          'AuditingCertificateScheduledReplacement',
          'AuditingCertificateRequest',
        ],
      },
    });
    expect(shape(parseQuery('category -eq "security identity"'))).toMatchObject({
      value: { type: 'enum', names: ['ADIdentityModel'] },
    });
    expect(shape(parseQuery('operation -eq 10'))).toMatchObject({
      value: { names: ['Encountered'] },
    });
    expect(shape(parseQuery('Id -eq "7"'))).toMatchObject({ value: { type: 'integer', value: 7 } });
  });

  it('names the position of the field it read', () => {
    expect(parseQuery('  Name -eq x')).toMatchObject({ kind: 'compare', position: 2 });
  });
});

describe('connectives', () => {
  it.each([
    ['a OR b AND c', '"a" OR "b" AND "c"'],
    ['(a OR b) AND c', '("a" OR "b") AND "c"'],
    ['a b or c', '"a" AND "b" OR "c"'],
    ['(Level -eq "Warning")AND Name -eq "y"', 'Level -eq "Warning" AND Name -eq "y"'],
    ['Name -eq "x"AND Name -eq "y"', 'Name -eq "x" AND Name -eq "y"'],
    ['Name -eq "x"ANDName -eq "y"', 'Name -eq "x" AND Name -eq "y"'],
    ['(Name -eq "x")or(Name -eq "y")', 'Name -eq "x" OR Name -eq "y"'],
    ['NOT a', 'NOT "a"'],
    ['-a -"b c" -(d e)', 'NOT "a" AND NOT "b c" AND NOT ("d" AND "e")'],
    ['-user:bob', 'NOT ActingUser -eq "bob"'],
    ['not not a', 'NOT NOT "a"'],
    ['*', '*'],
    ['', '*'],
    ['  \t\n ', '*'],
  ])('%s', (text, expected) => {
    expect(normal(text)).toBe(expected);
  });
});

describe('free text and shorthand', () => {
  it.each([
    ['serv*', '"serv"*'],
    ['"two words"', '"two words"'],
    ['"two wo"*', '"two wo"*'],
    ['0A:1B:2C:3D', '"0A:1B:2C:3D"'],
    ['0a 1b 2c 3d next', '"0a 1b 2c 3d" AND "next"'],
    ['https://example.com/', '"https://example.com/"'],
    ['CN=appsrvr12.keyexample.com,L=Chicago', '"CN=appsrvr12.keyexample.com,L=Chicago"'],
    ['user:jdoe', 'ActingUser -eq "jdoe"'],
    ['user:"j doe"', 'ActingUser -eq "j doe"'],
    ['user:"j d"*', 'ActingUser -startswith "j d"'],
    ['name:CN*', 'Name -startswith "CN"'],
    ['name:*.com', 'Name -endswith ".com"'],
    ['name:*web*', 'Name -contains "web"'],
    ['session:*', 'Session -ne NULL'],
    ['level:>=warning', 'Level -ge "warning"'],
    ['id:5..7', 'Index -ge 5 AND Index -le 7'],
    ['time:2024-05-01..2024-05-31', 'Timestamp -ge "2024-05-01" AND Timestamp -lt "2024-06-01"'],
    ['time:..%TODAY-1%', 'Timestamp -lt "%TODAY%"'],
    ['category:"Security Role"', 'Category -eq "Security Role"'],
    ['address:2001:db8::1', 'Address -eq "2001:db8::1"'],
  ])('%s', (text, expected) => {
    expect(normal(text)).toBe(expected);
  });
});

describe('faults', () => {
  it.each([
    [
      'Nmae -eq "x"',
      'query_unknown_field',
      0,
      4,
      'expected the name of a field, got "Nmae"; did you mean Name?',
    ],
    ['a AND catgory:x', 'query_unknown_field', 6, 7, 'did you mean Category?'],
    [
      'zzzzzz -eq 1',
      'query_unknown_field',
      0,
      6,
      'expected the name of a field, got "zzzzzz" (at position 1)',
    ],
    [
      'Name -lt 5',
      'query_operator',
      5,
      3,
      'expected an operator for Name (-eq, -ne, -contains, -notcontains, -startswith, -endswith), got -lt',
    ],
    ['Timestamp -contains "x"', 'query_operator', 10, 9, 'got -contains'],
    ['Name -like "x"', 'query_operator', 5, 5, 'got "-like"'],
    ['Timestamp -eq yesterday', 'query_value', 14, 9, 'expected a date for Timestamp'],
    ['Timestamp -eq 2024-02-30', 'query_value', 14, 10, 'got "2024-02-30"'],
    ['Id -eq x', 'query_value', 7, 1, 'expected a whole number for Index, got "x"'],
    ['Id -eq 9007199254740993', 'query_value', 7, 16, 'expected a whole number'],
    [
      'Level -eq Warnin',
      'query_value',
      10,
      6,
      'expected a value of Level (Information, Warning, Failure), got "Warnin"; did you mean Warning?',
    ],
    ['Category -eq 9', 'query_value', 13, 1, 'expected a value of Category, got "9"'],
    ['Imported -eq 1', 'query_value', 13, 1, 'expected true or false for Imported, got "1"'],
    ['Name -contains NULL', 'query_value', 15, 4, 'expected -eq or -ne with NULL, got -contains'],
    [
      'Name -contains ""',
      'query_value',
      15,
      2,
      'expected a text after Name -contains, got an empty one',
    ],
    [
      '(a OR b',
      'query_syntax',
      0,
      1,
      'expected ")" to close the "(" here, got the end of the query',
    ],
    ['a)', 'query_syntax', 1, 1, 'expected the end of the query, got ")"'],
    ['()', 'query_syntax', 1, 1, 'expected a comparison or a word, got ")"'],
    ['AND a', 'query_syntax', 0, 3, 'expected a comparison or a word, got AND'],
    ['a OR', 'query_syntax', 4, 0, 'got the end of the query'],
    ['Name -eq', 'query_syntax', 8, 0, 'expected a value after Name -eq, got the end of the query'],
    ['Name -eq (', 'query_syntax', 9, 1, 'expected a value after Name -eq, got "("'],
    ['-eq 5', 'query_syntax', 0, 3, 'expected a field before -eq'],
    [
      '"Name" -eq 5',
      'query_syntax',
      0,
      6,
      'expected the name of a field before -eq, got a quoted text',
    ],
    ['Name -eq "x', 'query_syntax', 9, 2, 'expected a closing quote, got the end of the query'],
    ['user: bob', 'query_syntax', 6, 3, 'expected a value right after "user:", got "bob"'],
    ['time:..', 'query_value', 5, 2, 'expected a value on one side of ".." at least'],
    ['a - b', 'query_value', 2, 1, 'expected letters or digits to search for'],
  ])('%s', (text, code, position, length, message) => {
    const error = failure(text);
    expect(error).toMatchObject({ code, position, length });
    expect(error.message).toContain(message);
  });

  it('bounds length, depth and terms', () => {
    expect(failure('a'.repeat(4097))).toMatchObject({ code: 'query_too_long', position: 4096 });
    expect(failure(`${'('.repeat(65)}a${')'.repeat(65)}`)).toMatchObject({
      code: 'query_too_deep',
      position: 64,
    });
    expect(normal(`${'('.repeat(64)}a${')'.repeat(64)}`)).toBe('"a"');
    expect(failure('NOT '.repeat(65))).toMatchObject({ code: 'query_too_deep' });
    expect(failure('a '.repeat(257))).toMatchObject({
      code: 'query_too_many_terms',
      position: 512,
    });
    expect(parseQuery('a '.repeat(256))).toMatchObject({ kind: 'and' });
  });
});

const anyText = fc.string({
  unit: fc.constantFrom(...Array.from('ab"\\ %*-:()éß雪.')),
  minLength: 1,
  maxLength: 12,
});

function valueFor(type: string): fc.Arbitrary<QueryValue> {
  const time = fc
    .integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 })
    .map((ms) => new Date(ms).toISOString());
  switch (type) {
    case 'integer':
      return fc
        .maxSafeInteger()
        .map((value): QueryValue => ({ type: 'integer', value: value === 0 ? 0 : value }));
    case 'boolean':
      return fc.boolean().map((value): QueryValue => ({ type: 'boolean', value }));
    case 'date':
      return fc.oneof(
        time.map((t): QueryValue => ({ type: 'day', date: t.slice(0, 10) })),
        time.map((t): QueryValue => ({ type: 'instant', time: t })),
        fc
          .integer({ min: -999_999, max: 999_999 })
          .map((days): QueryValue => ({ type: 'today', days: days === 0 ? 0 : days })),
      );
    default:
      return anyText.map((text): QueryValue => ({ type: 'string', text }));
  }
}

const comparison = fc.constantFrom(...QUERY_FIELDS).chain((field) =>
  fc.constantFrom(...operatorsOf(field)).chain((operator) => {
    const equality = operator === 'eq' || operator === 'ne';
    const pattern = !equality && !['lt', 'le', 'gt', 'ge'].includes(operator);
    const named = fc
      .constantFrom(...(field.values ?? [{ name: '' }]))
      .map(({ name }): QueryValue => ({ type: 'enum', text: name, names: [name] }));
    const value =
      field.type === 'enum' && !pattern ? named : valueFor(pattern ? 'string' : field.type);
    return (equality ? fc.oneof(value, fc.constant<QueryValue>({ type: 'null' })) : value).map(
      (v): Query => ({ kind: 'compare', field: field.name, operator, value: v, position: 0 }),
    );
  }),
);

const { query: anyQuery } = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    fc.record({
      kind: fc.constant('text' as const),
      text: anyText.filter((t) => /[abéß雪]/.test(t)),
      prefix: fc.boolean(),
      position: fc.constant(0),
    }),
    fc.array(tie('query'), { minLength: 2, maxLength: 4 }).map(allOf),
    fc.array(tie('query'), { minLength: 2, maxLength: 4 }).map(anyOf),
    tie('query').map((item): Query => ({ kind: 'not', item })),
  ),
}));

describe('any query', () => {
  it('is read back from its normal form', () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const text = formatQuery(query);
        fc.pre(text.length <= 4096);
        expect(shape(parseQuery(text))).toEqual(shape(query));
      }),
      { numRuns: 1000 },
    );
  });

  it('is a tree or a QueryError inside its text, whatever the text', () => {
    const pieces = fc.constantFrom(
      'Name',
      'user:',
      'Level',
      'Timestamp',
      '-eq',
      '-contains',
      '-lt',
      'AND',
      'or',
      'NOT',
      '(',
      ')',
      '"',
      '""',
      '\\',
      '-',
      '*',
      '%TODAY%',
      '%',
      '..',
      ' ',
      ':',
      'NULL',
      '5',
      '2024-05-01',
      '0a 1b 2c 3d',
      'é',
      '\u0000',
      '\ud800',
      'x',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 30 }).map((p) => p.join('')),
      fc.array(pieces, { maxLength: 30 }).map((p) => p.join(' ')),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          const once = formatQuery(parseQuery(given));
          expect(formatQuery(parseQuery(once))).toBe(once);
        } catch (error) {
          expect(error).toBeInstanceOf(QueryError);
          const { position, length } = error as QueryError;
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position + length).toBeLessThanOrEqual(given.length);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
