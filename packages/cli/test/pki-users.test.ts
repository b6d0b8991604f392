import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { told, usePkiSystem, type PkiSystem } from './pki-system.ts';

const pki = usePkiSystem('pki-users');
let { system, folder, as, records, recordsOf } = {} as PkiSystem;
beforeAll(() => {
  ({ system, folder, as, records, recordsOf } = pki());
});

/** A command of caadmin that has to do what it is told; what it printed. */
async function done(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await as('caadmin', ...args);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: expect.any(String) });
  return stdout;
}

describe('users', () => {
  test('are added with a password that the server makes up, which has stdout to itself', async () => {
    const details = ['--fullName', 'Jane Doe', '--email', 'jdoe@example.com', '--role', 'RA'];
    const added = await as('caadmin', 'ca-user-add', 'jdoe', ...details);
    expect(added.code).toBe(0);
    expect(added.stdout).toMatch(/^\S{12,}\n$/);
    expect(added.stderr).toContain('-----------------\nAdded user "jdoe"\n-----------------\n');
    expect(added.stderr).toContain('  User ID: jdoe\n  Full name: Jane Doe\n');
    expect(added.stderr).not.toContain(added.stdout.trim());
    const client = system.anonymous();
    expect((await client.signIn('jdoe', added.stdout.trim())).status).toBe(200);
    const text = JSON.stringify(await records());
    expect(text).not.toContain(added.stdout.trim());
  });

  test('are added with a password from a file', async () => {
    await writeFile(join(folder, 'password'), 'a password of his own\n');
    const args = ['ca-user-add', 'john', '--fullName', 'John Doe', '--password-file', 'password'];
    const added = await as('caadmin', ...args);
    expect(added.stdout).toContain('Added user "john"');
    expect(added.stderr).toBe('nobody signs in without a role: ca-user-membership-add gives one\n');
    await done('ca-user-membership-add', 'john', 'RA');
    const client = system.anonymous();
    expect((await client.signIn('john', 'a password of his own')).status).toBe(200);
    const again = await as('caadmin', ...args);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('answered 409 already_exists: ');
  });

  test('are shown, by user name and by the name that Dogtag knows', async () => {
    expect(await done('ca-user-show', 'caadmin')).toMatch(
      /^-{14}\nUser "caadmin"\n-{14}\n {2}User ID: caadmin\n {2}User name: admin\n {2}Full name: Administrator\n {2}Type: person\n {2}State: enabled\n {2}Roles:\n {4}Administrator\n {2}Certificates:\n {4}[0-9a-f]{64}\n {2}Created: \S+\n$/,
    );
    const shown = await done('ca-user-show', 'admin', '--json');
    expect(JSON.parse(shown)).toMatchObject({ username: 'admin', alias: 'caadmin' });
    const nobody = await as('caadmin', 'ca-user-show', 'nobody');
    expect(nobody.stderr).toContain('answered 404 not_found: there is no identity "nobody"');
    expect(nobody.code).toBe(1);
  });

  test('are changed, disabled and enabled', async () => {
    const changed = await done('ca-user-mod', 'jdoe', '--fullName', 'Jane Roe', '--email', '');
    expect(changed).toContain('Modified user "jdoe"');
    expect(changed).toContain('  Full name: Jane Roe\n  Type: person\n');
    expect(await done('ca-user-mod', 'jdoe', '--disable')).toContain('  State: disabled\n');
    expect(await done('ca-user-mod', 'jdoe', '--enable')).toContain('  State: enabled\n');
  });

  test('are given a new password', async () => {
    const reset = await as('caadmin', 'ca-user-password-reset', 'jdoe');
    expect(reset.stderr).toContain('Reset password of user "jdoe"');
    const client = system.anonymous();
    expect((await client.signIn('jdoe', reset.stdout.trim())).status).toBe(200);
  });

  test('are unlocked', async () => {
    for (let i = 0; i < 10; i++) await system.anonymous().signIn('jdoe', 'wrong');
    expect(await done('ca-user-show', 'jdoe')).toContain('  State: locked until ');
    expect(await done('ca-user-unlock', 'jdoe')).toContain('Unlocked user "jdoe"');
    expect(await done('ca-user-show', 'jdoe')).toContain('  State: enabled\n');
  });

  test('hold roles, given and taken one by one; what the duties forbid is refused', async () => {
    expect(await done('ca-user-membership-find', 'jdoe')).toContain('  Group: RA\n');
    expect(await done('ca-user-membership-add', 'jdoe', 'SSH Server Admin')).toContain(
      'Added membership in "SSH Server Admin"',
    );
    expect(await done('ca-user-membership-add', 'jdoe', 'RA')).toContain(
      'User "jdoe" is in "RA" already',
    );
    expect(await done('ca-group-member-find', 'SSH Server Admin')).toContain('  User: jdoe\n');
    expect(await done('ca-user-membership-del', 'jdoe', 'SSH Server Admin')).toContain(
      'Deleted membership in group "SSH Server Admin"',
    );
    const none = await as('caadmin', 'ca-user-membership-del', 'jdoe', 'SSH Server Admin');
    expect(none.stderr).toBe('error: user "jdoe" is not in "SSH Server Admin"; held are: RA\n');
    const conflict = await as('caadmin', 'ca-user-membership-add', 'jdoe', 'Auditor');
    expect(conflict.stderr).toContain('answered 409 role_conflict: ');
    const own = await as('caadmin', 'ca-user-membership-del', 'caadmin', 'Administrator');
    expect(own.stderr).toContain('answered 409 own_role: ');
    expect([none.code, conflict.code, own.code]).toEqual([1, 1, 1]);
  });

  test('are deleted', async () => {
    expect(await done('ca-user-del', 'john')).toContain('Deleted user "john"');
    expect(await done('ca-user-find', 'john')).toContain('0 entries matched');
  });

  test('are not for auditors to change, who are told the right', async () => {
    const left = await recordsOf(async () => {
      const { code, stderr } = await as('auditor', 'ca-user-del', 'jdoe');
      expect(stderr).toContain('needs the right "modify" on certServer.usrgrp.administration');
      expect(code).toBe(1);
    });
    expect(left.map(told)).toContain(
      'AUTHZ Failure auditor certServer.usrgrp.administration modify',
    );
    // Signed out all the same.
    expect(left.map(told)).toContain('AUTHZ Success auditor certServer.ca.account logout');
  });
});

describe('roles', () => {
  test('are added, shown, changed and deleted', async () => {
    const permission = 'certServer.acl.configuration:read';
    const add = ['ca-group-add', 'Observers', '--description', 'May look'];
    expect(await done(...add, '--permission', permission)).toContain(
      `  Group ID: Observers\n  Description: May look\n  Permissions:\n    ${permission}\n`,
    );
    const other = 'certServer.usrgrp.administration:read';
    const mod = ['ca-group-mod', 'Observers'];
    expect(await done(...mod, '--add-permission', other)).toMatch(
      /Permissions:\n {4}certServer\.acl\.configuration:read\n {4}certServer\.usrgrp\.administration:read\n/,
    );
    expect(await done(...mod, '--remove-permission', permission)).not.toContain(permission);
    const twice = await as('caadmin', ...mod, '--remove-permission', permission);
    expect(twice.stderr).toBe(
      `error: --remove-permission "${permission}" is not granted to the role "Observers" itself\n`,
    );
    expect(await done(...mod, '--name', 'Watchers', '--exclusive')).toContain(
      '  Group ID: Watchers\n  Description: May look\n  Exclusive: true\n',
    );
    expect(await done('ca-group-find', 'watch')).toContain('1 entries matched');
    expect(await done('ca-group-del', 'Watchers')).toContain('Deleted group "Watchers"');
    expect(await done('ca-group-find', 'watch')).toContain('0 entries matched');
  });

  test('that are built in stay', async () => {
    expect(await done('ca-group-find')).toContain('  Group ID: Auditor\n');
    const refused = await as('caadmin', 'ca-group-del', 'Auditor');
    expect(refused.stderr).toContain('answered 409 built_in: ');
    expect(refused.code).toBe(1);
  });
});

test('claims are added, found, changed and deleted', async () => {
  const of = ['--provider', 'corp', '--type', 'OAuthRole', '--value', 'pki-ra'];
  const added = await done('claim-add', 'RA', ...of, '--json');
  const { id } = JSON.parse(added) as { id: string };
  expect(await done('claim-find', '--role', 'RA')).toContain(
    `  Claim ID: ${id}\n  Group: RA\n  Identity provider: corp\n  Type: OAuthRole\n  Value: pki-ra\n`,
  );
  expect(await done('claim-find', '--role', 'Auditor')).toContain('0 entries matched');
  expect(await done('claim-mod', id, '--value', 'pki-ra-2')).toContain('  Value: pki-ra-2\n');
  expect(await done('claim-del', id)).toContain(`Deleted claim "${id}"`);
});
