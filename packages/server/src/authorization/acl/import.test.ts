import { describe, expect, test } from 'vitest';
import { ServerError } from '../../errors.ts';
import { exportRules, importRules } from './import.ts';
import { formatRule } from './rule.ts';
import { DOGTAG_LINES } from './testing.ts';

const CA = DOGTAG_LINES.filter(([subsystem]) => subsystem === 'CA').map(([, line]) => line);

describe('importing rules', () => {
  test('takes an LDIF file of Dogtag as it is, and makes one rule of several for a resource', () => {
    const ldif = [
      'dn: cn=aclResources,{rootSuffix}',
      'objectClass: top',
      'objectClass: CMSacls',
      'cn: aclResources',
      ...CA.map((line) => `resourceACLS: ${line}`),
      '',
    ].join('\n');
    const { rules, merged, duplicates } = importRules(ldif);
    expect(merged).toEqual(['certServer.ca.authorities']);
    expect(duplicates).toEqual([]);
    expect(rules).toHaveLength(CA.length - 2);
    const authorities = rules.find(({ resource }) => resource === 'certServer.ca.authorities');
    expect(formatRule(authorities!)).toBe(
      'certServer.ca.authorities:list,read,create,modify,delete:allow (list,read) user="anybody";allow (create,modify) group="Administrators";allow (delete) group="Administrators":Anybody may list and read lightweight authorities; Administrators may create and modify lightweight authorities; Administrators may delete lightweight authorities',
    );
  });

  test('reads back what was exported', () => {
    const { rules } = importRules(CA.join('\n'));
    const text = exportRules(rules);
    expect(text.split('\n')[0]).toMatch(/^resourceACLS: certServer\.acl\.configuration:/);
    expect(importRules(text)).toEqual({ rules, merged: [], duplicates: [] });
  });

  test('tells of lines that are there twice, leaves comments out and unfolds', () => {
    const line = 'a.b:x:allow (x) user="c":one';
    const text = `# mine\n\n${line}\r\nresourceACLS: ${line}\nresourceACLS: a.b:y:al\n low (y) user="d":two\n`;
    const { rules, merged, duplicates } = importRules(text);
    expect(duplicates).toEqual([{ line: 4, of: 3 }]);
    expect(merged).toEqual(['a.b']);
    expect(rules.map(formatRule)).toEqual([
      'a.b:x,y:allow (x) user="c";allow (y) user="d":one; two',
    ]);
  });

  test('names every faulty line at once', () => {
    let refusal: unknown;
    try {
      importRules('a.b:x:allow (x) user="c":one\na.b\na.c:x:permit (x) user="c":two\n');
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ServerError);
    expect(refusal).toMatchObject({
      code: 'acl_syntax',
      message:
        'line 2, character 4: expected a colon after the resource, got the end (and 1 more faulty lines)',
      members: {
        errors: [
          { field: 'line 2, character 4', expected: 'a colon after the resource', got: 'the end' },
          {
            field: 'line 3, character 7',
            expected: 'allow or deny',
            got: '"permit (x) user="c""',
          },
        ],
      },
    });
  });
});
