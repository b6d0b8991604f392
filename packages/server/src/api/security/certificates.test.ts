import { X509Certificate } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCrl } from '../../ca/crl.ts';
import { dataPaths } from '../../data-folder/keys.ts';
import { issue, issueRevocationList, type Identity } from '../../pki/issue.ts';
import { pkiPaths } from '../../pki/pki.ts';
import { readPkcs12 } from '../../pki/read-pkcs12.ts';
import {
  Administration,
  expectAction,
  expectRefusedAndRecorded,
  OTHERS,
  signInOthers,
  told,
  type Action,
  type Asked,
} from '../../security/testing.ts';
import { noteOf } from '../../recording/testing.ts';
import { startTestServer } from '../../testing/harness.ts';

const system = await startTestServer({
  args: { httpsPort: 0 },
  realTime: true,
  config: (config) => ({
    ...config,
    limits: { ...config.limits, denialsPerMinute: 10_000, signInsPerMinute: 10_000 },
  }),
});
const administration = new Administration(system);
const admin = await system.signIn('admin');
const cookies = { admin, ...(await signInOthers(administration, admin)) };
const { pki, keys } = system.server.platform;
const paths = pkiPaths(dataPaths(system.server.config.dataDir).keys);
const right = 'certServer.usrgrp.administration:modify';
const CREDENTIAL = { event: 'CREDENTIAL_CHANGED', category: 'Account' };
let url = '';

beforeAll(async () => {
  const { https } = await system.server.listen();
  url = https?.url ?? '';
});

function issuer(): Identity {
  if (pki.issuer === null) throw new Error('expected the key of the authority');
  return pki.issuer;
}

async function client(name: string, by: Identity | null = null): Promise<Identity> {
  return await issue({ purpose: 'client', subject: [['CN', name]], now: new Date() }, by);
}

function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
}

function add(username: string, body: unknown): Asked {
  return { method: 'POST', path: `identities/${username}/certificates`, body };
}

function create(username: string, roles: readonly string[] = []): Asked {
  const body = { username, name: `Name of ${username}`, roles, password: 'long enough' };
  return { method: 'POST', path: 'identities', body };
}

/** Asks for the roles over a connection of its own that shows the certificate. */
async function statusWith(pfx: Buffer, passphrase: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    const sent = request(
      `${url}/api/v1/security/roles`,
      { ca: pki.authority.toString(), agent: false, pfx, passphrase },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

async function lastSignIn(username: string): Promise<string | null> {
  const db = system.behind;
  const users = db.selectFrom('users').select('last_sign_in_at');
  return (await users.where('username', '=', username).executeTakeFirstOrThrow()).last_sign_in_at;
}

async function revokedSerials(): Promise<string[]> {
  const text = await readFile(paths.revocations, 'utf8');
  const base64 = text.replaceAll(/-----(?:BEGIN|END) X509 CRL-----/g, '');
  return readCrl(Buffer.from(base64, 'base64'))
    .entries.map(({ serial }) => BigInt(`0x${serial}`).toString())
    .sort();
}

const names = (subject: string, by = subject) => ({
  certificate: {
    subject,
    issuer: by,
    serial: expect.stringMatching(/^\d+$/),
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    validTo: expect.any(String),
  },
});

const ACTIONS: readonly Action[] = [
  {
    name: 'enroll',
    prepare: [create('c-enroll')],
    asked: async () =>
      add('c-enroll', { certificate: (await client('c1')).certificate.toString() }),
    status: 200,
    right,
    records: [
      {
        ...CREDENTIAL,
        operation: 'Created',
        name: 'c-enroll',
        after: names('CN=c1'),
        reason: 'a client certificate was enrolled',
      },
    ],
  },
  {
    name: 'issue',
    prepare: [create('c-issue')],
    asked: add('c-issue', { issue: true }),
    status: 201,
    right,
    records: [
      {
        ...CREDENTIAL,
        operation: 'Created',
        name: 'c-issue',
        after: names(
          `CN=c-issue,OU=${keys.origin},O=Countersign`,
          `CN=CA Signing Certificate,OU=${keys.origin},O=Countersign`,
        ),
        reason: 'a client certificate was issued',
      },
    ],
  },
  {
    name: 'remove',
    prepare: [create('c-remove')],
    asked: async () => {
      const pem = (await client('c2')).certificate.toString();
      await administration.ask(admin, add('c-remove', { certificate: pem }));
      return {
        method: 'DELETE',
        path: `identities/c-remove/certificates/${fingerprintOf(pem)}`,
      };
    },
    status: 200,
    right,
    records: [
      {
        ...CREDENTIAL,
        operation: 'Deleted',
        name: 'c-remove',
        before: names('CN=c2'),
        reason: 'a client certificate was removed',
      },
    ],
  },
];

describe('client certificates', () => {
  test.each(ACTIONS)('$name', async (action) => {
    const answer = await expectAction(administration, cookies, action);
    expect(answer.status).toBe(action.status);
    expect(OTHERS.length).toBeGreaterThan(3);
  });

  test('an issued one opens the server until it is removed; then the listener refuses it at once', async () => {
    await writeFile(paths.revocations, await issueRevocationList(issuer(), ['4711'], new Date()));
    await administration.ask(admin, create('c-used', ['Administrator']));
    const { answer, records } = await administration.recorded(
      admin,
      add('c-used', { issue: true }),
    );
    const { identity, certificate, pkcs12, password } = answer.body as {
      identity: { certificates: { fingerprint: string; serial: string }[] };
      certificate: string;
      pkcs12: string;
      password: string;
    };
    const bundle = Buffer.from(pkcs12, 'base64');
    const inside = await readPkcs12(bundle, password);
    const text = JSON.stringify([records, await administration.state()]);
    expect(text).not.toContain(password);
    expect(text).not.toContain('PRIVATE KEY');
    expect(certificate).not.toContain('PRIVATE KEY');
    expect(inside.certificate.toString()).toBe(certificate);
    const [enrolled] = identity.certificates;
    expect(enrolled?.fingerprint).toBe(fingerprintOf(certificate));

    expect(await statusWith(bundle, password)).toBe(200);
    expect(await lastSignIn('c-used')).toMatch(/^20\d\d-/);
    const path = `identities/c-used/certificates/${enrolled?.fingerprint}`;
    const removed = await administration.recorded(admin, { method: 'DELETE', path });
    expect(removed.answer.body).toMatchObject({ username: 'c-used', certificates: [] });
    // The end of the connection above may be told meanwhile.
    const changes = removed.records.filter(({ envelope }) => envelope.category === 'Account');
    expect(changes.map(told)).toMatchObject([
      {
        ...CREDENTIAL,
        operation: 'Deleted',
        reason: 'a client certificate was removed and revoked',
      },
    ]);
    await expect(statusWith(bundle, password)).rejects.toThrow(/./);
    // What the operator had revoked stays revoked.
    expect(await revokedSerials()).toEqual(['4711', String(enrolled?.serial)].sort());
  });

  test('a session that was begun with a certificate ends with it, another does not', async () => {
    const { sessions, recorder, state } = system.server.platform;
    await administration.ask(admin, create('c-session', ['RA']));
    const { certificate } = await client('c-session');
    const pem = certificate.toString();
    await administration.ask(admin, add('c-session', { certificate: pem }));
    const { id } = await state.db
      .selectFrom('users')
      .select('id')
      .where('username', '=', 'c-session')
      .executeTakeFirstOrThrow();
    const user = {
      id,
      username: 'c-session',
      name: 'N',
      kind: 'person' as const,
      alias: null,
      roles: ['RA'],
      passwordGenerated: false,
    };
    const begin = async (credential: string) => {
      const { result } = await recorder.audited(async (tx) => {
        tx.record(noteOf('a session'));
        return await sessions.create(tx.db, {
          user,
          address: '127.0.0.1',
          method: 'certificate',
          credential,
        });
      });
      result.begin();
      return result.id;
    };
    const [one, other] = [await begin('CN=c-session'), await begin('CN=another')];
    await administration.ask(admin, {
      method: 'DELETE',
      path: `identities/c-session/certificates/${fingerprintOf(pem)}`,
    });
    expect(sessions.use(one)).toBe('unknown');
    expect(sessions.use(other)).toMatchObject({ credential: 'CN=another' });
    const rows = await state.db
      .selectFrom('sessions')
      .select('credential')
      .where('user_id', '=', id)
      .execute();
    expect(rows).toEqual([{ credential: 'CN=another' }]);
  });

  test('who is deleted leaves no certificate that is good', async () => {
    await administration.ask(admin, create('c-gone', ['Administrator']));
    const made = await administration.ask(admin, add('c-gone', { issue: true }));
    const { identity, pkcs12, password } = made.body as {
      identity: { certificates: { serial: string }[] };
      pkcs12: string;
      password: string;
    };
    const before = await revokedSerials();
    const asked = { method: 'DELETE', path: 'identities/c-gone' } as const;
    const { records } = await administration.recorded(admin, asked);
    const changes = records.filter(({ envelope }) => envelope.event.startsWith('CONFIG_'));
    expect(changes.map(told)).toMatchObject([
      { event: 'CONFIG_ROLE', before: { certificates: [{ subject: expect.any(String) }] } },
    ]);
    await expect(statusWith(Buffer.from(pkcs12, 'base64'), password)).rejects.toThrow(/./);
    const serial = String(identity.certificates[0]?.serial);
    expect(await revokedSerials()).toEqual([...before, serial].sort());
  });

  test('a list that is lost is made again from the state', async () => {
    const before = await revokedSerials();
    await rm(paths.revocations);
    const { revocations, state } = system.server.platform;
    await revocations.publish(state.db);
    expect(await revokedSerials()).toEqual(before.filter((serial) => serial !== '4711'));
    const { db } = state;
    expect(await db.selectFrom('revocations').select('serial').execute()).toHaveLength(2);
  });

  test('the list of another authority stays in the file', async () => {
    const other = await issue(
      { purpose: 'authority', subject: [['CN', 'Other']], now: new Date() },
      null,
    );
    const list = await issueRevocationList(other, ['1'], new Date());
    await writeFile(paths.revocations, list);
    const { revocations, state } = system.server.platform;
    await revocations.publish(state.db);
    const text = await readFile(paths.revocations, 'utf8');
    expect(text.endsWith(list)).toBe(true);
    expect(text.match(/BEGIN X509 CRL/g)).toHaveLength(2);
    await rm(paths.revocations);
    await revocations.publish(state.db);
  });
});

describe('duties', () => {
  test('the last way in of the last who may administer stays', async () => {
    const alone = await startTestServer({ realTime: true });
    const other = new Administration(alone);
    const first = await alone.signIn('admin');
    const read = { method: 'GET', path: 'identities/admin' } as const;
    const { certificates } = (await other.ask(first, read)).body as {
      certificates: { fingerprint: string }[];
    };
    await alone.behind
      .updateTable('users')
      .set({ password: '' })
      .where('username', '=', 'admin')
      .execute();
    const answer = await expectRefusedAndRecorded(
      other,
      first,
      {
        method: 'DELETE',
        path: `identities/admin/certificates/${certificates[0]?.fingerprint}`,
      },
      {
        code: 'last_administrator',
        message: 'nobody would be left who may administer users and access rules',
        record: {
          ...CREDENTIAL,
          operation: 'Deleted',
          level: 'Warning',
          name: 'admin',
          before: names(
            `CN=admin,OU=${alone.server.platform.keys.origin},O=Countersign`,
            `CN=CA Signing Certificate,OU=${alone.server.platform.keys.origin},O=Countersign`,
          ),
        },
      },
    );
    expect(answer.status).toBe(409);
  });
});

describe('faults', () => {
  const CLIENT = 'a certificate for TLS clients (extended key usage)';
  const cases: [name: string, expected: string, make: () => Promise<string>][] = [
    ['no PEM', 'one certificate in PEM', async () => 'nothing'],
    ['a key', 'one certificate in PEM', async () => (await client('k')).pem],
    [
      'two certificates',
      'one certificate in PEM',
      async () => String((await client('a')).certificate) + String((await client('b')).certificate),
    ],
    [
      'something before it',
      'one certificate in PEM',
      async () => `x\n${String((await client('a')).certificate)}`,
    ],
    [
      'no DER',
      'an X.509 certificate in DER within the PEM',
      async () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    ],
    [
      'bytes behind the certificate',
      'an X.509 certificate in DER within the PEM',
      async () => {
        const { raw } = (await client('a')).certificate;
        const text = Buffer.concat([raw, Buffer.alloc(3)]).toString('base64');
        const lines = text.match(/.{1,64}/g)?.join('\n') ?? '';
        return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
      },
    ],
    ["an authority's", "an end entity's certificate", async () => pki.authority.toString()],
    [
      "a server's",
      CLIENT,
      async () => {
        const subject = [['CN', 's']] as const;
        const server = await issue({ purpose: 'server', subject, now: new Date() }, null);
        return server.certificate.toString();
      },
    ],
    ['one for signing', CLIENT, async () => pki.auditSigning.certificate.toString()],
    [
      'one that has ended',
      'a certificate that is valid',
      async () => {
        const subject = [['CN', 'old']] as const;
        const old = { purpose: 'client', subject, now: new Date(), days: -3 } as const;
        return (await issue(old, null)).certificate.toString();
      },
    ],
  ];
  test.each(cases)('%s: expected %s', async (_name, expected, make) => {
    const { answer, records } = await administration.recorded(
      admin,
      add('registrar', { certificate: await make() }),
    );
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'certificate_refused', errors: [{ field: 'certificate', expected }] },
    });
    expect(records).toEqual([]);
  });

  test('a certificate is one user’s', async () => {
    const certificate = (await client('once')).certificate.toString();
    await administration.ask(admin, add('operator', { certificate }));
    for (const [username, detail] of [
      ['registrar', 'certificate: it is of "operator" already'],
      ['operator', 'certificate: "operator" has it already'],
    ] as const) {
      expect(await administration.ask(admin, add(username, { certificate }))).toMatchObject({
        status: 409,
        body: { code: 'already_exists', detail, field: 'certificate' },
      });
    }
  });

  test('a user has so many at most', async () => {
    await administration.ask(admin, create('c-many'));
    for (let i = 0; i < 20; i += 1) {
      const certificate = (await client(`many ${i}`)).certificate.toString();
      expect((await administration.ask(admin, add('c-many', { certificate }))).status).toBe(200);
    }
    const certificate = (await client('one more')).certificate.toString();
    expect(await administration.ask(admin, add('c-many', { certificate }))).toMatchObject({
      status: 422,
      body: { detail: 'certificate: expected at most 20 certificates of a user, got one more' },
    });
  });

  test.each([
    {},
    { issue: true, certificate: 'x' },
    { issue: false },
    { certificate: 'x'.repeat(16_385) },
  ])('a body such as %j', async (body) => {
    const answer = await administration.ask(admin, add('registrar', body));
    expect(answer).toMatchObject({ status: 422, body: { code: 'request_invalid' } });
  });

  test('what is not there', async () => {
    const robot = { name: 'c-robot', roles: [] };
    await administration.ask(admin, { method: 'POST', path: 'applications', body: robot });
    for (const asked of [
      add('nobody-here', { issue: true }),
      add('c-robot', { issue: true }),
      { method: 'DELETE', path: 'identities/registrar/certificates/00' },
      { method: 'DELETE', path: 'identities/nobody-here/certificates/00' },
    ] as const) {
      const answer = await administration.ask(admin, asked);
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });
});
