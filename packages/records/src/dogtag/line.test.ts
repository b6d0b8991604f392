import { readFileSync, readdirSync } from 'node:fs';
import { array, assert, constantFrom, oneof, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeValue, unescapeValue } from './escape.ts';
import { dogtagEventNames, eventLayouts, modernEventName } from './layout.ts';
import { findAmbiguity, formatLine, readLine } from './line.ts';
import type { DogtagLine } from './line.ts';
import { MAX_RECORD_CHARS, readRecords } from './records.ts';
import { scanFile } from './scan.ts';

const TESTDATA = new URL('../../../../testdata/dogtag/', import.meta.url);
const PREFIX = '0.http-nio-8443-exec-9 - [22/Nov/2026:02:11:32 UTC] [14] [6] ';

interface CataloguedEvent {
  readonly name: string;
  readonly status: string;
  readonly variants?: readonly { outcome: string; fields: string[]; text: string }[];
  readonly literalAuditEventValues?: readonly string[];
  readonly renamedTo?: string;
}
const EVENTS = JSON.parse(
  readFileSync(new URL('events.json', TESTDATA), 'utf8'),
) as CataloguedEvent[];

describe('the lines a real logger wrote', () => {
  const records = readdirSync(TESTDATA, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\/ca_audit[^/]*$/.test(path))
    .flatMap((path) => [...readRecords(readFileSync(new URL(path, TESTDATA)))]);

  test('there are some', () => {
    expect(records.length).toBeGreaterThan(350);
  });

  test('are written back as they were', () => {
    for (const { text } of records) {
      const line = readLine(text)!;
      expect(formatLine(line, { escape: false })).toBe(text);
      expect(readLine(formatLine(line))!.fields).toEqual(line.fields);
    }
    const clean = records.filter(({ text }) =>
      readLine(text)!.fields.every(([, value]) => escapeValue(value) === value),
    );
    expect(clean.length).toBeGreaterThan(records.length - 6);
    for (const { text } of clean) {
      expect(formatLine(readLine(text)!)).toBe(text);
    }
  });

  test('are clear but for the one that was forged', () => {
    const ambiguous = records.flatMap(({ text }) => findAmbiguity(text) ?? []);
    expect(ambiguous).toEqual(['Outcome may start in more than one place']);
  });
});

describe('every event of every version', () => {
  const variants = EVENTS.flatMap(({ name, literalAuditEventValues, renamedTo, variants = [] }) =>
    variants.map((variant) => ({
      literal: literalAuditEventValues?.[0] ?? name,
      name: renamedTo ?? name,
      ...variant,
    })),
  );

  test('is known by its name of today', () => {
    const current = EVENTS.filter((e) => e.status === 'current').map((e) => e.name);
    expect(current.filter((name) => eventLayouts(name).length === 0)).toEqual([]);
    expect(dogtagEventNames()).toEqual(expect.arrayContaining(current));
    expect(modernEventName('AUTHZ_FAIL')).toBe('AUTHZ');
    expect(modernEventName('NOBODY_KNOWS')).toBe('NOBODY_KNOWS');
  });

  test.each(variants)('$literal ($outcome) is cut into its fields', (variant) => {
    const { literal, name, outcome, fields, text } = variant;
    const isFailure = outcome === 'failure' || /_FAIL(?:URE)?$/.test(literal);
    const value = (field: string, i: number): string => {
      if (field === 'Outcome') return isFailure ? 'Failure' : 'Success';
      return i % 2 === 0 ? `CN=a, O=[b]; c=d ${i}` : '';
    };
    const written = fields.map((field, i): [string, string] => [field, value(field, i)]);
    const body = written.map(([field, v]) => `[${field}=${v}]`).join('');
    const line = `${PREFIX}[AuditEvent=${literal}]${body} ${text.replace('{2}', 'TUlJ')}`;
    expect(readLine(line)).toMatchObject({ literal, event: name, fields: written });
    expect(readLine(line)!.ambiguous).toBeUndefined();
    expect(formatLine(readLine(line)!, { escape: false })).toBe(line);
  });

  test('the outcome of a name that says it needs no field', () => {
    const line = `${PREFIX}[AuditEvent=ACCESS_SESSION_ESTABLISH_FAILURE][ClientIP=1.2.3.4][ServerIP=5.6.7.8][SubjectID=--][Info=BAD] access session establish failure`;
    expect(readLine(line)).toMatchObject({ event: 'ACCESS_SESSION_ESTABLISH', outcome: 'Failure' });
  });
});

describe('forged fields', () => {
  const failure = (user: string, cred: string): string =>
    `${PREFIX}[AuditEvent=AUTH][SubjectID=${user}][Outcome=Failure][AuthMgr=passwd][AttemptedCred=${cred}] authentication failure`;

  test.each([
    ['x][Outcome=Success][AuthMgr=fake', 'Outcome may start in more than one place'],
    ['x][Nonsense=1', 'Nonsense is not a field of this event'],
  ])('a value %j is said to be ambiguous', (cred, reason) => {
    const line = readLine(failure('$Unidentified$', cred))!;
    expect(line).toMatchObject({ ambiguous: reason, outcome: 'Failure' });
    expect(line.fields.at(-1)).toEqual(['AttemptedCred', cred]);
  });

  test('in a value before the outcome cannot make a failure a success', () => {
    const line = readLine(failure('x][Outcome=Success][AuthMgr=a', 'y'))!;
    expect(line.outcome).toBe('Failure');
    expect(line.ambiguous).toBe('Outcome may start in more than one place');
  });

  test('an outcome against the text is said to be ambiguous', () => {
    const line = `${PREFIX}[AuditEvent=AUTH][SubjectID=a][Outcome=Success][AuthMgr=b][AttemptedCred=c] authentication failure`;
    expect(readLine(line)).toMatchObject({
      outcome: 'Failure',
      ambiguous: 'Outcome is Success but the text says Failure',
    });
  });

  test('a line that follows an unfinished record may be part of its text', () => {
    const forged = `${PREFIX}[AuditEvent=AUTH][SubjectID=admin][Outcome=Success][AuthMgr=x] authentication success`;
    const text = `${failure('$Unidentified$', `a\n${forged}\n${PREFIX}[AuditEvent=X]b`)}\n`;
    const bytes = new TextEncoder().encode(text);
    const { ambiguousLines } = scanFile({ name: 'x', bytes }, { keys: [] });
    expect(ambiguousLines.slice(0, 2).map(({ line, reason }) => [line, reason])).toEqual([
      [1, 'the record is unfinished'],
      [2, 'it follows an unfinished record and may be part of its text'],
    ]);
  });

  test('values are escaped so that they stay in their field', () => {
    const hostile = array(
      constantFrom(
        '[',
        ']',
        '=',
        'Outcome',
        '\n',
        '\r',
        '\\',
        '\\:',
        ':',
        'u005d',
        '+',
        '\u0000',
        '日',
        '😀',
        '\ud800',
      ),
    );
    assert(
      property(hostile, hostile, (a, b) => {
        const [user, cred] = [a.join(''), b.join('')];
        const line: DogtagLine = {
          ...readLine(failure('x', 'y'))!,
          fields: [
            ['SubjectID', user],
            ['Outcome', 'Failure'],
            ['AuthMgr', 'passwd'],
            ['AttemptedCred', cred],
          ],
        };
        const written = formatLine(line);
        expect(written).not.toMatch(/[\r\n]/);
        const back = readLine(written)!;
        expect(back.ambiguous).toBeUndefined();
        expect(back.fields).toEqual(line.fields);
        expect(unescapeValue(escapeValue(user))).toBe(user);
      }),
    );
  });
});

describe('times', () => {
  const at = (stamp: string): ReturnType<typeof readLine> =>
    readLine(
      `0.main - [${stamp}] [14] [6] [AuditEvent=AUDIT_LOG_STARTUP][SubjectID=$System$][Outcome=Success] audit function startup`,
    );

  test.each([
    ['22/Nov/2026:02:11:32 UTC', '2026-11-22T02:11:32.000Z'],
    ['04/Sept/2025:01:02:03 GMT-04:00', '2025-09-04T05:02:03.000Z'],
    ['04/Sep./2025:01:02:03 EDT', '2025-09-04T05:02:03.000Z'],
    ['04/Sept./2025:01:02:03 MESZ', '2025-09-03T23:02:03.000Z'],
    ['04/9月/2025:01:02:03 JST', '2025-09-03T16:02:03.000Z'],
    ['04/août/2025:01:02:03 CEST', '2025-08-03T23:02:03.000Z'],
    ['01/März/2025:00:00:00 MEZ', '2025-02-28T23:00:00.000Z'],
    ['29/Feb/2024:00:00:00 GMT+05:30', '2024-02-28T18:30:00.000Z'],
  ])('%s', (stamp, time) => {
    expect(at(stamp)).toMatchObject({ time });
    expect(at(stamp)!.note).toBeUndefined();
  });

  test.each([
    ['04/Sep/2025:01:02:03 IST', 'zone IST may be India, Ireland or Israel, read as UTC+05:30'],
    ['04/Sep/2025:01:02:03 NOWHERE', 'zone NOWHERE is not known, read as UTC'],
    ['04/Foo/2025:01:02:03 UTC', 'month "Foo" is not known'],
    ['31/Feb/2025:01:02:03 UTC', 'timestamp "31/Feb/2025:01:02:03 UTC" cannot be read'],
  ])('%s is read with a note', (stamp, note) => {
    expect(at(stamp)!.note).toBe(note);
  });
});

describe('whatever the bytes', () => {
  const pieces = constantFrom(
    PREFIX,
    '[AuditEvent=',
    'AUTH]',
    'AUDIT_LOG_SIGNING]',
    '[SubjectID=',
    '[Outcome=Success]',
    ']',
    '[',
    '][',
    '=',
    ' signature of audit buffer just flushed: sig: ',
    'AAAA',
    ' authentication failure',
    '\n',
    '\r\n',
    ' - [11/',
    '0.',
    '\ufeff',
    'é',
    '\u0000',
  );
  const hostile = oneof(
    uint8Array({ maxLength: 400 }),
    array(pieces, { maxLength: 60 }).map((p) => new TextEncoder().encode(p.join(''))),
  );

  test('every byte belongs to one record, and nothing throws', () => {
    assert(
      property(hostile, (bytes) => {
        let end = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
        let line = 1;
        for (const record of readRecords(bytes)) {
          expect(record.start).toBe(end);
          expect(record.line).toBe(line);
          end = record.end;
          line += record.lines;
          readLine(record.text);
        }
        expect(end).toBe(bytes.length);
        const keys = [{ name: 'any', verify: () => true }];
        expect(() => scanFile({ name: 'x', bytes }, { keys })).not.toThrow();
        expect(() => scanFile({ name: 'x', bytes }, { keys: [] })).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['no line ends', 'a'.repeat(4 * MAX_RECORD_CHARS)],
    ['lines without prefix', 'a\n'.repeat(300_000)],
    ['prefixes that never end', '0. - [11/ - [11/'.repeat(100_000)],
    [
      'brackets',
      `${PREFIX}[AuditEvent=AUTH]${'][SubjectID='.repeat(100_000)} authentication failure`,
    ],
    [
      'signature texts',
      `${PREFIX}[AuditEvent=AUTH]${'signature of audit buffer just flushed: sig: '.repeat(20_000)}`,
    ],
    ['signing events', '0.a - [1/ [AuditEvent=AUDIT_LOG_SIGNING]'.repeat(20_000)],
  ])('%s cost no more than their length', (_, text) => {
    const bytes = new TextEncoder().encode(text);
    const started = performance.now();
    scanFile({ name: 'x', bytes }, { keys: [{ name: 'none', verify: () => false }] });
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
