import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EVENTS } from '../catalogue/index.ts';
import type { Attribute, Outcome } from '../record.ts';
import {
  FilterError,
  filterAttributes,
  formatFilter,
  matchesFilter,
  MAX_FILTER_DEPTH,
  MAX_FILTER_LENGTH,
  parseEventFilter,
  parseFilter,
  type Filter,
} from './index.ts';

const denied = record('AUTHZ', 'Failure', 'caadmin', [
  ['SubjectID', 'caadmin'],
  ['Outcome', 'Failure'],
  ['aclResource', 'certServer.ca.certs'],
  ['Op', 'read'],
  ['Info', null],
]);

describe('a filter matches', () => {
  test.each([
    ['(Outcome=Failure)', true],
    ['(outcome=FAILURE)', true],
    ['(Outcome=Success)', false],
    ['Outcome=Failure', true],
    ['(AuditEvent=AUTHZ)', true],
    ['(AuditEvent=AUTH*)', true],
    ['(aclResource=*)', true],
    ['(CertSerialNum=*)', false],
    ['(Info=*)', true],
    ['(Info=<null>)', true],
    ['(aclResource=certServer.ca.*)', true],
    ['(aclResource=*.ca.*)', true],
    ['(aclResource=*CERTS)', true],
    ['(aclResource=cert*.*cert*)', true],
    ['(aclResource=certServer.ca.certs*certs)', false],
    ['(aclResource=certServer)', false],
    ['(&(Outcome=Failure)(aclResource=certServer.ca.*))', true],
    ['(&(Outcome=Failure)(aclResource=certServer.kra.*))', false],
    ['(|(Op=execute)(Op=read))', true],
    ['(|(Op=execute)(Op=modify))', false],
    ['(!(Outcome=Failure))', false],
    ['(!(CertSerialNum=7))', true],
    ['(&(|(Op=read)(Op=list))(!(SubjectID=admin)))', true],
    ['(Nothing=)', false],
  ])('%s: %s', (text, expected) => {
    expect(matchesFilter(parseFilter(text), denied)).toBe(expected);
  });

  test.each([
    ['(N>=10)', '9', false],
    ['(N>=10)', '10', true],
    ['(N<=10)', '9', true],
    ['(N<=10)', '9.5', true],
    ['(N<=-2)', '-10', true],
    ['(N>=0.25)', '0.3', true],
    ['(N>=0x10)', '17', true],
    ['(N<=99999999999999999999999998)', '99999999999999999999999999', false],
    ['(N>=b)', 'C', true],
    ['(N>=b)', 'A', false],
    ['(N<=10)', 'ten', false],
    ['(N>=2026-11)', '2026-12-01', true],
  ])('%s against %s: %s', (text, value, expected) => {
    const made = record('X', 'Success', 'a', [['N', value]]);
    expect(matchesFilter(parseFilter(text), made)).toBe(expected);
  });

  test('any value of a repeated attribute', () => {
    const erased = record('AUDIT_DATA_ERASED', 'Success', 'auditor', [
      ['Approver', 'anna'],
      ['Approver', 'bert'],
    ]);
    expect(matchesFilter(parseFilter('(&(Approver=anna)(Approver=bert))'), erased)).toBe(true);
    expect(matchesFilter(parseFilter('(Approver=carl)'), erased)).toBe(false);
  });

  test('the actor where no attribute is SubjectID', () => {
    const plain = record('SELFTESTS_EXECUTION', 'Success', '$System$', []);
    expect(matchesFilter(parseFilter('(SubjectID=$system$)'), plain)).toBe(true);
    expect(matchesFilter(parseFilter('(SubjectID=caadmin)'), denied)).toBe(true);
  });

  test('the outcome of the record, not what an attribute claims', () => {
    const forged = record('AUTH', 'Failure', 'x', [['Outcome', 'Success']]);
    expect(matchesFilter(parseFilter('(Outcome=Failure)'), forged)).toBe(true);
    expect(matchesFilter(parseFilter('(Outcome=Success)'), forged)).toBe(false);
  });

  test.each([
    ['(A=a\\2ab)', 'a*b', true],
    ['(A=a\\2ab)', 'axb', false],
    ['(A=a*b)', 'axb', true],
    ['(A=\\28x\\29)', '(x)', true],
    ['(A=\\5c)', '\\', true],
    ['(A=Lu\\c4\\8di\\c4\\87)', 'LUČIĆ', true],
    ['(A=stra\\c3\\9fe)', 'STRASSE', true],
    ['(A=\\0a)', '\n', true],
    ['(A=*\\00*)', 'a\0b', true],
    ['(A= v )', 'v', false],
    ['(A= v )', ' v ', true],
    ['(A=)', '', true],
  ])('%s: %j: %s', (text, value, expected) => {
    const made = record('X', 'Success', 'a', [['A', value]]);
    expect(matchesFilter(parseFilter(text), made)).toBe(expected);
  });
});

describe('what cannot be a filter is refused with its place', () => {
  test.each([
    ['', 1, 'a filter such as (Outcome=Failure)', 'the end', undefined],
    ['(Outcome)', 9, '"=" and a value', '")"', '(Outcome=*) for any value'],
    ['garbage', 8, '"=" and a value', 'the end', '(garbage=*) for any value'],
    ['(&)', 3, '"("', '")"', undefined],
    ['(|)', 3, '"("', '")"', undefined],
    ['(!)', 3, '"("', '")"', undefined],
    ['(!(A=1)(B=2))', 8, '")"', '"(B=2))"', undefined],
    ['(&(A=1)', 8, '")"', 'the end', undefined],
    ['(A=1', 5, '")"', 'the end', undefined],
    ['(A=1))', 6, 'the end of the filter', '")"', undefined],
    ['A=1)', 4, 'the end, or the whole in parentheses', '")"', undefined],
    [' (Outcome=Failure)', 1, '"("', '" (Outcome=Failure)"', undefined],
    ['(Outcome=Failure) ', 18, 'the end of the filter', '" "', undefined],
    ['( A=1)', 2, '"&", "|", "!" or the name of an attribute', '" A=1)"', undefined],
    ['((A=1))', 2, '"&", "|", "!" or the name of an attribute', '"(A=1))"', undefined],
    ['()', 2, '"&", "|", "!" or the name of an attribute', '")"', undefined],
    ['(=1)', 2, '"&", "|", "!" or the name of an attribute', '"=1)"', undefined],
    ['(& (A=1))', 3, '"("', '" (A=1))"', undefined],
    ['Outcome!=Failure', 8, '"="', '"!=Failure"', '(!(Outcome=Failure))'],
    ['(Outcome!=Failure)', 9, '"="', '"!=Failure)"', '(!(Outcome=Failure))'],
    ['(Outcome~=Fail)', 9, '"=", ">=" or "<="', '"~=Fail)"', '(Outcome=*part*)'],
    ['(A:=v)', 3, '"=", ">=" or "<=" and no option or matching rule', '":=v)"', undefined],
    [
      '(A:dn:2.5.13.5:=v)',
      3,
      '"=", ">=" or "<=" and no option or matching rule',
      '":dn:2.5.13.5:=v)"',
      undefined,
    ],
    [
      '(A;lang-de=v)',
      3,
      '"=", ">=" or "<=" and no option or matching rule',
      '";lang-de=v)"',
      undefined,
    ],
    ['(A>1)', 3, '">=" or "<="', '">1)"', undefined],
    ['(A =1)', 3, '"=", ">=" or "<="', '" =1)"', undefined],
    ['(A=**)', 5, 'text between two asterisks', '"*)"', undefined],
    ['(A=a**b)', 6, 'text between two asterisks', '"*b)"', undefined],
    ['(A>=1*)', 6, 'a value without asterisks behind an order', '"*)"', '\\2a'],
    ['(A=a(b)', 5, '")"', '"(b)"', '\\28 where the parenthesis is part of the value'],
    ['(A=\\2)', 4, 'two hexadecimal digits behind "\\"', '"\\\\2)"', '\\5c for a backslash'],
    ['(A=x\\c3x)', 5, 'escaped bytes that are UTF-8', '"\\\\c3x)"', undefined],
    ['(A=\n)', 4, 'no control character', '"\\n)"', '\\0a'],
    ['(A=\ud800)', 4, 'well-formed text', 'half a character', undefined],
  ])('%j at %i', (text, place, expected, got, hint) => {
    const error = faultOf(() => parseFilter(text));
    expect(error).toMatchObject({ code: 'filter_syntax', position: place - 1, expected, got });
    expect(error.hint).toBe(hint);
    const meant = hint === undefined ? '' : `; write ${hint}`;
    expect(error.message).toBe(`expected ${expected}, got ${got} (at position ${place})${meant}`);
  });

  test('longer than a filter may be', () => {
    const fits = `(A=${'x'.repeat(MAX_FILTER_LENGTH - 4)})`;
    expect(parseFilter(fits)).toMatchObject({ kind: 'equal' });
    expect(faultOf(() => parseFilter(`${fits} `))).toMatchObject({
      position: 4096,
      expected: '4096 characters at most',
      got: '4097',
    });
  });

  test('deeper than filters may be', () => {
    const nested = (depth: number) => `${'(!'.repeat(depth - 1)}(A=1)${')'.repeat(depth - 1)}`;
    expect(parseFilter(nested(MAX_FILTER_DEPTH))).toMatchObject({ kind: 'not' });
    expect(faultOf(() => parseFilter(nested(MAX_FILTER_DEPTH + 1)))).toMatchObject({
      position: 32,
      expected: '16 filters in each other at most',
    });
  });
});

describe('the filter of an event', () => {
  test('names attributes in any case and is kept in the spelling of the catalogue', () => {
    const filter = parseEventFilter('ACCESS_SESSION_ESTABLISH', '(&(clientip=192.*)(OUTCOME=x))');
    expect(formatFilter(filter)).toBe('(&(ClientIP=192.*)(Outcome=x))');
  });

  test('may not name what the event never has', () => {
    const parse = () => parseEventFilter('CRL_VALIDATION', '(&(Outcome=Failure)(ClientIP=1))');
    expect(faultOf(parse).message).toBe(
      'expected an attribute of the event (AuditEvent, SubjectID, Outcome), got "ClientIP" (at position 21)',
    );
  });

  test('is of an event in the catalogue', () => {
    expect(() => parseEventFilter('NOTHING', '(Outcome=Failure)')).toThrow(
      new RangeError('the catalogue has no event "NOTHING"'),
    );
  });

  test('can name every attribute that an event has', () => {
    for (const { name } of EVENTS.filter((event) => event.selectable)) {
      for (const attribute of filterAttributes(name))
        expect(formatFilter(parseEventFilter(name, `(${attribute}=x)`))).toBe(`(${attribute}=x)`);
    }
  });
});

describe('for every filter', () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{0,8}$/);
  const value = fc.string({ unit: 'grapheme', maxLength: 12 });
  const piece = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.record({ kind: fc.constant('present' as const), attribute: name }),
      fc.record({
        kind: fc.constantFrom('equal' as const, 'greaterOrEqual' as const, 'lessOrEqual' as const),
        attribute: name,
        value,
      }),
      fc
        .record({
          kind: fc.constant('substrings' as const),
          attribute: name,
          initial: value,
          any: fc.array(piece, { maxLength: 3 }),
          final: value,
        })
        // An asterisk alone is presence.
        .filter(({ initial, any, final }) => any.length > 0 || initial !== '' || final !== ''),
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        filters: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('not' as const), filter: tie('filter') }),
    ),
  }));
  const attributes = fc.array(fc.tuple(name, fc.option(value)) as fc.Arbitrary<Attribute>, {
    maxLength: 5,
  });
  const records = fc
    .tuple(fc.constantFrom('Success' as const, 'Failure' as const), attributes)
    .map(([outcome, list]) => record('AUTH', outcome, 'somebody', list));

  test('its text is read back as the same filter', () => {
    fc.assert(
      fc.property(filter, (made) => {
        expect(parseFilter(formatFilter(made))).toEqual(made);
      }),
    );
  });

  test('not, and, or are those of logic', () => {
    fc.assert(
      fc.property(filter, filter, records, (a, b, made) => {
        const [x, y] = [matchesFilter(a, made), matchesFilter(b, made)];
        expect(matchesFilter({ kind: 'not', filter: a }, made)).toBe(!x);
        expect(matchesFilter({ kind: 'and', filters: [a, b] }, made)).toBe(x && y);
        expect(matchesFilter({ kind: 'or', filters: [a, b] }, made)).toBe(x || y);
      }),
    );
  });

  test('a value is found by itself, whatever its case', () => {
    fc.assert(
      fc.property(name, value, (attribute, text) => {
        if (/^(auditevent|outcome)$/i.test(attribute)) return;
        const made = record('X', 'Success', 'a', [[attribute, text]]);
        for (const spelled of [text, text.toUpperCase(), text.toLowerCase()]) {
          const equal: Filter = { kind: 'equal', attribute, value: spelled };
          expect(matchesFilter(parseFilter(formatFilter(equal)), made)).toBe(true);
        }
        expect(matchesFilter({ kind: 'greaterOrEqual', attribute, value: text }, made)).toBe(true);
        expect(matchesFilter({ kind: 'lessOrEqual', attribute, value: text }, made)).toBe(true);
      }),
    );
  });

  test('any text is a filter or a fault inside that text', () => {
    const alphabet = fc.constantFrom(...'()&|!=*<>~:\\ab2 Outcome'.split(''));
    const texts = fc.oneof(fc.string({ unit: alphabet, maxLength: 40 }), fc.string());
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const read = parseFilter(text);
          expect(parseFilter(formatFilter(read))).toEqual(read);
        } catch (error) {
          if (!(error instanceof FilterError)) throw error;
          expect(error.position).toBeGreaterThanOrEqual(0);
          expect(error.position).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

function record(
  event: string,
  outcome: Outcome,
  actor: string,
  attributes: readonly Attribute[],
): Parameters<typeof matchesFilter>[1] {
  return { event, outcome, content: { actor: { id: actor }, attributes } };
}

function faultOf(work: () => unknown): FilterError {
  try {
    work();
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
  throw new Error('expected a FilterError, got none');
}
