import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { CLI } from '@countersign/testing';
import { describe, expect, test } from 'vitest';
import { createProgram } from './program.ts';

const program = createProgram();

/** The commands that do something, with the names of their nouns: `log checkpoint`. */
function leaves(command: Command, before = ''): [name: string, Command][] {
  return command.commands.flatMap((child): [string, Command][] => {
    const name = `${before}${child.name()}`;
    return child.commands.length > 0 ? leaves(child, `${name} `) : [[name, child]];
  });
}

/**
 * The commands in the first columns of the README's tables: `ca-user-find`, `-show` stands for two, the second with the
 * last part of the one before it exchanged.
 */
function listed(readme: string): string[] {
  const rows = readme.split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => {
    const names = [...(row.split('|')[1] ?? '').matchAll(/`([a-z -]+)`/g)].map(
      (found) => found[1] ?? '',
    );
    let base = '';
    return names.map((name) => {
      if (name.startsWith('-')) return base + name;
      base = name.replace(/-[a-z]+$/, '');
      return name;
    });
  });
}

test('the README lists every command, and no other', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const names = leaves(program).map(([name]) => name);
  expect(listed(readme).toSorted()).toEqual(names.toSorted());
});

describe('the overview', () => {
  const help = program.helpInformation();

  test.each(leaves(program).filter(([name]) => !name.includes(' ')))(
    'has %s in a group, with what it does',
    (name, command) => {
      expect(command.description()).not.toBe('');
      expect(help).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
      expect(command.helpGroup()).toMatch(/:$/);
      expect(command.helpGroup()).not.toBe('Commands:');
    },
  );
});

test.each(
  leaves(program).filter(([name]) =>
    /^(?:ca|cert|csr|client|collection|metadata|setting|store|alert|acl|audit|claim|token|app|acc|perm)/.test(
      name,
    ),
  ),
)('%s prints text or JSON, and its help lists the global options it takes', (name, command) => {
  const help = command.helpInformation();
  expect(help).toContain('--output-format <format>');
  expect(help).toContain('--json');
  expect(help).toContain('-d, --dir <dir>');
  expect(help.includes('-n, --nickname <nickname>')).toBe(!name.startsWith('client-cert-'));
});

test('what a command does not need is not loaded: the server', () => {
  const hooks = `import module from 'node:module';
module.registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) });`;
  const loaded = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(hooks)}`, CLI, '--version'],
    { encoding: 'utf8' },
  );
  expect(loaded.status).toBe(0);
  expect(loaded.stderr).toContain('/packages/cli/src/main.ts');
  expect(loaded.stderr).not.toMatch(/kysely|hono|packages\/server\/src\/server\.ts/);
});
