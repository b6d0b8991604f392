import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { POLICY } from './authorization/policy.ts';
import { ENVIRONMENT } from './config/names.ts';
import { PROBLEMS } from './errors.ts';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  test('explains every code with its status', () => {
    for (const [code, { status, title }] of Object.entries(PROBLEMS)) {
      expect(readme).toContain(`| \`${code}\` | ${status} | ${title} |`);
    }
  });

  test('names every setting and every right', () => {
    for (const name of Object.values(ENVIRONMENT)) expect(readme).toContain(`\`${name}\``);
    for (const { resource, operations, roles } of POLICY) {
      const row = readme.split('\n').find((line) => {
        return (
          line.startsWith(`| \`${resource}\``) && operations.every((o) => line.includes(`\`${o}\``))
        );
      });
      expect(`${resource}: ${row}`).toContain(roles.join(', '));
    }
  });
});
