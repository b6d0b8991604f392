import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content, Envelope } from '../record.ts';
import { completeQuery } from './complete.ts';
import { QueryError } from './error.ts';
import { matchesQuery } from './evaluate.ts';
import { fold, words } from './fold.ts';
import { highlightQuery } from './highlight.ts';
import { parseQuery } from './parser.ts';
import { resolveQuery } from './resolve.ts';
import { changedProperties } from './values.ts';

const envelope: Envelope = {
  v: 1,
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  producer: 'pki1',
  seq: 42,
  time: '2026-11-20T10:30:00.000Z',
  event: 'AUTHZ',
  category: 'AuthorizationFailure',
  operation: 'Encountered',
  level: 'Warning',
  outcome: 'Failure',
  retention: 'normal',
  digest: '',
};
const content: Content = {
  actor: {
    id: 'KEYEXAMPLE\\jsmith',
    name: 'Jörg Straße',
    kind: 'user',
    roles: ['RA Officer', 'Auditor'],
  },
  origin: { address: '10.1.2.3', interface: 'portal' },
  source: { system: 'countersign' },
  target: { type: 'certificate', id: '7', name: 'CN=appsrvr12.keyexample.com,L=Chicago' },
  before: { KeyRetention: 3, days: 4, nested: { a: 1, b: 1 } },
  after: { KeyRetention: 3, days: 7, nested: { a: 2, b: 1 } },
  attributes: [
    ['Serial', '0x0A1B2C3D4E'],
    ['Fingerprint', 'AA:BB:CC:DD:EE:FF'],
    ['None', null],
  ],
  reason: 'asked for by the customer',
};
const now = new Date('2026-11-22T05:00:00.000Z');

function matches(text: string, me = 'KEYEXAMPLE\\jsmith'): boolean {
  return matchesQuery(resolveQuery(parseQuery(text), { now, me }), { index: 9, envelope, content });
}

describe('a record matches', () => {
  it.each([
    ['user -eq "keyexample\\JSMITH"', true],
    ['user -eq "JÖRG STRASSE"', true],
    ['user -eq %ME%', true],
    ['user -endswith "%me-an%"', true],
    ['user -ne %ME%', false],
    ['role -eq auditor', true],
    ['role -ne auditor', false],
    ['role -notcontains officer', false],
    ['session -eq NULL', true],
    ['session -ne "x"', true],
    ['category -contains "authorization"', true],
    ['category -eq 2012', true],
    ['category -eq "Authorization Failure"', true],
    ['level -ge warning', true],
    ['level -lt warning', false],
    ['level -eq 1', true],
    ['timestamp -eq 2026-11-20', true],
    ['timestamp -ne 2026-11-20', false],
    ['timestamp -eq %TODAY-2%', true],
    ['timestamp -gt 2026-11-20', true],
    ['timestamp -le 2026-11-20', false],
    ['timestamp -ge 2026-11-20T10:30:00Z', true],
    ['timestamp -gt 2026-11-20T10:30:00Z', false],
    ['time:2026-11-01..2026-11-20', true],
    ['id -eq 9 AND seq -lt 43', true],
    ['property -eq DAYS', true],
    ['property -eq nested.a AND property -eq nested', true],
    ['property -eq KeyRetention', false],
    ['property -eq any', true],
    ['imported -eq false', true],
    ['chicago', true],
    ['APPSRVR12.keyexample.com', true],
    ['"keyexample appsrvr12"', false],
    ['keyexample appsrvr12', true],
    ['strasse jorg', true],
    ['apps*', true],
    ['apps', false],
    ['0a1b2c3d4e', true],
    ['a1b2c3d4e', true],
    ['0A:1B:2C:3D:4E', true],
    ['"0a 1b 2c 3d 4e"', true],
    ['0a 1b 2c 3d 4e', true],
    ['aabbccddeeff', true],
    ['aa:bb*', true],
    ['authorization failure', true],
    ['-chicago', false],
    ['NOT berlin', true],
  ])('%s: %s', (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  it('answers from the envelope alone once its content is erased', () => {
    const ask = (text: string): boolean =>
      matchesQuery(resolveQuery(parseQuery(text), { now }), { index: 9, envelope, content: null });
    expect(ask('event -eq authz AND user -eq NULL')).toBe(true);
    expect(ask('chicago')).toBe(false);
  });

  it('needs somebody to stand for %ME%', () => {
    const query = parseQuery('a AND user -eq %ME%');
    expect(() => resolveQuery(query, { now })).toThrow(QueryError);
    expect(() => resolveQuery(query, { now })).toThrow(
      'expected somebody signed in to stand for %ME%, got nobody',
    );
  });
});

describe('words', () => {
  it('fold case, accents and notation', () => {
    expect(words('CN=Jörg.Müller@Example.COM, 0x00Ff')).toEqual([
      'cn',
      'jorg',
      'muller',
      'example',
      'com',
      'ff',
    ]);
    expect(words('ＦＵＬＬ ﬁ 007 0 000 0x')).toEqual(['full', 'fi', '7', '0', '0', '0x']);
    expect(words('at 12:30:45 from 2001:db8::1')).toEqual([
      'at',
      '12',
      '30',
      '45',
      'from',
      '2001',
      'db8',
      '1',
    ]);
    expect(words('01890a5d-ac96-774b-bcce-b302099a8057')).toEqual([
      '1890a5dac96774bbcceb302099a8057',
    ]);
    expect(words('東京 tower')).toEqual(['東', '京', 'tower']);
    expect(words('x'.repeat(100))).toEqual(['x'.repeat(64)]);
  });

  it('do not depend on case', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('aAß0xéΣσς: -İı東')) }),
        (text) => {
          expect(fold(fold(text))).toBe(fold(text));
          expect(words(fold(text))).toEqual(words(text));
        },
      ),
    );
  });

  it('are alike for ASCII and for anything else', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('aBcF09x: -.=')), maxLength: 40 }),
        (text) => {
          expect(words(`${text} é`)).toEqual([...words(text), 'e']);
        },
      ),
    );
  });
});

it('changed properties are dotted paths and what leads to them', () => {
  expect(changedProperties({ a: { b: 1, c: [1] }, d: 1 }, { a: { b: 2, c: [1] }, e: 1 })).toEqual([
    'a',
    'a.b',
    'd',
    'e',
  ]);
  expect(changedProperties({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toEqual([]);
  expect(changedProperties(undefined, { a: 1 })).toEqual([]);
});

describe('completion', () => {
  const labels = (text: string): string[] =>
    completeQuery(text, text.length).suggestions.map((s) => s.label);

  it('offers fields, operators, values and connectives where they fit', () => {
    expect(labels('Cat')).toEqual(['Category']);
    expect(labels('Category ')).toContain('-contains');
    expect(labels('Category -co')).toEqual(['-contains']);
    expect(completeQuery('Category -co', 12)).toMatchObject({ from: 9, to: 12 });
    expect(labels('Level -eq ')).toEqual(['Information', 'Warning', 'Failure']);
    expect(labels('Level -eq Wa')).toEqual(['Warning']);
    expect(labels('level:')).toEqual(['Information', 'Warning', 'Failure']);
    expect(completeQuery('level:fa', 8)).toMatchObject({ from: 6, to: 8 });
    expect(labels('Timestamp -ge ')).toContain('%TODAY-7%');
    expect(labels('Level -eq Warning ').slice(0, 2)).toEqual(['AND', 'OR']);
    expect(labels('(Level -eq Warning AND (').slice(0, 1)).toEqual(['Timestamp']);
  });

  it('quotes what has to be quoted, and takes known values', () => {
    expect(completeQuery('category -eq "security ro', 25).suggestions[0]).toMatchObject({
      insert: 'SecurityRole',
      label: 'Security Role',
    });
    expect(completeQuery('user:j', 6, () => ['j smith']).suggestions[0]).toMatchObject({
      insert: '"j smith"',
    });
  });

  it('and highlighting never fail, and stay inside the text', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(...Array.from('aN-e qo"():*\\%'), 'Name ', 'level:', '-eq '),
        }),
        fc.nat(60),
        (text, at) => {
          const { from, to } = completeQuery(text, Math.min(at, text.length));
          expect(0 <= from && from <= to && to <= text.length).toBe(true);
          let end = 0;
          for (const span of highlightQuery(text)) {
            expect(span.start).toBeGreaterThanOrEqual(end);
            end = span.end;
          }
          expect(end).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});

it('highlighting says what every piece is', () => {
  expect(highlightQuery('Name -eq "x" AND foo -user:%ME%').map((h) => h.kind)).toEqual([
    'field',
    'operator',
    'string',
    'connective',
    'text',
    'negation',
    'field',
    'token',
  ]);
});
