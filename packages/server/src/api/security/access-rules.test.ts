import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  Administration,
  expectAction,
  expectRefusedAndRecorded,
  signInOthers,
  told,
  type Action,
} from '../../security/testing.ts';
import { startTestServer } from '../../testing/harness.ts';

const system = await startTestServer({
  config: (config) => ({
    ...config,
    limits: { ...config.limits, denialsPerMinute: 10_000, signInsPerMinute: 10_000 },
  }),
});
const administration = new Administration(system);
const admin = await system.signIn('admin');
const cookies = { admin, ...(await signInOthers(administration, admin)) };
const DOGTAG = new URL('../../../../../testdata/dogtag/resource-acls.txt', import.meta.url);

const right = 'certServer.acl.configuration:modify';
const RULE = { event: 'CONFIG_ACL', category: 'Configuration' };
const USERS = 'certServer.ca.users';
const USERS_LINE = lineOf(USERS);

function lineOf(resource: string): string {
  return system.server.platform.engine.ruleOf(resource)?.line ?? '';
}

function put(line: string, resource = line.slice(0, line.indexOf(':'))) {
  return { method: 'PUT', path: `access-rules/${resource}`, body: { line } } as const;
}

function take(lines: string, dryRun?: boolean) {
  const body = dryRun === undefined ? { lines } : { lines, dryRun };
  return { method: 'POST', path: 'access-rules/import', body } as const;
}

const whole = (line: string) => expect.objectContaining({ line });
const NEW = 'certServer.house.keys:read:allow (read) group="RA":Keys of the house';
const CHANGED = `${USERS}:execute:allow (execute) group="Administrators" || group="RA":RA, too`;

const ACTIONS: readonly Action[] = [
  {
    name: 'change a rule of the product',
    asked: put(CHANGED),
    status: 200,
    right,
    records: [
      {
        ...RULE,
        operation: 'Updated',
        name: USERS,
        before: whole(USERS_LINE),
        after: {
          resource: USERS,
          operations: ['execute'],
          entries: [
            {
              type: 'allow',
              operations: ['execute'],
              expression: 'group="Administrators" || group="RA"',
            },
          ],
          description: 'RA, too',
          line: CHANGED,
        },
      },
    ],
  },
  {
    name: 'put the rule that is in force: no record',
    asked: put(CHANGED),
    status: 200,
    right,
    records: [],
  },
  {
    name: 'restore the rule of the product',
    asked: { method: 'DELETE', path: `access-rules/${USERS}` },
    status: 200,
    right,
    records: [
      {
        ...RULE,
        operation: 'Updated',
        name: USERS,
        before: whole(CHANGED),
        after: whole(USERS_LINE),
      },
    ],
  },
  {
    name: 'restore what is the product’s already: no record',
    asked: { method: 'DELETE', path: `access-rules/${USERS}` },
    status: 200,
    right,
    records: [],
  },
  {
    name: 'add a rule for a resource of one’s own',
    asked: put(NEW),
    status: 200,
    right,
    records: [{ ...RULE, operation: 'Created', name: 'certServer.house.keys', after: whole(NEW) }],
  },
  {
    name: 'remove it',
    asked: { method: 'DELETE', path: 'access-rules/certServer.house.keys' },
    status: 204,
    right,
    records: [{ ...RULE, operation: 'Deleted', name: 'certServer.house.keys', before: whole(NEW) }],
  },
  {
    name: 'take over several',
    asked: take(
      `# a comment\n\nresourceACLS: ${CHANGED}\n${NEW}\n${lineOf('certServer.log.status')}\n`,
    ),
    status: 200,
    right,
    records: [
      {
        ...RULE,
        operation: 'Updated',
        name: USERS,
        before: whole(USERS_LINE),
        after: whole(CHANGED),
      },
      { ...RULE, operation: 'Created', name: 'certServer.house.keys', after: whole(NEW) },
    ],
  },
  {
    name: 'see what taking over would do: no record',
    asked: take(USERS_LINE, true),
    status: 200,
    right,
    records: [],
  },
];

describe('access rules', () => {
  test.each(ACTIONS)('$name', async (action) => {
    const answer = await expectAction(administration, cookies, action);
    expect(answer.status).toBe(action.status);
  });

  test('a record has Dogtag’s attributes', async () => {
    const { records } = await administration.recorded(admin, put(USERS_LINE));
    expect(records[0]?.content).toMatchObject({
      target: { type: 'access rule', id: USERS, name: USERS },
      attributes: [
        ['SubjectID', 'admin'],
        ['Outcome', 'Success'],
        ['ParamNameValPairs', `Scope;;acls+Operation;;OP_MODIFY+Resource;;${USERS}`],
      ],
    });
  });

  test('a change holds from the next request on', async () => {
    const asked = { method: 'GET', path: 'identities?limit=1' } as const;
    const resource = 'certServer.usrgrp.administration';
    const before = lineOf(resource);
    const statuses = [(await administration.ask(cookies.registrar, asked)).status];
    const line = `${resource}:read,modify:allow (read,modify) group="Administrators" || group="RA":RA, too`;
    await administration.ask(admin, put(line));
    statuses.push((await administration.ask(cookies.registrar, asked)).status);
    const { body } = await administration.ask(admin, { method: 'GET', path: 'roles/RA' });
    expect(body['permissions']).toContainEqual(
      expect.objectContaining({ resource, operation: 'read', from: 'rule' }),
    );
    await administration.ask(admin, put(before));
    statuses.push((await administration.ask(cookies.registrar, asked)).status);
    expect(statuses).toEqual([403, 200, 403]);
  });

  test('the answer tells what is changed, by whom and when', async () => {
    const line = `${USERS}:execute:allow (execute) group="Administrators":Just them`;
    const { body } = await administration.ask(admin, put(line));
    expect(body).toEqual({
      resource: USERS,
      operations: ['execute'],
      line,
      entries: [{ type: 'allow', operations: ['execute'], expression: 'group="Administrators"' }],
      description: 'Just them',
      changed: true,
      updatedAt: '2026-11-22T05:00:00.000Z',
      updatedBy: 'admin',
    });
    const list = { method: 'GET', path: 'access-rules' } as const;
    const rules = (await administration.ask(cookies.auditor, list)).body['rules'] as {
      resource: string;
    }[];
    expect(rules.find(({ resource }) => resource === USERS)).toEqual(body);
    const reset = { method: 'DELETE', path: `access-rules/${USERS}` } as const;
    expect((await administration.ask(admin, reset)).body).toMatchObject({
      line: USERS_LINE,
      changed: false,
      updatedAt: null,
      updatedBy: null,
    });
  });

  test('what is exported is taken back and changes nothing', async () => {
    await administration.ask(admin, put(CHANGED));
    await administration.ask(admin, put(NEW));
    const exported = await administration.ask(cookies.auditor, {
      method: 'GET',
      path: 'access-rules/export',
    });
    const text = String(exported.body['text']);
    const lines = text.trimEnd().split('\n');
    expect(lines).toContain(`resourceACLS: ${CHANGED}`);
    expect(lines.every((line) => line.startsWith('resourceACLS: '))).toBe(true);
    const before = await administration.state();
    const { answer, records } = await administration.recorded(admin, take(text));
    expect(answer.body).toEqual({ changes: [], unchanged: lines.length });
    expect(records).toEqual([]);
    expect(await administration.state()).toEqual(before);
  });

  test('Dogtag’s own rules are taken over, and the product’s restored from an export', async () => {
    for (const path of [`access-rules/${USERS}`, 'access-rules/certServer.house.keys'])
      await administration.ask(admin, { method: 'DELETE', path });
    const all = { method: 'GET', path: 'access-rules/export' } as const;
    const product = String((await administration.ask(admin, all)).body['text']);
    const dogtag = await readFile(DOGTAG, 'utf8');
    const tried = await administration.ask(admin, take(dogtag, true));
    expect(tried.status).toBe(200);
    const { answer, records } = await administration.recorded(admin, take(dogtag));
    expect(answer).toEqual(tried);
    const { changes } = answer.body as { changes: { resource: string; before: unknown }[] };
    expect(records.map(({ content }) => content.target?.id)).toEqual(
      changes.map(({ resource }) => resource),
    );
    expect(records.map(({ envelope }) => envelope.operation)).toEqual(
      changes.map(({ before }) => (before === null ? 'Created' : 'Updated')),
    );
    const again = await administration.ask(admin, take(product));
    expect(again.body['changes']).not.toEqual([]);
    for (const { resource, before } of changes) {
      if (before !== null) continue;
      const path = `access-rules/${resource}`;
      expect((await administration.ask(admin, { method: 'DELETE', path })).status).toBe(204);
    }
    expect((await administration.ask(admin, all)).body['text']).toBe(product);
    const db = system.behind;
    expect(await db.selectFrom('access_rules').selectAll().execute()).toEqual([]);
  });

  test('changes made at the same time come one after another, each with what it changed', async () => {
    const lines = Array.from(
      { length: 6 },
      (_, i) => `certServer.race:read:allow (read) group="RA":Number ${i}`,
    );
    const records = await system.recordsOf(
      async () =>
        await Promise.all(lines.map(async (line) => await administration.ask(admin, put(line)))),
    );
    const changes = records
      .filter(({ envelope }) => envelope.event === 'CONFIG_ACL')
      .map(({ content }) => [content.before?.['line'], content.after?.['line']]);
    expect(changes.map(([, after]) => after)).toEqual(expect.arrayContaining(lines));
    expect(changes).toHaveLength(lines.length);
    changes.forEach(([before], i) => expect(before).toBe(changes[i - 1]?.[1]));
  });
});

describe('duties', () => {
  const resource = 'certServer.acl.configuration';
  const nobody = `${resource}:read,modify:allow (read,modify) group="Nobody":Nobody`;
  const last = {
    code: 'last_administrator',
    message: 'nobody would be left who may administer users and access rules',
  };
  const updated = { ...RULE, operation: 'Updated' };

  test.each([
    { asked: put(nobody), name: resource },
    { asked: take(`${NEW}\n${nobody}`), name: 'certServer.house.keys', operation: 'Created' },
    {
      asked: put(
        'certServer.ca.account:login,logout,modify:allow (login,logout,modify) group="Auditors":Auditors',
      ),
      name: 'certServer.ca.account',
    },
    {
      asked: put('certServer:read,modify:deny (modify) user="anybody":Nobody modifies anything'),
      name: 'certServer',
      operation: 'Created',
    },
    {
      asked: put(
        `${resource}:read,modify:allow (modify) group="Administrators" && ipaddress="192.0.2.1":Elsewhere`,
      ),
      name: resource,
    },
  ])('somebody is left who may administer: $name', async ({ asked, name, operation }) => {
    const record = { ...updated, ...(operation === undefined ? {} : { operation }), name };
    const answer = await expectRefusedAndRecorded(administration, admin, asked, {
      ...last,
      record,
    });
    expect(answer.body['rights']).not.toEqual([]);
  });

  const content = 'certServer.log.content.signedAudit';
  test.each([
    { entry: 'allow (read) group="Auditors" || group="Administrators"' },
    { entry: 'allow (read) user="anybody"' },
    { entry: 'allow (read) user="admin"' },
    { entry: 'allow (read) ipaddress="127.0.0.1"' },
    { entry: 'allow (read) group!="Auditors"' },
    { entry: 'allow (read) group="Nobody"' },
  ])('the log is kept for auditors: $entry', async ({ entry }) => {
    const line = `${content}:read:${entry}:For others`;
    const answer = await expectRefusedAndRecorded(administration, admin, take(`${NEW}\n${line}`), {
      code: 'reserved_right',
      message: `${content} is kept for roles that audit, and "${entry}" reaches others`,
      record: { ...updated, name: content },
    });
    expect(answer.body['grants']).toMatchObject([{ in: { kind: 'rule', name: content } }]);
    // Trying it out is no attempt.
    const tried = await administration.recorded(admin, take(line, true));
    expect(tried.answer).toMatchObject({ status: 409, body: { code: 'reserved_right' } });
    expect(tried.records).toEqual([]);
  });
});

describe('faults', () => {
  test.each([
    {
      what: 'a value that is masked to its end, and all behind it',
      line: 'a.b:read:allow (read) user="-----BEGIN PRIVATE KEY-----" || group="RA":x',
      expected: 'nothing that looks like a secret, which records would mask',
    },
    {
      what: 'text that turns around',
      line: 'a.b:read:allow (read) group="RA":x\u202ey',
      expected: 'no control characters',
    },
  ])('a rule is read whole in its record: not $what', async ({ line, expected }) => {
    const before = await administration.state();
    const asked = [
      { field: 'line', answer: await administration.ask(admin, put(line)) },
      { field: 'lines', answer: await administration.ask(admin, take(line)) },
    ];
    for (const { field, answer } of asked) {
      const got = 'the rule of a.b';
      expect(answer).toMatchObject({
        status: 422,
        body: { code: 'request_invalid', errors: [{ field, expected, got }] },
      });
    }
    expect(await administration.state()).toEqual(before);
  });

  test('every faulty line is told, and none of the others taken over', async () => {
    const before = await administration.state();
    const text = [NEW, 'nothing', '', 'a.b:read:allow read:x'].join('\n');
    const { answer, records } = await administration.recorded(admin, take(text));
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'acl_syntax',
        errors: [
          { field: 'line 2, character 8', expected: 'a colon after the resource' },
          { field: 'line 4, character 16', expected: '( after allow' },
        ],
      },
    });
    expect(records).toEqual([]);
    expect(await administration.state()).toEqual(before);
  });

  test.each([
    [{ line: '' }, 'line: expected at least 1 characters, got ""'],
    [{ line: NEW }, `line: expected a rule of ${USERS}, got one of certServer.house.keys`],
    [{ line: `${USERS}:execute:allow (execute) user="a\u0000":x` }, /control characters/],
    [
      { line: `${USERS}:execute:allow (execute) ipaddress="(a+)+$":x` },
      /regular expressions are not run/,
    ],
    [{ line: 'x'.repeat(16_385) }, /at most 16384 characters/],
    [{ line: 5 }, 'line: expected a string, got 5'],
  ])('%j', async (body, detail) => {
    const asked = { method: 'PUT', path: `access-rules/${USERS}`, body } as const;
    const answer = await administration.ask(admin, asked);
    expect(answer).toMatchObject({
      status: 422,
      body: { detail: typeof detail === 'string' ? detail : expect.stringMatching(detail) },
    });
  });

  test.each(['__proto__', 'constructor', 'certServer.nothing'])(
    'there is no rule of %s',
    async (name) => {
      const asked = { method: 'DELETE', path: `access-rules/${name}` } as const;
      expect(await administration.ask(admin, asked)).toMatchObject({
        status: 404,
        body: { code: 'not_found', detail: `there is no access rule of "${name}"` },
      });
    },
  );

  test('a flood of rules is no import', async () => {
    const lines = Array.from({ length: 1_001 }, (_, i) => `r${i}:a:allow (a) user=b:`).join('\n');
    expect(await administration.ask(admin, take(lines))).toMatchObject({
      status: 422,
      body: { detail: 'lines: expected at most 1000 rules, got 1001' },
    });
  });
});

test('the catalogue tells every right with Keyfactor’s names', async () => {
  const asked = { method: 'GET', path: 'permissions' } as const;
  const { answer } = await administration.recorded(cookies.auditor, asked);
  const { permissions } = answer.body as {
    permissions: { resource: string; reserved: boolean; operations: unknown }[];
  };
  const log = permissions.find(({ resource }) => resource === 'certServer.log.content.signedAudit');
  expect(log).toMatchObject({
    reserved: true,
    area: 'Audit log',
    operations: expect.arrayContaining([
      { operation: 'read', names: expect.arrayContaining(['Auditing:Read', '/auditing/read/']) },
    ]),
  });
  expect(permissions.filter(({ reserved }) => reserved).length).toBeLessThan(permissions.length);
  const refused = await administration.recorded(cookies.registrar, asked);
  expect(refused.checks.map(told)).toMatchObject([{ outcome: 'Failure', actor: 'registrar' }]);
});
