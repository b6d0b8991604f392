import { expect, test } from 'vitest';
import { expressionWords, faultPlace, linesOfRule, partsOf } from './rule-text.ts';

const LINE =
  'certServer.log.configuration:read,modify:allow (read) group="Administrators" || group="Auditors";deny (modify) user=anybody:Nobody changes it';

test('a line comes apart into operations, entries and description', () => {
  expect(partsOf(LINE)).toEqual({
    resource: 'certServer.log.configuration',
    operations: 'read,modify',
    entries: [
      'allow (read) group="Administrators" || group="Auditors"',
      'deny (modify) user=anybody',
    ],
    description: 'Nobody changes it',
  });
  expect(linesOfRule('a:x:allow (x) user="b"')).toEqual([
    'operations: x',
    'allow (x) user="b"',
    'description: ',
  ]);
});

test('what stands in quotes does not separate, nor does an address', () => {
  expect(partsOf('resourceACLS: a:x:allow (x) group="b;c:d";allow (x) ipaddress=::1:text')).toEqual(
    {
      resource: 'a',
      operations: 'x',
      entries: ['allow (x) group="b;c:d"', 'allow (x) ipaddress=::1'],
      description: 'text',
    },
  );
});

test('expressions are told in words', () => {
  expect(expressionWords('group="Administrators" || group="Certificate Manager Agents"')).toBe(
    'groups Administrators or Certificate Manager Agents',
  );
  expect(expressionWords('group="A" || group="B" || group="C"')).toBe('groups A, B or C');
  expect(expressionWords('group="A" || user="b"')).toBe('group A or user b');
  expect(expressionWords('ipaddress=".*"')).toBe('from any address');
  expect(expressionWords('user="anybody" && ipaddress="10.0.0.0/8"')).toBe(
    'anybody signed in and from 10.0.0.0/8',
  );
  expect(expressionWords('user!=jdoe')).toBe('not user jdoe');
});

test('what is no such expression is not guessed at', () => {
  expect(expressionWords('group="A" ||')).toBeNull();
  expect(expressionWords('colour="red"')).toBeNull();
  expect(expressionWords('')).toBeNull();
});

test('the place of a fault is a member of the refusal, or stands in its words', () => {
  expect(faultPlace({ position: 27 })).toBe(26);
  expect(faultPlace({ detail: 'line 1, character 9: expected a colon, got the end' })).toBe(8);
  expect(faultPlace({ detail: 'no' })).toBeNull();
});
