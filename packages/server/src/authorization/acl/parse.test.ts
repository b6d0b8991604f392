import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ServerError } from '../../errors.ts';
import { parseEntry, parseRule } from './parse.ts';
import { formatEntry, formatRule } from './rule.ts';
import { anyRule, DOGTAG_LINES } from './testing.ts';

const USERS = 'certServer.ca.users:execute:allow (execute) group="Administrators":Admins only';

function refusal(line: string): ServerError {
  try {
    parseRule(line);
  } catch (error) {
    if (error instanceof ServerError) return error;
    throw error;
  }
  throw new Error(`expected a refusal of ${line}`);
}

describe('a rule', () => {
  test('is a resource, its operations, entries and a description', () => {
    expect(
      parseRule(
        'certServer.log.configuration.fileName:read,modify:allow (read) group="Administrators" || group="Auditors" ;deny (modify) user=anybody:Nobody changes it',
      ),
    ).toEqual({
      resource: 'certServer.log.configuration.fileName',
      operations: ['read', 'modify'],
      entries: [
        {
          type: 'allow',
          operations: ['read'],
          expression: 'group="Administrators" || group="Auditors"',
          terms: [
            { type: 'group', operator: '=', value: 'Administrators' },
            { type: 'group', operator: '=', value: 'Auditors' },
          ],
          joins: ['||'],
          text: 'allow (read) group="Administrators" || group="Auditors" ',
        },
        {
          type: 'deny',
          operations: ['modify'],
          expression: 'user=anybody',
          terms: [{ type: 'user', operator: '=', value: 'anybody' }],
          joins: [],
          text: 'deny (modify) user=anybody',
        },
      ],
      description: 'Nobody changes it',
    });
  });

  test('may stand behind the prefix of an LDIF file, which is not part of it', () => {
    expect(formatRule(parseRule(`resourceACLS: ${USERS}`))).toBe(USERS);
    expect(parseRule(`resourceACLS:${USERS}`).resource).toBe('certServer.ca.users');
  });

  test('protects what stands in quotes', () => {
    const line =
      'a.b:read:allow (read) group="x || y && z; deny (read)" && ipaddress="2001:db8::/32":IPv6';
    const { entries, description } = parseRule(line);
    expect(entries).toHaveLength(1);
    expect(entries[0]?.terms.map(({ value }) => value)).toEqual([
      'x || y && z; deny (read)',
      '2001:db8::/32',
    ]);
    expect(description).toBe('IPv6');
  });

  test('takes && and || as they come, without blanks and without quotes where Dogtag does', () => {
    const { entries } = parseRule('a:x:allow(x)user=a&&user != b|| group=c d :');
    expect(entries[0]).toMatchObject({
      joins: ['&&', '||'],
      terms: [{ value: 'a' }, { value: 'b', operator: '!=' }, { value: 'c d' }],
    });
  });

  test.each(DOGTAG_LINES)('of %s keeps every byte: %s', (_subsystem, line) => {
    expect(formatRule(parseRule(line))).toBe(line);
  });

  test('that was formatted is read as it was', () => {
    fc.assert(
      fc.property(anyRule, (rule) => {
        const line = formatRule(rule);
        expect(parseRule(line)).toEqual(rule);
        for (const entry of rule.entries) {
          expect(parseEntry(formatEntry(entry), rule.operations)).toEqual(entry);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('cut short anywhere before its description is refused, never misread', () => {
    fc.assert(
      fc.property(anyRule, fc.nat(), (rule, n) => {
        const line = formatRule(rule);
        const cut = line.slice(0, n % (line.length - rule.description.length));
        try {
          expect(formatRule(parseRule(cut))).toBe(cut);
        } catch (error) {
          expect(error).toMatchObject({ code: 'acl_syntax' });
        }
      }),
    );
  });

  test('made of any characters is read byte for byte or refused by its code', () => {
    const pieces = ['a', '.', ':', ';', ' ', '"', '||', '&&', '=', '!=', '(', ')', ','];
    const more = [
      'allow',
      'deny',
      'user',
      'group',
      'ipaddress',
      'read',
      '10.0.0.0/8',
      '\n',
      '\u0000',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 30 }), (text) => {
        const line = text.join('');
        try {
          expect(formatRule(parseRule(line))).toBe(line);
        } catch (error) {
          expect(error).toMatchObject({ code: 'acl_syntax' });
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a faulty rule is refused with the place, what was expected and what came', () => {
  test.each([
    ['', 'character 1: expected a colon after the resource, got the end'],
    ['a', 'character 2: expected a colon after the resource, got the end'],
    [
      'a b:x:allow (x) user="c":',
      'character 1: expected a resource such as certServer.ca.users, got "a b"',
    ],
    [
      ':x:allow (x) user="c":',
      'character 1: expected a resource such as certServer.ca.users, got nothing',
    ],
    [
      'a..b:x:allow (x) user="c":',
      'character 1: expected a resource such as certServer.ca.users, got "a..b"',
    ],
    ['a:x', 'character 4: expected a colon after the rights, got the end'],
    [
      'a::allow (x) user="c":',
      'character 3: expected operations separated by commas, without blanks, got nothing',
    ],
    [
      'a:x, y:allow (x) user="c":',
      'character 5: expected operations separated by commas, without blanks, got " y"',
    ],
    ['a:x,x:allow (x) user="c":', 'character 5: expected each operation once, got "x"'],
    [
      'a:x:allow (x) user="c"',
      'character 23: expected entries, a colon and a description, got the end',
    ],
    ['a:x::nothing', 'character 5: expected allow or deny, got the colon'],
    ['a:x:permit (x) user="c":', 'character 5: expected allow or deny, got "permit (x) user="c""'],
    ['a:x:allow x user="c":', 'character 11: expected ( after allow, got "x user="c""'],
    ['a:x:allow (x user="c":', 'character 12: expected operations and ), got "x user="c""'],
    [
      'a:x:allow () user="c":',
      'character 12: expected operations separated by commas, without blanks, got nothing',
    ],
    [
      'a:x,y:allow (x,z) user="c":',
      'character 16: expected an operation the rule lists (x, y), got "z"',
    ],
    [
      'a:x:allow (x):',
      'character 14: expected group, user, ipaddress or user_origreq, got the colon',
    ],
    [
      'a:x:allow (x) role="c":',
      'character 15: expected group, user, ipaddress or user_origreq, got "role="c""',
    ],
    ['a:x:allow (x) user>"c":', 'character 19: expected = or != after user, got ">"c""'],
    ['a:x:allow (x) user "c":', 'character 20: expected = or != after user, got ""c""'],
    ['a:x:allow (x) user=:', 'character 20: expected a value in quotes, got the colon'],
    ['a:x:allow (x) user="":', 'character 20: expected a value, got ""'],
    [
      'a:x:allow (x) user="c:',
      'character 20: expected closing quotes before the colon of the description, got ""c"',
    ],
    [
      'a:x:allow (x) user=c user=d:',
      'character 26: expected ||, && or ; (a description begins after the last colon), got "=d"',
    ],
    [
      'a:x:allow (x) user="c":Note: one',
      'character 23: expected ||, && or ; (a description begins after the last colon), got ":Note"',
    ],
    [
      'a:x:allow (x) user="c" ||:',
      'character 26: expected group, user, ipaddress or user_origreq, got the colon',
    ],
    ['a:x:allow (x) user="c";:', 'character 24: expected allow or deny, got the colon'],
    [
      'a:x:allow (x) (user="c"):',
      'character 15: expected group, user, ipaddress or user_origreq, got "(user="c")"',
    ],
    [
      'a:x:allow (x) user!="anybody":',
      'character 21: expected a user name (nobody is not somebody), got "anybody"',
    ],
    [
      'a:x:allow (x) user_origreq="uid":',
      'character 28: expected "auth_token.uid", who made the request, got "uid"',
    ],
    [
      'a:x:allow (x) ipaddress="10.1.0.0/33":',
      'character 25: expected an address or a network such as 10.1.0.0/16 or 2001:db8::/32, got "10.1.0.0/33"',
    ],
    [
      'a:x:allow (x) user="c":two\nlines',
      'character 27: expected a line without control characters, got U+000A',
    ],
  ])('%s', (line, message) => {
    expect(refusal(line)).toMatchObject({ code: 'acl_syntax', message });
  });

  test('and both are members of the problem', () => {
    expect(refusal('a:x:allow (y) user="c":').members).toEqual({
      position: 12,
      errors: [{ field: 'line', expected: 'an operation the rule lists (x)', got: '"y"' }],
    });
  });

  test('when it is longer than any rule', () => {
    const line = `a:x:allow (x) user="c":${'long '.repeat(4_000)}`;
    expect(refusal(line).message).toBe(
      'character 16385: expected a line of at most 16384 characters, got 20023',
    );
  });
});
