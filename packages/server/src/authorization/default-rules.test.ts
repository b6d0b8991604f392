import { describe, expect, test } from 'vitest';
import { formatRule, type AccessRule } from './acl/rule.ts';
import { DOGTAG_LINES } from './acl/testing.ts';
import { importRules } from './acl/import.ts';
import { DEFAULT_RULES, DOCUMENTED_RULES } from './default-rules.ts';
import { Policy } from './policy.ts';
import { isKnownRight, isReserved, RESERVED_ROOTS, RESOURCES } from './resources.ts';
import { BUILT_IN_ROLES, ROLES } from './roles.ts';
import { assertReserved, findReservedGrants } from './safeguards.ts';

const policy = new Policy({
  rules: DEFAULT_RULES.map((rule) => ({ rule, changed: null })),
  roles: BUILT_IN_ROLES,
});

/** What a rule decides, without what it says about itself. */
function withoutWords(rule: AccessRule): string {
  return formatRule({ ...rule, description: '' });
}

describe('the product’s rules', () => {
  test('stand once each, in an area, with what the resource is', () => {
    const names = RESOURCES.map(({ resource }) => resource);
    expect(new Set(names).size).toBe(names.length);
    for (const { area, rule } of DOCUMENTED_RULES) {
      expect(area).not.toBe('');
      expect(rule.description).toMatch(/^[A-Z]/);
    }
    const abouts = DOCUMENTED_RULES.map(({ rule }) => rule.description);
    expect(new Set(abouts).size).toBe(abouts.length);
  });

  test('name no group that no role goes by', () => {
    const groups = new Set(
      DEFAULT_RULES.flatMap(({ entries }) => entries)
        .flatMap(({ terms }) => terms)
        .filter(({ type }) => type === 'group')
        .map(({ value }) => value),
    );
    for (const group of groups)
      expect([group, policy.rolesOfGroup(group).length]).toEqual([group, 1]);
  });

  test('are Dogtag’s own where Dogtag has the resource, but for what the product adds to it', () => {
    const ca = DOGTAG_LINES.filter(([subsystem]) => subsystem === 'CA').map(([, line]) => line);
    const dogtag = new Map(
      importRules(ca.join('\n')).rules.map((rule) => [rule.resource, withoutWords(rule)]),
    );
    const different = DEFAULT_RULES.filter(
      (rule) => dogtag.has(rule.resource) && dogtag.get(rule.resource) !== withoutWords(rule),
    );
    expect(different.map(({ resource }) => resource)).toEqual([
      'certServer.ca.account',
      'certServer.log.content.signedAudit',
    ]);
  });

  test('let everybody into his account, and nobody who has not signed in anywhere but to ask for the state of a certificate', () => {
    for (const { resource, operations } of RESOURCES) {
      for (const operation of operations) {
        const right = { resource, operation };
        const nobody = { user: null, roles: [...ROLES], address: '10.0.0.1', scopes: null };
        const open = resource === 'certServer.ee.request.ocsp';
        expect([resource, policy.isAllowed(nobody, right)]).toEqual([resource, open]);
      }
    }
    const stranger = { user: 'x', roles: [], address: '10.0.0.1', scopes: null };
    const login = { resource: 'certServer.ca.account', operation: 'login' };
    expect(policy.isAllowed(stranger, login)).toBe(true);
  });

  test('keep the log for auditors', () => {
    for (const { resource, operations, reserved } of RESOURCES) {
      expect(reserved).toBe(RESERVED_ROOTS.some((root) => resource.startsWith(root)));
      if (!reserved) continue;
      for (const operation of operations) {
        const holders = ROLES.filter((role) =>
          policy.isAllowed(
            { user: 'x', roles: [role], address: '10.0.0.1', scopes: null },
            { resource, operation },
          ),
        );
        expect(holders).toEqual(['Auditor']);
      }
    }
    expect(() => assertReserved(policy)).not.toThrow();
  });

  test('give every role something of its own', () => {
    for (const role of ROLES) {
      const own = RESOURCES.filter(({ resource, operations }) =>
        operations.some((operation) => {
          const right = { resource, operation };
          const subject = { user: 'x', roles: [], address: '10.0.0.1', scopes: null };
          return (
            policy.isAllowed({ ...subject, roles: [role] }, right) &&
            !policy.isAllowed(subject, right)
          );
        }),
      );
      expect([role, own.length > 3]).toEqual([role, true]);
    }
  });
});

test('a right is known when its operation is that of the resource, of one below or of one above', () => {
  const known = (resource: string, operation: string) => isKnownRight({ resource, operation });
  expect(known('certServer.ssh.keys', 'read')).toBe(true);
  expect(known('certServer.ssh', 'delete')).toBe(true);
  expect(known('certServer.certificate.collections.17', 'revoke')).toBe(true);
  expect(known('certServer.ssh.keys', 'revoke')).toBe(false);
  expect(known('certServer.sshkeys', 'read')).toBe(false);
  expect(known('certServer.ss', 'read')).toBe(false);
  expect(isReserved('certServer.log.content.signedAudit')).toBe(true);
  expect(isReserved('certServer.log.retention')).toBe(true);
  expect(isReserved('certServer.log.content.system')).toBe(false);
  expect(isReserved('certServer.log.content')).toBe(false);
  expect(isReserved('certServer.log.content.signedAudit.x')).toBe(true);
  expect(isReserved('certServer.log.contents')).toBe(false);
  expect(isReserved('certServer.log')).toBe(false);
});

test.each(['CA', 'KRA', 'OCSP', 'TKS', 'TPS'])(
  "Dogtag's own rules of the %s can be imported: what it keeps for auditors is what we keep for them",
  (subsystem) => {
    const lines = DOGTAG_LINES.filter(([of]) => of === subsystem).map(([, line]) => line);
    const rules = importRules(lines.join('\n')).rules.map((rule) => ({ rule, changed: null }));
    expect(rules.length).toBeGreaterThan(10);
    expect(findReservedGrants(new Policy({ rules, roles: BUILT_IN_ROLES }))).toEqual([]);
  },
);
