import { describe, expect, test } from 'vitest';
import { startTestServer } from '../testing/harness.ts';
import { readPolicy } from './access-policy.ts';
import { parseRule } from './acl/parse.ts';
import { DEFAULT_RULES } from './default-rules.ts';
import type { Right } from './engine.ts';
import { Policy, type RoleFacts } from './policy.ts';
import { BUILT_IN_ROLES } from './roles.ts';
import { rightsOfRole } from './role-rights.ts';
import { assertStaffed, assertReserved, findLockout, findReservedGrants } from './safeguards.ts';

/** The product's policy with some rules changed and some roles added. */
function policyWith(lines: readonly string[], roles: readonly RoleFacts[] = []): Policy {
  const changed = lines.map(parseRule);
  const kept = DEFAULT_RULES.filter((rule) => !changed.some((c) => c.resource === rule.resource));
  return new Policy({
    rules: [...kept, ...changed].map((rule) => ({ rule, changed: null })),
    roles: [...BUILT_IN_ROLES, ...roles],
  });
}

function role(name: string, more: Partial<RoleFacts> = {}): RoleFacts {
  const none = { description: '', builtIn: false, exclusive: false, groups: [], permissions: [] };
  return { name, ...none, ...more };
}

const AUDIT = 'certServer.log.content.signedAudit';

describe('reserved resources', () => {
  test.each([
    [`${AUDIT}:read:allow (read) group="Administrators":`],
    [`${AUDIT}:read:allow (read) group="Administrator":`],
    [`${AUDIT}:read:allow (read) user="anybody":`],
    [`${AUDIT}:read:allow (read) user="admin":`],
    [`${AUDIT}:read:allow (read) group!="Administrators":`],
    [`${AUDIT}:read:allow (read) ipaddress="10.0.0.0/8":`],
    [`${AUDIT}:read:allow (read) group="Auditors" || user="admin":`],
    [`${AUDIT}:read:allow (read) user="admin" && group="Auditors" || group="RA":`],
    [`${AUDIT}:read:allow (read) group="Nobody has it":`],
    [`${AUDIT}:read:allow (read) group="Shared":`],
    [`${AUDIT}.x:peek:allow (peek) group="RA":`],
    ['certServer.log.content:read:allow (read) group="RA":'],
    ['certServer.log:erase:allow (erase) group="RA":'],
    ['certServer.log.retention:modify:allow (modify) group="Administrators":'],
    ['certServer.log:modify:allow (modify) group="Administrators":'],
    ['certServer:export:allow (export) group="RA":'],
    // Held alone, too, and yet somebody who acts.
    [`${AUDIT}:read:allow (read) group="Certificate Manager Agents":`],
  ])('are not granted to others than roles that audit: %s', (line) => {
    const shared = [
      role('Notary', { exclusive: true, groups: ['Shared'] }),
      role('Clerk', { groups: ['Shared'] }),
    ];
    const policy = policyWith([line], shared);
    const { resource, entries } = parseRule(line);
    expect(findReservedGrants(policy)).toEqual([
      { in: { kind: 'rule', name: resource }, text: entries[0]?.text },
    ]);
    expect(() => assertReserved(policy)).toThrow(
      expect.objectContaining({
        code: 'reserved_right',
        message: `${resource} is kept for roles that audit, and "${entries[0]?.text}" reaches others`,
      }),
    );
  });

  test.each([
    [`${AUDIT}:read:allow (read) group="Auditors" && ipaddress="10.0.0.0/8":`],
    [`${AUDIT}:read:allow (read) user="ann" || user="bob" && group="Auditors":`],
    [`${AUDIT}:read:allow (read) group="Auditor" || group="Notary":`],
    [`${AUDIT}:read:deny (read) user="anybody":`],
    ['certServer.log:create:allow (create) group="Administrators":'],
    ['certServer:approve:allow (approve) group="RA":'],
    ['certServer.log.contents:read:allow (read) group="RA":'],
  ])('may be granted so, and what does not reach them at all: %s', (line) => {
    const policy = policyWith([line], [role('Notary', { exclusive: true })]);
    expect(findReservedGrants(policy)).toEqual([]);
    expect(() => assertReserved(policy)).not.toThrow();
  });

  test('are no permissions of roles that do not audit', () => {
    const read: Right = { resource: AUDIT, operation: 'read' };
    const policy = policyWith(
      [],
      [
        role('Notary', { exclusive: true, permissions: [read] }),
        role('Clerk', { permissions: [{ resource: 'certServer.log', operation: 'verify' }, read] }),
      ],
    );
    expect(findReservedGrants(policy)).toEqual([
      { in: { kind: 'role', name: 'Clerk' }, text: 'certServer.log:verify' },
      { in: { kind: 'role', name: 'Clerk' }, text: `${AUDIT}:read` },
    ]);
    expect(() => assertReserved(policy)).toThrow(
      'certServer.log:verify is kept for exclusive roles, and Clerk is none (and 1 more)',
    );
  });
});

describe('administration', async () => {
  const db = (await startTestServer()).behind;
  const ACL = 'certServer.acl.configuration';
  const USERS = 'certServer.usrgrp.administration';
  const both = [
    { resource: ACL, operation: 'modify' },
    { resource: USERS, operation: 'modify' },
  ];

  test.each([
    [`${ACL}:modify:deny (modify) user="anybody":`, [ACL]],
    [`${ACL}:read,modify:allow (read) group="Administrators":`, [ACL]],
    [`${USERS}:modify:allow (modify) group="Auditors":`, []],
    [`${USERS}:modify:allow (modify) group="RA":`, [USERS]],
    [`${ACL}:modify:allow (modify) user="anybody":`, []],
    ['certServer:modify:deny (modify) user="admin":', [ACL, USERS]],
    ['certServer:modify:deny (modify) user="caadmin":', [ACL, USERS]],
    ['certServer.ca.account:login:allow (login) group="Auditors":', [ACL, USERS]],
    [`${ACL}:modify:allow (modify) user="admin" && ipaddress="10.0.0.0/8":`, [ACL]],
    [`${ACL}:modify:allow (modify) user="admin" && ipaddress="127.0.0.0/8":`, []],
    ['certServer:modify:deny (modify) ipaddress="0.0.0.0/0" || ipaddress="::/0":', [ACL, USERS]],
  ])('under %s lacks %j', async (line, lost) => {
    const found = await findLockout(policyWith([line]), db);
    expect(found.map(({ resource }) => resource)).toEqual(lost);
  });

  test('from further addresses counts where they are named', async () => {
    const policy = policyWith([
      `${ACL}:modify:allow (modify) user="admin" && ipaddress="10.0.0.0/8":`,
    ]);
    expect(await findLockout(policy, db, ['10.0.0.7'])).toEqual([]);
    expect(await findLockout(policy, db, ['192.0.2.7'])).toHaveLength(1);
  });

  test('is possible for somebody as long as he can sign in with his role', async () => {
    const policy = await readPolicy(db);
    expect(await findLockout(policy, db)).toEqual([]);
    await expect(assertStaffed(policy, db)).resolves.toBeUndefined();

    /** What is lost by a change that is undone again. */
    const lostBy = async (column: string, value: number | string): Promise<readonly Right[]> => {
      const before = await db
        .selectFrom('users')
        .selectAll()
        .where('username', '=', 'admin')
        .executeTakeFirstOrThrow();
      const update = db.updateTable('users').where('username', '=', 'admin');
      await update.set({ [column]: value }).execute();
      const lost = await findLockout(policy, db);
      await update.set(before).execute();
      return lost;
    };
    expect(await lostBy('disabled', 1)).toEqual(both);
    expect(await lostBy('kind', 'application')).toEqual(both);
    // His certificate still opens the account.
    expect(await lostBy('password', '')).toEqual([]);
    await db.deleteFrom('client_certificates').execute();
    expect(await lostBy('password', '')).toEqual(both);

    const open = policyWith([
      `${ACL}:modify:allow (modify) user="anybody":`,
      `${USERS}:modify:allow (modify) user="anybody":`,
    ]);
    await db.updateTable('role_assignments').set({ role: 'RA' }).execute();
    await expect(assertStaffed(policy, db)).rejects.toMatchObject({
      code: 'last_administrator',
      message: 'nobody would be left who may administer users and access rules',
      members: { rights: [`${ACL}:modify`, `${USERS}:modify`] },
    });
    // Without any role nobody signs in, whatever rules say of everybody.
    expect(await findLockout(open, db)).toEqual([]);
    await db.deleteFrom('role_assignments').execute();
    expect(await findLockout(open, db)).toEqual(both);
  });
});

describe('auditing', async () => {
  const db = (await startTestServer()).behind;
  const blind = { code: 'last_auditor', message: 'nobody would be left who may read the log' };

  test.each([
    [`${AUDIT}:read:deny (read) group="Auditors":`],
    ['certServer.log:read:deny (read) user="anybody":'],
    [`${AUDIT}:read:allow (read) user="ghost" && group="Auditors":`],
    [`${AUDIT}:export:allow (export) group="Auditors":`],
    ['certServer.ca.account:login:allow (login) group="Administrators":'],
  ])('cannot be switched off by a rule: %s', async (line) => {
    await expect(assertStaffed(policyWith([line]), db)).rejects.toMatchObject(blind);
  });

  test('may be bound to a network', async () => {
    const line = `${AUDIT}:read:allow (read) group="Auditors" && ipaddress="10.7.0.0/16":`;
    await expect(assertStaffed(policyWith([line]), db)).resolves.toBeUndefined();
  });

  test('by somebody whom an identity provider makes an auditor is enough', async () => {
    const policy = await readPolicy(db);
    await expect(assertStaffed(policy, db)).resolves.toBeUndefined();
    await db.updateTable('users').set({ disabled: 1 }).where('username', '=', 'auditor').execute();
    await expect(assertStaffed(policy, db)).rejects.toMatchObject(blind);
    const claim = { provider: 'SSO', type: 'Group', value: 'auditors' } as const;
    await db
      .insertInto('role_claims')
      .values({ id: '1', role: 'Auditor', ...claim, description: '', created_at: '' })
      .execute();
    await expect(assertStaffed(policy, db)).resolves.toBeUndefined();
  });
});

describe('the rights of a role', () => {
  test('are those of its groups and its own, without what is refused and what everybody may', () => {
    const policy = policyWith(
      [
        'certServer.ssh.users:read,modify:allow (read,modify) group="Desk" && ipaddress="10.0.0.0/8":',
        'certServer.ssh.keys:read,delete:allow (read,delete) group="Clerk";deny (delete) user="anybody":',
      ],
      [
        role('Clerk', {
          groups: ['Desk'],
          permissions: [
            { resource: 'certServer.ssh.users', operation: 'modify' },
            { resource: 'certServer.reports', operation: 'read' },
          ],
        }),
      ],
    );
    expect(rightsOfRole(policy, 'Clerk')).toEqual([
      { resource: 'certServer.reports', operation: 'read', from: 'role' },
      { resource: 'certServer.ssh.keys', operation: 'read', from: 'rule' },
      { resource: 'certServer.ssh.users', operation: 'modify', from: 'role' },
      { resource: 'certServer.ssh.users', operation: 'read', from: 'rule' },
    ]);
    expect(rightsOfRole(policy, 'Gone')).toEqual([]);
    const auditor = rightsOfRole(policy, 'Auditor');
    expect(auditor).toContainEqual({ resource: AUDIT, operation: 'read', from: 'rule' });
    expect(auditor.map(({ resource }) => resource)).not.toContain('certServer.ca.account');
  });
});
