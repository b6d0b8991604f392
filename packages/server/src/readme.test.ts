import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { DEFAULT_RULES } from './authorization/default-rules.ts';
import { Policy } from './authorization/policy.ts';
import { BUILT_IN_ROLES, ROLES } from './authorization/roles.ts';
import { ENVIRONMENT } from './config/names.ts';
import { PROBLEMS } from './errors.ts';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  test('explains every code with its status', () => {
    for (const [code, { status, title }] of Object.entries(PROBLEMS)) {
      expect(readme).toContain(`| \`${code}\` | ${status} | ${title} |`);
    }
  });

  test('names every setting', () => {
    for (const name of Object.values(ENVIRONMENT)) expect(readme).toContain(`\`${name}\``);
  });

  test('says of the rights what the access rules say', () => {
    const policy = new Policy({
      rules: DEFAULT_RULES.map((rule) => ({ rule, changed: null })),
      roles: BUILT_IN_ROLES,
    });
    const rows = [...readme.matchAll(/^\| `(certServer[\w.]+)` \| ([^|]+) \| ([^|]+) \|$/gm)];
    expect(rows.length).toBeGreaterThan(10);
    for (const [, resource = '', operations = '', who = ''] of rows) {
      for (const [, operation = ''] of operations.matchAll(/`(\w+)`/g)) {
        const allowed = ROLES.filter((role) =>
          policy.isAllowed(
            { user: 'somebody', roles: [role], address: '127.0.0.1', scopes: null },
            { resource, operation },
          ),
        );
        const told = allowed.length === ROLES.length ? 'anybody signed in' : allowed.join(', ');
        expect(`${resource} ${operation}: ${who}`).toBe(
          `${resource} ${operation}: ${told === '' ? 'the producer itself, by its token' : told}`,
        );
      }
    }
  });
});
