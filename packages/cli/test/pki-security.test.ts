import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { usePkiSystem, type PkiSystem } from './pki-system.ts';

const pki = usePkiSystem('pki-security');
let { system, folder, as } = {} as PkiSystem;
beforeAll(() => {
  ({ system, folder, as } = pki());
});

/** A command of caadmin that has to do what it is told; what it printed. */
async function done(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await as('caadmin', ...args);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: expect.any(String) });
  return stdout;
}

test('permissions are found by any of their names', async () => {
  const found = await done('permission-find', 'certServer.log.content.signedAudit');
  expect(found).toContain('  Resource ID: certServer.log.content.signedAudit\n');
  expect(found).toContain('  Reserved for exclusive roles: true\n');
  expect(await done('permission-find', 'no such thing')).toContain('0 entries matched');
});

describe('access rules', () => {
  const RESOURCE = 'certServer.log.configuration';

  test('are exported as lines of resourceACLS, and the same lines change nothing', async () => {
    const lines = await done('acl-export');
    expect(lines).toMatch(/^resourceACLS: certServer\.log\.configuration:/m);
    expect((await as('caadmin', 'acl-export', '--output', 'rules.ldif')).stderr).toBe(
      'Stored access rules into rules.ldif\n',
    );
    expect(await readFile(join(folder, 'rules.ldif'), 'utf8')).toBe(lines);
    const again = await as('caadmin', 'acl-import', 'rules.ldif', '--dry-run');
    expect(again.stdout).toContain('0 ACLs would change');
    expect(again.stderr).toMatch(/^\d+ are the same already$/m);
  });

  test('are changed by a line, shown, and reset', async () => {
    const line =
      /^resourceACLS: (certServer\.log\.configuration:.*)$/m.exec(await done('acl-export'))?.[1] ??
      '';
    const wanted = line.replace(/:[^:]*$/, ':changed for a test');
    const changed = await done('acl-mod', RESOURCE, '--line', wanted);
    expect(changed).toContain(`Modified ACL "${RESOURCE}"`);
    expect(changed).toContain('  Description: changed for a test\n  Changed: ');
    expect(await done('acl-show', RESOURCE)).toContain(wanted);
    expect(await done('acl-find', 'changed for a test')).toContain('1 entries matched');
    expect(await done('acl-reset', RESOURCE)).not.toContain('changed for a test');
    const broken = await as('caadmin', 'acl-mod', RESOURCE, '--line', 'nonsense');
    expect(broken.stderr).toContain('answered 422 acl_syntax: ');
    const none = await as('caadmin', 'acl-show', 'no.such');
    expect(none.stderr).toContain('error: resource "no.such" has no access rule of its own');
    expect([broken.code, none.code]).toEqual([1, 1]);
  });

  test('are imported: what would change, then the change', async () => {
    const before = await readFile(join(folder, 'rules.ldif'), 'utf8');
    const after = before.replace(
      /^(resourceACLS: certServer\.log\.configuration:.*):[^:\n]*$/m,
      '$1:imported for a test',
    );
    await writeFile(join(folder, 'changed.ldif'), after);
    const dry = await done('acl-import', 'changed.ldif', '--dry-run');
    expect(dry).toContain('1 ACLs would change');
    expect(dry).toContain(`  Resource ID: ${RESOURCE}\n    - `);
    expect(await done('acl-find', 'imported for a test')).toContain('0 entries matched');
    expect(await done('acl-import', 'changed.ldif')).toContain('Modified 1 ACLs');
    expect(await done('acl-find', 'imported for a test')).toContain('1 entries matched');
  });
});

test('applications are added, changed, given a new secret and deleted; secrets have stdout to themselves', async () => {
  const added = await as('caadmin', 'application-add', 'monitoring', '--role', 'RA');
  expect(added.code).toBe(0);
  expect(added.stdout).toMatch(/^\S{20,}\n$/);
  expect(added.stderr).not.toContain(added.stdout.trim());
  const key = /^ {2}Key: (\S+)$/m.exec(added.stderr)?.[1] ?? '';
  const use = async (secret: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`${key}:${secret.trim()}`).toString('base64')}`;
    return (await fetch(`${system.url}/api/v1/account/tokens`, { headers: { authorization } }))
      .status;
  };
  expect(await use(added.stdout)).toBe(200);
  const renewed = await as('caadmin', 'application-secret-reset', 'monitoring');
  expect(await use(added.stdout)).toBe(401);
  expect(await use(renewed.stdout)).toBe(200);
  expect(await done('application-find')).toContain('  Application: monitoring\n');
  expect(await done('application-mod', 'monitoring', '--disable')).toContain('  State: disabled\n');
  expect(await use(renewed.stdout)).toBe(401);
  expect(await done('application-del', 'monitoring')).toContain('Deleted application "monitoring"');
  expect(await done('application-find')).toContain('0 entries matched');
});
