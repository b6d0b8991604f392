import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import {
  parseAssignments,
  parseMoment,
  parseReason,
  parseSans,
  parseSettings,
  reasonName,
} from './arguments.ts';

describe('alternative names', () => {
  test('are a type and a value, collected in order', () => {
    const first = parseSans('dns:www.example.com');
    expect(parseSans('uri:https://a.example:8443/', first)).toEqual([
      { type: 'dns', value: 'www.example.com' },
      { type: 'uri', value: 'https://a.example:8443/' },
    ]);
  });

  test.for(['www.example.com', 'dns:', 'host:a', ':a', ''])('%j is none', (text) => {
    expect(() => parseSans(text)).toThrow(
      new InvalidArgumentError(
        'expected TYPE:VALUE, TYPE one of dns, ip, email, uri, upn, e.g. dns:www.example.com',
      ),
    );
  });
});

describe('metadata', () => {
  test('is names and values; a value may hold = and may be empty', () => {
    const first = parseAssignments('Query=a=b');
    expect(parseAssignments('Owner=', first)).toEqual({ Query: 'a=b', Owner: '' });
  });

  test('is wrong without a name, and given twice', () => {
    expect(() => parseAssignments('=x')).toThrow('expected NAME=VALUE');
    expect(() => parseAssignments('Owner')).toThrow('expected NAME=VALUE');
    expect(() => parseAssignments('Owner=b', { Owner: 'a' })).toThrow('"Owner" is given twice');
  });
});

describe('members of a policy', () => {
  test('are JSON where that is what they are, else text; a path goes inward', () => {
    let set = parseSettings('validityDays=90');
    set = parseSettings('keyRetention=none', set);
    set = parseSettings('sans.required=true', set);
    set = parseSettings('sans.allowed=["dns"]', set);
    expect(set).toEqual({
      validityDays: 90,
      keyRetention: 'none',
      sans: { required: true, allowed: ['dns'] },
    });
  });

  test.for(['validityDays', '=1', 'sans.=1', '.a=1'])('%j is none', (text) => {
    expect(() => parseSettings(text)).toThrow('expected NAME=VALUE');
  });
});

describe('reasons', () => {
  test.for([
    ['Key_Compromise', 1],
    ['keyCompromise', 1],
    ['KEY_COMPROMISE', 1],
    ['1', 1],
    ['cessationOfOperation', 5],
    ['AA_Compromise', 10],
  ] as const)('%s is %i', ([text, number]) => {
    expect(parseReason(text)).toBe(number);
  });

  test('are named', () => {
    expect([1, 6, 7].map(reasonName)).toEqual(['Key_Compromise', 'Certificate_Hold', '7']);
  });

  test.for(['7', '11', 'stolen', ''])('%j is none, and the message lists them', (text) => {
    expect(() => parseReason(text)).toThrow(
      /^expected one of Unspecified \(0\), Key_Compromise \(1\)/,
    );
  });
});

describe('moments', () => {
  test('are dates in UTC, or times with a zone', () => {
    expect(parseMoment('2026-11-22')).toBe('2026-11-22T00:00:00.000Z');
    expect(parseMoment('2026-11-22T10:30+01:00')).toBe('2026-11-22T09:30:00.000Z');
  });

  test.for(['2026-13-01', '22.11.2026', '2026-11-22T10:30', 'yesterday'])('%j is none', (text) => {
    expect(() => parseMoment(text)).toThrow('expected a date or time with its zone');
  });
});
