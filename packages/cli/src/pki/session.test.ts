import { createServer, type Server } from 'node:https';
import { createServer as createPlainServer, type AddressInfo } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { createCertificate } from '@countersign/testing';
import { afterEach, describe, expect, test } from 'vitest';
import type { Peer } from './connection.ts';
import { withSession, type PkiSession } from './session.ts';

const server = createCertificate('localhost', 'ec-p256');
const client = createCertificate('jdoe', 'ec-p256');
const key = client.privateKey.export({ type: 'pkcs8', format: 'pem' });

type Handler = (request: IncomingMessage, answer: ServerResponse) => void;

interface Seen {
  readonly line: string;
  readonly cookie: string | undefined;
  readonly subject: string;
  readonly body: string;
  /** Number of its TLS session. */
  readonly connection: number;
}

let running: Server | undefined;
afterEach(() => new Promise<void>((done) => (running ? running.close(() => done()) : done())));

/** A server that signs everybody in and tells what it saw; `handle` answers everything but login and logout. */
async function serve(
  handle: Handler,
  overrides: Readonly<Record<string, Handler>> = {},
  { privateKey, pem } = server,
) {
  const seen: Seen[] = [];
  const ends: string[] = [];
  const connections = new Map<TLSSocket, number>();
  const https = createServer(
    {
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      cert: pem,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, answer) => {
      void (async () => {
        let body = '';
        for await (const part of request) body += String(part);
        const socket = request.socket as TLSSocket;
        seen.push({
          line: `${request.method} ${request.url}`,
          cookie: request.headers.cookie,
          subject: String(socket.getPeerX509Certificate()?.subject),
          body,
          connection: connections.get(socket) ?? -1,
        });
        const path = request.url ?? '';
        const standard: Record<string, Handler> = {
          '/ca/v2/account/login': (_, to) =>
            to.setHeader('set-cookie', '__Host-session=s1; Secure; Path=/').end('{}'),
          '/ca/v2/account/logout': (_, to) => to.writeHead(204).end(),
        };
        (overrides[path] ?? standard[path] ?? handle)(request, answer);
      })();
    },
  );
  https.on('secureConnection', (socket: TLSSocket) => {
    connections.set(socket, connections.size);
    socket.prependListener('end', () =>
      ends.push(socket.writableEnded ? 'by server' : 'by client'),
    );
  });
  await new Promise<void>((resolve) => https.listen(0, 'localhost', resolve));
  running = https;
  const { port } = https.address() as AddressInfo;
  return { url: `https://localhost:${port}`, seen, ends };
}

function peerAt(url: string, changes: Partial<Peer> = {}): Peer {
  const identity = key + client.pem;
  return { url, identity, nickname: 'jdoe', authorities: server.pem, ...changes };
}

/** Runs `work` and returns its result or error with what was said. */
async function run<T>(peer: Peer, work: (session: PkiSession) => Promise<T>, verbose = false) {
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const result = await withSession(peer, { verbose, say }, work).catch((error: unknown) => error);
  return { result, said };
}

const ok: Handler = (_, answer) => answer.end('{"total":1}');
const ask = (session: PkiSession) => session.json('GET', '/ca/v2/admin/users');

describe('a command', () => {
  test('signs in, works and signs out, each over a TLS session of its own that the client ends', async () => {
    const { url, seen, ends } = await serve(ok);
    const { result, said } = await run(peerAt(url), (session) =>
      session.json('POST', '/api/v1/x', { body: { a: 'ä' }, query: { b: 1, c: undefined } }),
    );
    expect(result).toEqual({ total: 1 });
    expect(said).toEqual([]);
    expect(seen).toEqual(
      [
        { line: 'GET /ca/v2/account/login', cookie: undefined, body: '' },
        { line: 'POST /api/v1/x?b=1', cookie: '__Host-session=s1', body: '{"a":"ä"}' },
        { line: 'GET /ca/v2/account/logout', cookie: '__Host-session=s1', body: '' },
      ].map((each, connection) => ({ ...each, subject: 'CN=jdoe', connection })),
    );
    expect(ends).toEqual(['by client', 'by client', 'by client']);
  });

  test('says what it sends when asked to, never the cookie', async () => {
    const { url } = await serve(ok);
    const { said } = await run(peerAt(url), ask, true);
    expect(said).toEqual([
      `GET ${url}/ca/v2/account/login`,
      'answered 200 OK',
      `GET ${url}/ca/v2/admin/users`,
      'answered 200 OK',
      `GET ${url}/ca/v2/account/logout`,
      'answered 204 No Content',
    ]);
  });

  test('signs out after a refusal, and tells the right, the record and the roles', async () => {
    const problem = {
      code: 'access_denied',
      detail:
        'GET /ca/v2/audit/files needs the right "read" on certServer.log.content.signedAudit; the attempt was recorded',
      recordIndex: 43,
      roles: ['Administrator'],
    };
    const { url, seen } = await serve((_, answer) =>
      answer.writeHead(403).end(JSON.stringify(problem)),
    );
    const { result } = await run(peerAt(url), (session) =>
      session.json('GET', '/ca/v2/audit/files'),
    );
    expect(result).toMatchObject({
      code: 'server_refused',
      exitCode: 1,
      message:
        'access denied: GET /ca/v2/audit/files needs the right "read" on certServer.log.content.signedAudit; the attempt was recorded as record 43; your roles: Administrator',
      details: { status: 403, problem },
    });
    expect(seen.at(-1)?.line).toBe('GET /ca/v2/account/logout');
  });

  test('tells any other refusal with its code', async () => {
    const { url } = await serve((_, answer) =>
      answer.writeHead(409).end('{"code":"own_role","detail":"nobody takes his own role"}'),
    );
    const { result } = await run(peerAt(url), ask);
    expect(result).toMatchObject({
      code: 'server_refused',
      message: `${url}/ca/v2/admin/users: answered 409 own_role: nobody takes his own role`,
    });
  });

  test('warns when it could not sign out, and has done its work all the same', async () => {
    const { url } = await serve(ok, {
      '/ca/v2/account/logout': (_, answer) => answer.writeHead(503).end(),
    });
    const { result, said } = await run(peerAt(url), ask);
    expect(result).toEqual({ total: 1 });
    expect(said).toEqual([
      `warning: the session was not ended: ${url}/ca/v2/account/logout: answered 503: Service Unavailable`,
    ]);
  });
});

describe('signing in', () => {
  test('that is refused is told with the certificate that was shown', async () => {
    const { url, seen } = await serve(ok, {
      '/ca/v2/account/login': (_, answer) =>
        answer.writeHead(401).end('{"code":"certificate_unknown","detail":"not enrolled"}'),
    });
    const { result } = await run(peerAt(url), ask);
    expect(result).toMatchObject({
      code: 'sign_in_failed',
      message: `-n "jdoe" could not sign in at ${url}: answered 401 certificate_unknown: not enrolled`,
    });
    expect(seen).toHaveLength(1);
  });

  test('needs a cookie', async () => {
    const { url } = await serve(ok, { '/ca/v2/account/login': (_, answer) => answer.end('{}') });
    expect((await run(peerAt(url), ask)).result).toMatchObject({
      code: 'server_malformed',
      message: `${url}/ca/v2/account/login: expected a session cookie, got none`,
    });
  });

  test('at a server that hangs up says that the certificate is refused', async () => {
    const { url } = await serve(ok, {
      '/ca/v2/account/login': (request) => request.socket.end(),
    });
    const { result } = await run(peerAt(url), ask);
    expect(result).toMatchObject({
      code: 'certificate_refused',
      message: `-U "${url}": the server ended the connection without an answer: it does not take the certificate of "jdoe" (expired, revoked, or of another authority)`,
    });
  });
});

describe('the server is verified', () => {
  test('by the authorities of the store', async () => {
    const { url, seen } = await serve(ok);
    const stranger = createCertificate('localhost', 'ec-p256');
    const { result } = await run(peerAt(url, { authorities: stranger.pem }), ask);
    expect(result).toMatchObject({ code: 'server_untrusted' });
    expect(String(result)).toContain('no authority of the store (or --ca) vouches for it as it is');
    expect(seen).toEqual([]);
  });

  test('by those of the system where the store has none', async () => {
    const { url } = await serve(ok);
    const { result } = await run(peerAt(url, { authorities: null }), ask);
    expect(result).toMatchObject({ code: 'server_untrusted' });
    expect(String(result)).toContain('--ca names one');
  });

  test('by its name', async () => {
    const other = createCertificate('other.example', 'ec-p256');
    const { url, seen } = await serve(ok, {}, other);
    const { result } = await run(peerAt(url, { authorities: other.pem }), ask);
    expect(result).toMatchObject({
      code: 'server_untrusted',
      message: `-U "${url}": the server's certificate is not for "localhost"; use a name that is in it`,
    });
    expect(seen).toEqual([]);
  });
});

describe('what stands in the way is named', () => {
  test('nothing listens', async () => {
    const { result } = await run(peerAt('https://localhost:1'), ask);
    expect(result).toMatchObject({ code: 'server_unreachable' });
    expect(String(result)).toContain('-U "https://localhost:1" cannot be reached: ');
    expect(String(result)).toContain('ECONNREFUSED');
  });

  test('something listens that does not speak TLS', async () => {
    const plain = createPlainServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => plain.listen(0, 'localhost', resolve));
    const url = `https://localhost:${(plain.address() as AddressInfo).port}`;
    const { result } = await run(peerAt(url), ask);
    plain.close();
    expect(result).toMatchObject({
      code: 'server_unreachable',
      message: `-U "${url}": what listens there does not speak TLS`,
    });
  });

  test('the answer is not JSON, or ends too early', async () => {
    const { url } = await serve((request, answer) => {
      if (request.url === '/short') {
        answer.writeHead(200, { 'content-length': '100' }).write('{');
        answer.socket?.destroySoon();
      } else answer.end('<html>');
    });
    expect((await run(peerAt(url), ask)).result).toMatchObject({
      code: 'server_malformed',
      message: `${url}/ca/v2/admin/users: the answer is not JSON`,
    });
    const short = await run(peerAt(url), (session) => session.json('GET', '/short'));
    expect(short.result).toMatchObject({ code: 'server_unreachable' });
    expect(String(short.result)).toContain('the connection ended before the answer did');
  });
});
