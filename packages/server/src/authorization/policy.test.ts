import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRule } from './acl/parse.ts';
import { anyEntry } from './acl/testing.ts';
import type { AccessEntry, AccessRule, Term } from './acl/rule.ts';
import type { Right, Subject } from './engine.ts';
import { Policy, type RoleFacts } from './policy.ts';
import { BUILT_IN_ROLES } from './roles.ts';

function policyOf(lines: readonly string[], roles: readonly RoleFacts[] = BUILT_IN_ROLES): Policy {
  const rules = lines.map((line) => ({ rule: parseRule(line), changed: null }));
  return new Policy({ rules, roles });
}

function role(name: string, more: Partial<RoleFacts> = {}): RoleFacts {
  const none = { description: '', builtIn: false, exclusive: false, groups: [], permissions: [] };
  return { name, ...none, ...more };
}

const admin: Subject = {
  user: 'admin',
  alias: 'caadmin',
  roles: ['Administrator'],
  address: '10.1.2.3',
  scopes: null,
};
const nobody: Subject = { user: null, roles: [], address: '10.1.2.3', scopes: null };
const X: Right = { resource: 'a.b', operation: 'x' };

/** Whether the subject has `x` on `a.b` by one entry. */
function holds(
  expression: string,
  subject: Subject = admin,
  roles: readonly RoleFacts[] = BUILT_IN_ROLES,
): boolean {
  return policyOf([`a.b:x:allow (x) ${expression}:`], roles).isAllowed(subject, X);
}

describe('a term', () => {
  test.each([
    ['group="Administrators"', true],
    ['group="Administrator"', true],
    ['group="administrators"', false],
    ['group="Auditors"', false],
    ['group!="Auditors"', true],
    ['group!="Administrators"', false],
    ['group="Subsystem Group"', false],
    ['group!="Subsystem Group"', true],
    ['user="admin"', true],
    ['user="ADMIN"', true],
    ['user="caAdmin"', true],
    ['user="auditor"', false],
    ['user!="auditor"', true],
    ['user!="caadmin"', false],
    ['user="anybody"', true],
    ['user=everybody', true],
    ['ipaddress="10.1.0.0/16"', true],
    ['ipaddress!="10.1.0.0/16"', false],
    ['ipaddress="10.2.0.0/16"', false],
    ['ipaddress="10\\.1\\..*"', true],
    ['ipaddress=".*"', true],
    ['ipaddress="2001:db8::/32"', false],
    ['user_origreq="auth_token.uid"', false],
  ])('%s of an administrator is %s', (expression, expected) => {
    expect(holds(expression)).toBe(expected);
  });

  test.each([
    'user="anybody"',
    'user="everybody"',
    'user!="admin"',
    'group!="Auditors"',
    'user_origreq!="auth_token.uid"',
  ])('%s is false for nobody', (expression) => {
    expect(holds(expression, nobody)).toBe(false);
  });

  test('about an address that is not known is false, with != too', () => {
    const unknown = { ...admin, address: 'unknown' };
    expect(holds('ipaddress="0.0.0.0/0"', unknown)).toBe(false);
    expect(holds('ipaddress!="0.0.0.0/0"', unknown)).toBe(false);
    expect(holds('ipaddress="10.1.2.3"', { ...admin, address: '::ffff:10.1.2.3' })).toBe(true);
  });

  test('about the owner of a request compares without case, and is false where there is none', () => {
    expect(holds('user_origreq="auth_token.uid"', { ...admin, requestOwner: 'Admin' })).toBe(true);
    expect(holds('user_origreq="auth_token.uid"', { ...admin, requestOwner: 'eve' })).toBe(false);
    expect(holds('user_origreq!="auth_token.uid"', { ...admin, requestOwner: 'eve' })).toBe(true);
    expect(holds('user_origreq!="auth_token.uid"')).toBe(false);
  });

  test('about a group is about every role that goes by the name, and no role that is not there', () => {
    const roles = [role('Clerk', { groups: ['Desk'] }), role('Desk'), role('Guest')];
    for (const name of ['Clerk', 'Desk'])
      expect(holds('group="Desk"', { ...admin, roles: [name] }, roles)).toBe(true);
    for (const name of ['Guest', 'Gone'])
      expect(holds('group="Desk"', { ...admin, roles: [name] }, roles)).toBe(false);
  });

  test.each([
    ['user="admin" || user="a" && user="b"', false],
    ['user="a" && user="b" || user="admin"', true],
    ['user="admin" && group="Auditors" || user="admin"', true],
    ['user="admin" || group="Auditors" && ipaddress="10.2.0.0/16"', false],
  ])('joined with others is taken from left to right: %s', (expression, expected) => {
    expect(holds(expression)).toBe(expected);
  });
});

describe('a decision', () => {
  const policy = policyOf(
    [
      'certServer.log:read,modify:allow (read,modify) group="Administrators":',
      'certServer.log.configuration:modify:deny (modify) ipaddress!="10.0.0.0/8":',
      'certServer.log.configuration.fileName:read,modify:deny (modify) user=anybody:',
    ],
    [
      ...BUILT_IN_ROLES,
      role('Clerk', { permissions: [{ resource: 'certServer.ssh', operation: 'read' }] }),
    ],
  );
  const right = (resource: string, operation: string): Right => ({ resource, operation });

  test('names what decided', () => {
    expect(policy.decide(admin, right('certServer.log.status', 'read'))).toEqual({
      allowed: true,
      by: 'allow',
      why: 'rule certServer.log: allow (read,modify) group="Administrators"',
    });
    expect(policy.decide(admin, right('certServer.log.configuration.fileName', 'modify'))).toEqual({
      allowed: false,
      by: 'deny',
      why: 'rule certServer.log.configuration.fileName: deny (modify) user=anybody',
    });
    const outside = { ...admin, address: '192.0.2.1' };
    expect(policy.decide(outside, right('certServer.log.configuration', 'modify'))).toEqual({
      allowed: false,
      by: 'deny',
      why: 'rule certServer.log.configuration: deny (modify) ipaddress!="10.0.0.0/8"',
    });
    expect(policy.decide(admin, right('certServer.logs', 'read'))).toEqual({
      allowed: false,
      by: 'nothing',
      why: 'nothing grants it',
    });
    const clerk = { ...admin, roles: ['Clerk'] };
    expect(policy.decide(clerk, right('certServer.ssh.keys', 'read'))).toEqual({
      allowed: true,
      by: 'permission',
      why: 'role Clerk has certServer.ssh:read',
    });
    expect(policy.decide(clerk, right('certServer.ssh.keys', 'modify')).allowed).toBe(false);
    expect(policy.decide(clerk, right('certServer.sshd', 'read')).allowed).toBe(false);
    expect(policy.decide({ ...clerk, user: null }, right('certServer.ssh', 'read')).allowed).toBe(
      false,
    );
  });

  test('never goes beyond the scopes of a token, which cover what lies below', () => {
    const token = { ...admin, scopes: [right('certServer.log.configuration', 'read')] };
    expect(policy.decide(token, right('certServer.log.configuration.fileName', 'read'))).toEqual({
      allowed: true,
      by: 'allow',
      why: 'rule certServer.log: allow (read,modify) group="Administrators"',
    });
    expect(policy.decide(token, right('certServer.log.status', 'read'))).toEqual({
      allowed: false,
      by: 'scopes',
      why: "the token's scopes do not cover certServer.log.status:read",
    });
    expect(policy.isAllowed(token, right('certServer.log.configuration', 'modify'))).toBe(false);
    const more = { ...admin, scopes: [right('certServer.acl', 'read')] };
    expect(policy.isAllowed(more, right('certServer.acl', 'read'))).toBe(false);
    expect(policy.isAllowed({ ...admin, scopes: [] }, right('certServer.log', 'read'))).toBe(false);
  });

  test('is the same however many other rights were asked for', () => {
    for (let i = 0; i < 12_000; i += 1)
      expect(policy.isAllowed(admin, right(`certServer.log.object.${i}`, 'read'))).toBe(true);
    expect(policy.isAllowed(admin, right('certServer.log.object.1', 'modify'))).toBe(true);
    expect(policy.isAllowed(admin, right('certServer.object', 'read'))).toBe(false);
  });
});

test('who holds an exclusive role beside another one is told', () => {
  const policy = policyOf([], [...BUILT_IN_ROLES, role('Notary', { exclusive: true })]);
  expect(policy.findRoleConflict(['Auditor', 'RA'])).toBe('Auditor');
  expect(policy.findRoleConflict(['RA', 'CA Operations'])).toBe('CA Operations');
  expect(policy.findRoleConflict(['Notary', 'Administrator'])).toBe('Notary');
  expect(policy.findRoleConflict(['Auditor', 'Auditor'])).toBeNull();
  expect(policy.findRoleConflict(['Auditor'])).toBeNull();
  expect(policy.findRoleConflict(['Administrator', 'RA', 'Gone'])).toBeNull();
});

describe('for any rules', () => {
  const GROUPS = ['Administrators', 'Auditors', 'RA', 'Nobody'];
  const RESOURCES = ['a', 'a.b', 'a.b.c', 'd'];
  const OPERATIONS = ['x', 'y'];
  const term: fc.Arbitrary<Term> = fc.oneof(
    fc.record({
      type: fc.constant('group' as const),
      operator: fc.constantFrom('=' as const, '!=' as const),
      value: fc.constantFrom(...GROUPS),
    }),
    fc.record({
      type: fc.constant('user' as const),
      operator: fc.constantFrom('=' as const, '!=' as const),
      value: fc.constantFrom('admin', 'EVE', 'bob'),
    }),
    fc.constant({ type: 'user' as const, operator: '=' as const, value: 'anybody' }),
    fc.record({
      type: fc.constant('ipaddress' as const),
      operator: fc.constantFrom('=' as const, '!=' as const),
      value: fc.constantFrom('.*', '10.0.0.0/8', '192.0.2.1'),
    }),
  );
  const rule = (types?: readonly AccessEntry['type'][]): fc.Arbitrary<AccessRule> =>
    fc.record({
      resource: fc.constantFrom(...RESOURCES),
      operations: fc.constant(OPERATIONS),
      entries: fc.array(anyEntry(OPERATIONS, term, types), { minLength: 1, maxLength: 3 }),
      description: fc.constant(''),
    });
  const rules = fc.uniqueArray(rule(), { maxLength: 4, selector: ({ resource }) => resource });
  const subject: fc.Arbitrary<Subject> = fc.record({
    user: fc.constantFrom('admin', 'eve', 'carol', null),
    roles: fc.subarray(['Administrator', 'Auditor', 'RA', 'SSH Server Admin']),
    address: fc.constantFrom('10.1.1.1', '192.0.2.1', '2001:db8::1', 'unknown'),
    scopes: fc.constantFrom(null, [], [{ resource: 'a', operation: 'x' }]),
  });
  const right: fc.Arbitrary<Right> = fc.record({
    resource: fc.constantFrom(...RESOURCES),
    operation: fc.constantFrom(...OPERATIONS),
  });
  const build = (all: readonly AccessRule[], roles: readonly RoleFacts[] = BUILT_IN_ROLES) =>
    new Policy({ rules: all.map((rule) => ({ rule, changed: null })), roles });
  /** The rules with one entry more on a resource. */
  const withEntry = (all: readonly AccessRule[], resource: string, entry: AccessEntry) => {
    const before = all.find((rule) => rule.resource === resource);
    const entries = [...(before?.entries ?? []), entry];
    return [
      ...all.filter((rule) => rule !== before),
      { resource, operations: OPERATIONS, entries, description: '' },
    ];
  };

  test('a deny that holds on the resource or above it always wins', () => {
    fc.assert(
      fc.property(rules, rule(['deny']), subject, right, (all, denying, who, what) => {
        const [entry] = denying.entries;
        const { resource } = denying;
        const alone = build([{ ...denying, entries: [{ ...entry!, type: 'allow' }] }]).isAllowed(
          { ...who, scopes: null },
          what,
        );
        const roles = BUILT_IN_ROLES.map((role) => ({ ...role, permissions: [what] }));
        const policy = build(withEntry(all, resource, entry!), roles);
        fc.pre(alone);
        expect(policy.isAllowed(who, what)).toBe(false);
        expect(policy.decide(who, what).by).toBe('deny');
      }),
      { numRuns: 2_000 },
    );
  });

  test('an allow or a permission more never refuses, a deny more never grants', () => {
    fc.assert(
      fc.property(rules, rule(), subject, right, right, (all, more, who, what, extra) => {
        const before = build(all).isAllowed(who, what);
        const [entry] = more.entries;
        const after = build(withEntry(all, more.resource, entry!)).isAllowed(who, what);
        if (entry!.type === 'allow') expect(after || !before).toBe(true);
        else expect(before || !after).toBe(true);
        const roles = BUILT_IN_ROLES.map((role) => ({ ...role, permissions: [extra] }));
        expect(build(all, roles).isAllowed(who, what) || !before).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('scopes only narrow, and isAllowed says what decide says', () => {
    fc.assert(
      fc.property(rules, subject, right, (all, who, what) => {
        const policy = build(all);
        const allowed = policy.isAllowed(who, what);
        expect(policy.decide(who, what).allowed).toBe(allowed);
        if (allowed) expect(policy.isAllowed({ ...who, scopes: null }, what)).toBe(true);
      }),
    );
  });

  test('the answer is that of evaluating the text step by step, as Dogtag does', () => {
    fc.assert(
      fc.property(rules, subject, right, (all, who, what) => {
        const bare = { ...who, scopes: null };
        expect(build(all).isAllowed(bare, what)).toBe(stepByStep(all, bare, what));
      }),
      { numRuns: 3_000 },
    );
  });

  /** The evaluation as Dogtag's documentation tells it, over the text of the entries. */
  function stepByStep(all: readonly AccessRule[], who: Subject, what: Right): boolean {
    const parts = what.resource.split('.');
    const nodes = parts.map((_, i) => parts.slice(0, i + 1).join('.')).reverse();
    const matching = (type: string) =>
      nodes
        .flatMap((node) => all.find(({ resource }) => resource === node)?.entries ?? [])
        .filter((entry) => entry.type === type && entry.operations.includes(what.operation))
        .some(({ expression }) => evaluate(expression, who));
    return !matching('deny') && matching('allow');
  }

  function evaluate(expression: string, who: Subject): boolean {
    const [first = '', ...rest] = expression.split(/ (\|\||&&) /);
    let value = evaluateTerm(first, who);
    for (let i = 0; i < rest.length; i += 2) {
      const next = evaluateTerm(rest[i + 1] ?? '', who);
      value = rest[i] === '||' ? value || next : value && next;
    }
    return value;
  }

  function evaluateTerm(text: string, who: Subject): boolean {
    const [, type, operator, value = ''] = /^(\w+)(!?=)"(.*)"$/.exec(text) ?? [];
    if (type === 'ipaddress') {
      if (who.address === 'unknown') return false;
      const inside =
        value === '.*' ||
        (value === '10.0.0.0/8' ? who.address.startsWith('10.') : who.address === value);
      return inside === (operator === '=');
    }
    if (who.user === null) return false;
    if (type === 'user' && value === 'anybody') return true;
    const holds =
      type === 'user'
        ? who.user === value.toLowerCase()
        : BUILT_IN_ROLES.some(
            ({ name, groups }) =>
              who.roles.includes(name) && (name === value || groups.includes(value)),
          );
    return holds === (operator === '=');
  }
});
