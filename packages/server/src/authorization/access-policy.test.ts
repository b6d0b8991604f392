import { describe, expect, test } from 'vitest';
import { attribute, startTestServer } from '../testing/harness.ts';
import { readPolicy } from './access-policy.ts';
import { createBuiltInRoles } from './built-in-roles.ts';
import { DEFAULT_RULES } from './default-rules.ts';
import { BUILT_IN_ROLES, ROLES } from './roles.ts';

const STATUS = 'certServer.log.status';
const LINE = `${STATUS}:read:allow (read) group="Administrators":Administrators, too`;

const system = await startTestServer();

describe('the policy in force', () => {
  test('is the product’s until rules are changed, and the changed one from the next request on', async () => {
    const { engine, state } = system.server.platform;
    const health = async () =>
      (await system.request('/portal/health', { cookie: await system.signIn('admin') })).status;
    expect(engine.rules().map(({ resource }) => resource)).toEqual(
      DEFAULT_RULES.map(({ resource }) => resource).sort(),
    );
    expect(engine.rules().some(({ changed }) => changed)).toBe(false);
    expect(await health()).toBe(403);

    const at = '2026-11-22T05:00:00.000Z';
    await system.behind
      .insertInto('access_rules')
      .values([
        { resource: STATUS, line: LINE, updated_at: at, updated_by: 'admin' },
        {
          resource: 'a.b',
          line: 'a.b:x:allow (x) user="eve":',
          updated_at: at,
          updated_by: 'admin',
        },
      ])
      .execute();
    const eve = { user: 'eve', roles: [], address: '10.0.0.1', scopes: null };
    const right = { resource: 'a.b', operation: 'x' };
    // Until it is taken up, the policy before decides.
    expect(engine.isAllowed(eve, right)).toBe(false);
    await engine.load(state.db);
    expect(engine.isAllowed(eve, right)).toBe(true);
    expect(engine.decide(eve, right).why).toBe('rule a.b: allow (x) user="eve"');
    expect(await health()).not.toBe(403);
    expect(engine.ruleOf(STATUS)).toEqual({
      resource: STATUS,
      operations: ['read'],
      line: LINE,
      entries: [{ type: 'allow', operations: ['read'], expression: 'group="Administrators"' }],
      description: 'Administrators, too',
      changed: true,
      updatedAt: at,
      updatedBy: 'admin',
    });
    expect(engine.ruleOf('a.b')?.changed).toBe(true);
    expect(engine.ruleOf('a')).toBeNull();

    await system.behind.deleteFrom('access_rules').execute();
    await engine.load(state.db);
    expect(await health()).toBe(403);
    expect(engine.ruleOf('a.b')).toBeNull();
    expect(engine.ruleOf(STATUS)?.changed).toBe(false);
  });

  test('read in a transaction is the one that the transaction would make', async () => {
    const { engine, state } = system.server.platform;
    const audit = { resource: 'certServer.log.content.signedAudit', operation: 'read' };
    const clerk = { user: 'eve', roles: ['Clerk'], address: '10.0.0.1', scopes: null };
    const undone = system.behind.transaction().execute(async (tx) => {
      const row = {
        name: 'Clerk',
        description: 'd',
        built_in: 0,
        exclusive: 1,
        groups: '["Desk"]',
      };
      await tx
        .insertInto('roles')
        .values({ ...row, created_at: 'c', updated_at: 'u' })
        .execute();
      await tx
        .insertInto('role_permissions')
        .values({ role: 'Clerk', ...audit })
        .execute();
      const candidate = await readPolicy(tx);
      expect(candidate.isAllowed(clerk, audit)).toBe(true);
      expect(candidate.roleOf('Clerk')).toEqual({
        name: 'Clerk',
        description: 'd',
        builtIn: false,
        exclusive: true,
        groups: ['Desk'],
        permissions: [audit],
      });
      expect(candidate.findRoleConflict(['RA', 'Clerk'])).toBe('Clerk');
      expect(engine.isAllowed(clerk, audit)).toBe(false);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect((await readPolicy(state.db)).roleOf('Clerk')).toBeNull();
  });

  test('is not taken up with a rule that cannot be read: the one before stays', async () => {
    const { engine, state } = system.server.platform;
    const before = engine.current;
    await system.behind
      .insertInto('access_rules')
      .values({ resource: STATUS, line: `${STATUS}:read`, updated_at: '', updated_by: '' })
      .execute();
    await expect(engine.load(state.db)).rejects.toMatchObject({ code: 'acl_syntax' });
    expect(engine.current).toBe(before);
    await system.behind.deleteFrom('access_rules').execute();
  });
});

describe('the built-in roles', () => {
  test('are created at the first start, each with its record, and never twice', async () => {
    const { engine, state, recorder, clock } = system.server.platform;
    const created = (await system.records()).filter(
      ({ envelope, content }) =>
        content.target?.type === 'role' && envelope.operation === 'Created',
    );
    expect(created.map(({ content }) => content.target?.id)).toEqual([...ROLES]);
    const auditor = created[1];
    expect(auditor?.envelope).toMatchObject({
      event: 'CONFIG_ROLE',
      outcome: 'Success',
      category: 'SecurityRole',
      operation: 'Created',
    });
    expect(auditor?.content.actor).toMatchObject({ id: '$System$', kind: 'system' });
    expect(auditor?.content.after).toEqual({
      name: 'Auditor',
      description: 'Reads, verifies and exports the log; held alone',
      exclusive: true,
      groups: ['Auditors'],
      permissions: [],
      members: [],
      claims: [],
    });
    expect(attribute(auditor, 'ParamNameValPairs')).toBe(
      'Scope;;groups+Operation;;OP_ADD+Resource;;Auditor',
    );
    expect(engine.current.roles).toEqual(
      [...BUILT_IN_ROLES].sort((a, b) => (a.name < b.name ? -1 : 1)),
    );

    const again = await system.recordsOf(
      async () => await createBuiltInRoles({ state, recorder, clock }),
    );
    expect(again).toEqual([]);
    await system.behind.deleteFrom('roles').where('name', '=', 'RA').execute();
    const missing = await system.recordsOf(
      async () => await createBuiltInRoles({ state, recorder, clock }),
    );
    expect(missing.map(({ content }) => content.target?.id)).toEqual(['RA']);
  });
});
