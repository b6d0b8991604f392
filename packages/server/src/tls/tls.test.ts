import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { dataPaths } from '../data-folder/keys.ts';
import { issue, issueRevocationList, type Identity } from '../pki/issue.ts';
import { pkiPaths } from '../pki/pki.ts';
import type { Listening } from '../sockets.ts';
import {
  attribute,
  PASSWORDS,
  startTestServer,
  type TestServer,
  type SeenRecord,
} from '../testing/harness.ts';

const run = promisify(execFile);
const hasOpenssl = await run('openssl', ['version']).then(
  () => true,
  () => false,
);
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
);

let server: TestServer;
let at: NonNullable<Listening['https']>;
let ca: string;
let admin: string;
let auditor: string;
let paths: ReturnType<typeof pkiPaths>;
let authority: Identity;

beforeAll(async () => {
  server = await startTestServer({ args: { httpsPort: 0 }, realTime: true });
  const { https } = await server.server.listen();
  if (https === null) throw new Error('expected an HTTPS listener');
  at = https;
  paths = pkiPaths(dataPaths(server.server.config.dataDir).keys);
  ca = await readFile(paths.authorityCertificate, 'utf8');
  admin = await readFile(join(paths.clients, 'admin.pem'), 'utf8');
  auditor = await readFile(join(paths.clients, 'auditor.pem'), 'utf8');
  const { issuer } = server.server.platform.pki;
  if (issuer === null) throw new Error('expected the key of the authority');
  authority = issuer;
});

/** Records that are told by event, outcome and the values that tell most. */
function told(records: readonly SeenRecord[]): string[] {
  return records.map((record) => {
    const info = attribute(record, 'Info');
    const subject = attribute(record, 'SubjectID');
    return [record.envelope.event, record.envelope.outcome, subject, info]
      .filter((part) => part !== undefined)
      .join(' | ');
  });
}

/** A certificate as its subject is told in records. */
function dn(name: string): string {
  return `CN=${name},OU=${server.server.platform.keys.origin},O=Countersign`;
}

/** One request on a connection of its own. */
async function get(
  path: string,
  options: {
    agent?: Agent;
    pem?: string;
    headers?: Record<string, string>;
    method?: string;
    body?: string;
  } = {},
): Promise<{
  status: number;
  body: string;
  headers: Record<string, string | string[] | undefined>;
}> {
  const { pem, headers = {}, method = 'GET', body } = options;
  return await new Promise((resolve, reject) => {
    const sent = request(
      `${at.url}${path}`,
      {
        ca,
        agent: options.agent ?? false,
        method,
        headers,
        ...(pem === undefined ? {} : { key: pem, cert: pem }),
      },
      (answer) => {
        let text = '';
        answer.on('data', (part: Buffer) => (text += part.toString()));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: text, headers: answer.headers }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The records of a connection, its end included. */
async function recordsOf(work: () => Promise<unknown>): Promise<SeenRecord[]> {
  const { tlsSessions } = server.server.platform;
  // The server hears of the end of a connection a moment later than the client.
  await tlsSessions.ended();
  return await server.recordsOf(async () => {
    await work();
    await tlsSessions.ended();
  });
}

/** Handshakes, waits for what the server does, and ends. */
async function shake(options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: at.port, ca, ...options });
  socket.on('error', () => undefined);
  await new Promise((resolve) => {
    socket.once('secureConnect', resolve);
    socket.once('close', resolve);
  });
  return socket;
}

async function client(pem: string): Promise<void> {
  const socket = await shake({ key: pem, cert: pem });
  socket.resume();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

describe('a session without a certificate', () => {
  test('is recorded when it begins and when it ends, and nothing more', async () => {
    const records = await recordsOf(async () => {
      expect((await get('/api/v1/audit/health')).status).toBe(200);
    });
    expect(told(records)).toEqual([
      'ACCESS_SESSION_ESTABLISH | Success | --',
      'ACCESS_SESSION_TERMINATED | Success | -- | serverAlertSent: CLOSE_NOTIFY',
    ]);
    expect(records[0]?.content.attributes).toEqual([
      ['ClientIP', '127.0.0.1'],
      ['ServerIP', '127.0.0.1'],
      ['SubjectID', '--'],
      ['CertSerialNum', '--'],
      ['IssuerDN', '--'],
      ['Outcome', 'Success'],
    ]);
  });

  test('ends with the alert of the client, or its reset', async () => {
    const ended = await recordsOf(async () => (await shake({})).end());
    expect(told(ended).at(-1)).toContain('clientAlertReceived: CLOSE_NOTIFY');
    const reset = await recordsOf(async () => {
      const raw = connectTcp(at.port, '127.0.0.1');
      const socket = await shake({ socket: raw });
      // With TLS 1.3 the client is done before the server: an answer says that it is, too.
      socket.write('GET /api/v1/audit/health HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await new Promise((resolve) => socket.once('data', resolve));
      raw.resetAndDestroy();
    });
    expect(told(reset)).toEqual([
      'ACCESS_SESSION_ESTABLISH | Success | --',
      'ACCESS_SESSION_TERMINATED | Success | -- | connection reset',
    ]);
  });

  test('carries a __Host- cookie after a sign-in with a password, and no HSTS on loopback', async () => {
    const body = JSON.stringify({ username: 'auditor', password: PASSWORDS.auditor });
    const headers = { 'content-type': 'application/json', origin: at.url };
    const answer = await get('/api/v1/session', { method: 'POST', body, headers });
    expect(answer.status).toBe(200);
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(
      /^__Host-countersign=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
    expect(answer.headers['strict-transport-security']).toBeUndefined();
    const again = await get('/api/v1/audit/records?limit=1', {
      headers: { cookie: cookie.split(';')[0] ?? '' },
    });
    expect(again.status).toBe(200);
  });
});

describe('a client certificate', () => {
  test('authenticates its user without a password: AUTH once, ROLE_ASSUME once, AUTHZ per request', async () => {
    const records = await recordsOf(async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const options = { pem: auditor, agent };
      expect((await get('/api/v1/audit/catalogue', options)).status).toBe(200);
      expect((await get('/api/v1/audit/health/details', options)).status).toBe(200);
      agent.destroy();
    });
    const subject = dn('auditor');
    expect(told(records).slice(0, 4)).toEqual([
      `ACCESS_SESSION_ESTABLISH | Success | ${subject}`,
      'AUTH | Success | auditor',
      'AUTHZ | Success | auditor | GET:/api/v1/audit/catalogue',
      'ROLE_ASSUME | Success | auditor',
    ]);
    expect(told(records).filter((line) => line.startsWith('AUTH |'))).toHaveLength(1);
    expect(told(records).filter((line) => line.startsWith('ROLE_ASSUME'))).toHaveLength(1);
    expect(told(records).at(-1)).toContain('ACCESS_SESSION_TERMINATED | Success');
    expect(attribute(records[1], 'AuthMgr')).toBe('certUserDBAuthMgr');
    expect(attribute(records[0], 'IssuerDN')).toBe(dn('CA Signing Certificate'));
    expect(attribute(records[0], 'CertSerialNum')).toMatch(/^\d{30,40}$/);
    expect(records[2]?.content.actor.authentication).toEqual({
      method: 'certificate',
      credential: subject,
    });
  });

  test('is looked at anew by each connection: sessions are not resumed', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const options = { key: auditor, cert: auditor, minVersion: version, maxVersion: version };
      const first = await shake(options);
      let session = first.getSession();
      first.on('session', (ticket) => (session = ticket));
      await new Promise((resolve) => setTimeout(resolve, 50));
      first.destroy();
      const second = await shake({ ...options, ...(session === undefined ? {} : { session }) });
      expect(second.isSessionReused()).toBe(false);
      second.destroy();
    }
  });

  test('opens no more than its user may', async () => {
    const records = await recordsOf(async () => {
      const answer = await get('/api/v1/audit/records?limit=1', { pem: admin });
      expect(answer.status).toBe(403);
    });
    expect(told(records)).toEqual([
      `ACCESS_SESSION_ESTABLISH | Success | ${dn('admin')}`,
      'AUTH | Success | caadmin',
      'AUTHZ | Failure | caadmin | Authorization Error',
      `ACCESS_SESSION_TERMINATED | Success | ${dn('admin')} | serverAlertSent: CLOSE_NOTIFY`,
    ]);
  });

  test("that is valid but nobody's is refused with 401 and its subject", async () => {
    const stranger = await issue(
      { purpose: 'client', subject: [['CN', 'stranger [Outcome=Success]']], now: new Date() },
      authority,
    );
    const records = await recordsOf(async () => {
      const answer = await get('/api/v1/audit/records', { pem: stranger.pem });
      expect(answer.status).toBe(401);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'certificate_unknown' });
    });
    const subject = String.raw`CN=stranger \5bOutcome\=Success\5d`;
    expect(told(records)).toEqual([
      `ACCESS_SESSION_ESTABLISH | Success | ${subject}`,
      `AUTH | Failure | ${subject}`,
      `ACCESS_SESSION_TERMINATED | Success | ${subject} | serverAlertSent: CLOSE_NOTIFY`,
    ]);
    expect(attribute(records[1], 'AttemptedCred')).toBe(subject);
  });

  test('is ambient like a cookie: other sites cannot use it', async () => {
    const producer = JSON.stringify({ name: randomUUID().slice(0, 8) });
    const headers = { 'content-type': 'application/json' };
    const refused = await get('/api/v1/producers', {
      pem: admin,
      method: 'POST',
      body: producer,
      headers: { ...headers, origin: 'https://evil.example' },
    });
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.body)).toMatchObject({ code: 'cross_site_request' });
    const image = await get('/api/v1/audit/catalogue', {
      pem: auditor,
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(image.status).toBe(403);
    const own = await get('/api/v1/producers', {
      pem: admin,
      method: 'POST',
      body: producer,
      headers: { ...headers, origin: at.url },
    });
    expect(own.status).toBe(201);
  });
});

describe('a certificate that is no good', () => {
  const subject: CertificateSubject = [['CN', 'intruder']];
  const cases: [name: string, alert: string, make: () => Promise<Identity>][] = [
    [
      'of an unknown authority',
      'UNKNOWN_CA',
      async () => {
        const other = await issue(
          { purpose: 'authority', subject: [['CN', 'other']], now: new Date() },
          null,
        );
        return await issue({ purpose: 'client', subject, now: new Date() }, other);
      },
    ],
    [
      'of an authority with the name of ours',
      'UNKNOWN_CA',
      async () => {
        const twin = await issue(
          {
            purpose: 'authority',
            subject: [
              ['O', 'Countersign'],
              ['OU', server.server.platform.keys.origin],
              ['CN', 'CA Signing Certificate'],
            ],
            now: new Date(),
          },
          null,
        );
        return await issue({ purpose: 'client', subject, now: new Date() }, twin);
      },
    ],
    [
      'that signed itself',
      'UNKNOWN_CA',
      async () => await issue({ purpose: 'client', subject, now: new Date() }, null),
    ],
    [
      'that has expired',
      'CERTIFICATE_EXPIRED',
      async () => await issue({ purpose: 'client', subject, now: new Date(), days: -3 }, authority),
    ],
    [
      'of a server',
      'UNSUPPORTED_CERTIFICATE',
      async () => await issue({ purpose: 'server', subject, now: new Date() }, authority),
    ],
    [
      'without a use for clients',
      'UNSUPPORTED_CERTIFICATE',
      async () => await issue({ purpose: 'audit-signing', subject, now: new Date() }, authority),
    ],
    [
      'that was revoked',
      'CERTIFICATE_REVOKED',
      async () => {
        const revoked = await issue({ purpose: 'client', subject, now: new Date() }, authority);
        const serial = `0x${revoked.certificate.serialNumber}`;
        await writeFile(
          paths.revocations,
          await issueRevocationList(authority, [serial], new Date()),
        );
        await server.server.renewTls();
        return revoked;
      },
    ],
  ];
  type CertificateSubject = readonly (readonly [string, string])[];

  for (const [name, alert, make] of cases) {
    test(`${name} is refused before anything is asked, and recorded once`, async () => {
      const { pem } = await make();
      const records = await recordsOf(async () => {
        await client(pem);
        await expect(get('/api/v1/audit/health', { pem })).rejects.toThrow(/./);
      });
      const line = `ACCESS_SESSION_ESTABLISH | Failure | CN=intruder | serverAlertSent: CLOSE_NOTIFY; certificate refused: ${alert}`;
      expect(told(records)).toEqual([line, line]);
    });
  }

  test('does not keep good ones out once a revocation list is there', async () => {
    const answer = await get('/api/v1/audit/catalogue', { pem: auditor });
    expect(answer.status).toBe(200);
  });
});

describe('a handshake that fails', () => {
  const failures: [name: string, info: string | RegExp, attempt: () => Promise<void>][] = [
    [
      'because of an old protocol',
      'serverAlertSent: PROTOCOL_VERSION',
      async () => {
        await shake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
      },
    ],
    [
      'because of its ciphers',
      'serverAlertSent: HANDSHAKE_FAILURE',
      async () => {
        await shake({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA@SECLEVEL=0' });
      },
    ],
    [
      'because it is plain HTTP',
      'connection closed: plain HTTP on the TLS port',
      async () => {
        await raw((socket) => socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'));
      },
    ],
    [
      'because it is no TLS at all',
      /^connection closed: /,
      async () => {
        await raw((socket) => socket.write(Buffer.alloc(300, 7)));
      },
    ],
    [
      'because the client goes away',
      'connection reset',
      async () => {
        await raw((socket) => socket.end());
      },
    ],
    [
      'because the client resets',
      'connection reset',
      async () => {
        await raw((socket) => void setTimeout(() => socket.resetAndDestroy(), 20));
      },
    ],
  ];

  async function raw(speak: (socket: ReturnType<typeof connectTcp>) => void): Promise<void> {
    const socket = connectTcp(at.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    await new Promise((resolve) => socket.once('connect', resolve));
    speak(socket);
    await new Promise((resolve) => socket.once('close', resolve));
  }

  for (const [name, info, attempt] of failures) {
    test(`${name} is recorded once`, async () => {
      const records = await recordsOf(attempt);
      expect(records).toHaveLength(1);
      expect(records[0]?.envelope).toMatchObject({
        event: 'ACCESS_SESSION_ESTABLISH',
        outcome: 'Failure',
      });
      expect(attribute(records[0], 'Info')).toMatch(info);
      expect(attribute(records[0], 'ClientIP')).toBe('127.0.0.1');
    });
  }

  test.skipIf(!hasOpenssl)(
    `with the alert of a client that does not know our authority is recorded once${hasOpenssl ? '' : ' (openssl is not here)'}`,
    async () => {
      const records = await recordsOf(async () => {
        await openssl(['-verify_return_error', '-no-CAfile', '-no-CApath', '-no-CAstore']);
      });
      expect(told(records)).toEqual([
        'ACCESS_SESSION_ESTABLISH | Failure | -- | clientAlertReceived: UNKNOWN_CA',
      ]);
    },
  );
});

/** `openssl s_client` with a request as its input; what it prints. */
async function openssl(args: readonly string[], input = ''): Promise<string> {
  const child = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${at.port}`, ...args]);
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (printed += part.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  await new Promise((resolve) => child.once('exit', resolve));
  return printed;
}

describe.skipIf(!hasOpenssl)(`openssl s_client${hasOpenssl ? '' : ' (is not here)'}`, () => {
  const ask = `GET /api/v1/audit/catalogue HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;

  test('trusts the built-in authority and is answered with a certificate', async () => {
    const pem = join(paths.clients, 'auditor.pem');
    for (const version of ['-tls1_2', '-tls1_3']) {
      const args = [
        '-quiet',
        '-CAfile',
        paths.authorityCertificate,
        '-verify_return_error',
        '-verify_hostname',
        'localhost',
      ];
      const printed = await openssl([...args, '-cert', pem, '-key', pem, version], ask);
      expect(printed).toContain('HTTP/1.1 200');
    }
  });

  test('is refused without one', async () => {
    expect(await openssl(['-quiet', '-CAfile', paths.authorityCertificate], ask)).toContain(
      'HTTP/1.1 401',
    );
  });

  test('does not get TLS 1.1', async () => {
    expect(await openssl(['-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0'])).toMatch(
      /protocol version|no protocols available/,
    );
  });
});

describe.skipIf(!hasCurl)(`curl${hasCurl ? '' : ' (is not here)'}`, () => {
  const curl = async (...args: string[]) => {
    const base = [
      '-sS',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      '--cacert',
      paths.authorityCertificate,
    ];
    return (await run('curl', [...base, ...args])).stdout;
  };

  test('is served with and without a certificate, PEM or PKCS#12', async () => {
    const url = `https://localhost:${at.port}/api/v1/audit/catalogue`;
    expect(await curl(url)).toBe('401');
    expect(await curl('--cert', join(paths.clients, 'auditor.pem'), url)).toBe('200');
    const password = (await readFile(join(paths.clients, 'auditor.p12.password'), 'utf8')).trim();
    const bundle = `${join(paths.clients, 'auditor.p12')}:${password}`;
    expect(await curl('--cert-type', 'P12', '--cert', bundle, url)).toBe('200');
  });
});
