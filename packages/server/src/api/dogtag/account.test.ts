import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { dataPaths } from '../../data-folder/keys.ts';
import { issueClient, pkiPaths } from '../../pki/pki.ts';
import {
  attribute,
  startTestServer,
  type SeenRecord,
  type TestServer,
} from '../../testing/harness.ts';

let server: TestServer;
let url: string;
let ca: string;
let admin: string;
let auditor: string;

beforeAll(async () => {
  server = await startTestServer({ args: { httpsPort: 0 }, realTime: true });
  url = (await server.server.listen()).https?.url ?? '';
  const paths = pkiPaths(dataPaths(server.server.config.dataDir).keys);
  ca = await readFile(paths.authorityCertificate, 'utf8');
  admin = await readFile(join(paths.clients, 'admin.pem'), 'utf8');
  auditor = await readFile(join(paths.clients, 'auditor.pem'), 'utf8');
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
}

/** One request on a connection of its own; both sides have ended it when this resolves. */
async function get(path: string, pem: string | null, cookie?: string): Promise<Answer> {
  const answered = await new Promise<Answer>((resolve, reject) => {
    const headers = cookie === undefined ? {} : { cookie };
    const certificate = pem === null ? {} : { key: pem, cert: pem };
    const sent = request(
      `${url}${path}`,
      { ca, agent: false, headers, ...certificate },
      (answer) => {
        let text = '';
        answer.on('data', (part: Buffer) => (text += part.toString()));
        answer.on('end', () => {
          const body: unknown = text === '' ? null : JSON.parse(text);
          resolve({ status: answer.statusCode ?? 0, body, headers: answer.headers });
        });
      },
    );
    sent.on('error', reject);
    sent.end();
  });
  await server.server.platform.tlsSessions.ended();
  return answered;
}

function told(records: readonly SeenRecord[]): string[] {
  return records.map((record) =>
    [
      record.envelope.event,
      record.envelope.outcome,
      ...['SubjectID', 'AuthMgr', 'aclResource', 'Op', 'Info']
        .filter((name) => !record.envelope.event.startsWith('ACCESS_') || name === 'Outcome')
        .map((name) => attribute(record, name))
        .filter((value) => value !== undefined),
    ].join(' | '),
  );
}

function cookieOf(answer: Answer): string {
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

describe("signing in as Dogtag's clients do", () => {
  test.each(['/ca/v2', '/ca/rest'])(
    '%s: three connections, one session, the events in order',
    async (base) => {
      const from = server.server.log.size;
      const login = await get(`${base}/account/login`, admin);
      expect(login.status).toBe(200);
      expect(login.body).toEqual({
        id: 'caadmin',
        FullName: 'Administrator',
        Roles: ['Administrators'],
      });
      const cookie = cookieOf(login);
      expect(cookie).toMatch(/^__Host-countersign=/);
      const users = await get(`${base}/admin/users`, admin, cookie);
      expect(users.body).toEqual({
        total: 3,
        entries: [
          {
            id: 'caadmin',
            UserID: 'caadmin',
            FullName: 'Administrator',
            Type: 'adminType',
            State: '1',
          },
          { id: 'auditor', UserID: 'auditor', FullName: 'Auditor', Type: 'adminType', State: '1' },
          {
            id: 'enrollment',
            UserID: 'enrollment',
            FullName: 'enrollment',
            Type: 'agentType',
            State: '0',
          },
        ],
      });
      expect((await get(`${base}/account/logout`, admin, cookie)).status).toBe(204);
      const records = await server.records(from);
      expect(told(records)).toEqual([
        'ACCESS_SESSION_ESTABLISH | Success',
        'AUTH | Success | caadmin | certUserDBAuthMgr',
        `AUTHZ | Success | caadmin | certServer.ca.account | login | GET:${base}/account/login`,
        'ROLE_ASSUME | Success | caadmin',
        'ACCESS_SESSION_TERMINATED | Success',
        'ACCESS_SESSION_ESTABLISH | Success',
        `AUTHZ | Success | caadmin | certServer.ca.users | execute | GET:${base}/admin/users`,
        'ROLE_ASSUME | Success | caadmin',
        'ACCESS_SESSION_TERMINATED | Success',
        'ACCESS_SESSION_ESTABLISH | Success',
        `AUTHZ | Success | caadmin | certServer.ca.account | logout | GET:${base}/account/logout`,
        'ROLE_ASSUME | Success | caadmin',
        'ACCESS_SESSION_TERMINATED | Success',
      ]);
      // One person: the name for Dogtag's tools is an attribute, the actor stays who it is.
      expect(
        new Set(records.filter((r) => r.envelope.event === 'AUTHZ').map((r) => r.content.actor.id)),
      ).toEqual(new Set(['admin']));
      // Signed out: the cookie is worth nothing, the certificate still is.
      const after = await get(`${base}/account/login`, admin, cookie);
      expect(after.status).toBe(200);
      expect(cookieOf(after)).not.toBe(cookie);
    },
  );

  test('who is somebody else sees no users, and the check is recorded once', async () => {
    const from = server.server.log.size;
    const answer = await get('/ca/v2/admin/users', auditor);
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: 'access_denied', resource: 'certServer.ca.users' });
    const denials = told(await server.records(from)).filter((line) => line.startsWith('AUTHZ'));
    expect(denials).toEqual([
      'AUTHZ | Failure | auditor | certServer.ca.users | execute | Authorization Error',
    ]);
  });

  test('the cookie alone opens nothing: without its certificate, or with another, it is no session', async () => {
    const cookie = cookieOf(await get('/ca/v2/account/login', admin));
    const bare = await get('/ca/v2/admin/users', null, cookie);
    expect(bare.status).toBe(401);
    expect(bare.body).toMatchObject({ code: 'session_expired' });
    const other = await get('/ca/v2/admin/users', auditor, cookie);
    // The other certificate is somebody, too: his own rights count.
    expect(other.status).toBe(403);
    const { pki, keys, clock } = server.server.platform;
    const client = { username: 'admin', origin: keys.origin, now: clock() };
    const alike = (await issueClient(pki, client))?.pem ?? '';
    const forged = await get('/ca/v2/admin/users', alike, cookie);
    expect(forged.status).toBe(401);
    expect(forged.body).toMatchObject({ code: 'certificate_unknown' });
    const plain = await server.request('/ca/v2/admin/users', { cookie });
    expect(plain.status).toBe(401);
  });

  test('faulty parameters are named', async () => {
    const answer = await get('/ca/v2/admin/users?size=many', admin);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'parameter_invalid' });
  });
});
