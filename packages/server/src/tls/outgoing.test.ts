import { createServer as createPlainServer } from 'node:http';
import { createServer, type Server as HttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLoggers } from '../logger.ts';
import { ServerError } from '../errors.ts';
import { issue, type Identity } from '../pki/issue.ts';
import type { OwnDraft } from '../recording/draft.ts';
import { completeDraft } from '../recording/draft.ts';
import { createOutgoingFetch, type OutgoingFetch } from './outgoing.ts';
import { OutgoingSessions } from './outgoing-sessions.ts';

let authority: Identity;
let stranger: Identity;
let identity: Identity;
const servers: Server[] = [];

beforeAll(async () => {
  const now = new Date();
  const make = async (name: string) =>
    await issue({ purpose: 'authority', subject: [['CN', name]], now }, null);
  authority = await make('Test CA');
  stranger = await make('Strange CA');
  identity = await issue(
    {
      purpose: 'server',
      subject: [
        ['O', 'Test'],
        ['CN', 'localhost'],
      ],
      names: ['localhost', '127.0.0.1'],
      now,
    },
    authority,
  );
});

afterAll(async () => {
  for (const server of servers) {
    if ('closeAllConnections' in server) (server as HttpsServer).closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** An https server that answers with what it was sent. */
async function startEcho(as: Identity = identity): Promise<number> {
  const server = createServer({ key: as.pem, cert: as.pem }, (request, answer) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.url === '/moved') {
        answer.writeHead(302, { location: 'https://elsewhere.invalid/' }).end();
      } else if (request.url === '/long') {
        answer.end(Buffer.alloc(5_000));
      } else if (request.url !== '/silent') {
        answer.setHeader('content-type', 'text/plain');
        const { method, headers } = request;
        const body = Buffer.concat(parts).toString();
        answer.end(
          `${method} ${headers['content-type'] ?? '-'} ${String(headers['x-test'] ?? '-')} ${body}`,
        );
      }
    });
  });
  return await listen(server);
}

/** Sessions over a log that can be switched off, with what it has taken. */
function make(options: { ca?: string | null; timeoutMs?: number; maxBytes?: number } = {}) {
  const taken: OwnDraft[] = [];
  const log = { works: true };
  const record = async (draft: OwnDraft): Promise<number> => {
    if (!log.works) throw new ServerError('log_unavailable', 'the disk is full');
    completeDraft(draft, new Date()); // throws when the catalogue does not have it so
    return taken.push(draft);
  };
  const sessions = new OutgoingSessions({ record }, silentLoggers('server:outgoing'));
  const fetch: OutgoingFetch = createOutgoingFetch(sessions, {
    purpose: 'test server',
    ca: authority.certificate.toString(),
    ...options,
  });
  /** Everything recorded, the ends of sessions included. */
  const told = async (): Promise<string[]> => {
    await sessions.close();
    return taken.map(({ event, outcome, content }) => {
      const info = content.attributes?.find(([name]) => name === 'Info')?.[1];
      const short = event.replace('CLIENT_ACCESS_SESSION_', '');
      return [short, outcome, ...(info === undefined ? [] : [info])].join(' | ');
    });
  };
  return { fetch, sessions, taken, told, log };
}

/** Either end may say goodbye first. */
const GOODBYE = /^TERMINATED \| Success \| clientAlert(Sent|Received): CLOSE_NOTIFY$/;

describe('a request to another server', () => {
  test('is answered, and its session begins and ends in the log with all that is known', async () => {
    const port = await startEcho();
    const { fetch, taken, told } = make();
    const answer = await fetch(`https://localhost:${port}/`, {
      method: 'POST',
      headers: { 'x-test': 'yes' },
      body: new URLSearchParams({ a: 'b c' }),
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(await answer.text()).toBe(
      'POST application/x-www-form-urlencoded;charset=UTF-8 yes a=b+c',
    );
    expect(await told()).toEqual(['ESTABLISH | Success', expect.stringMatching(GOODBYE)]);
    const certificate = identity.certificate;
    expect(taken[0]?.content.attributes).toEqual([
      ['ClientHost', '127.0.0.1'],
      ['ServerHost', 'localhost'],
      ['ServerPort', String(port)],
      ['SubjectID', 'SYSTEM'],
      ['CertSerialNum', BigInt(`0x${certificate.serialNumber}`).toString()],
      ['IssuerDN', 'CN=Test CA'],
      ['Outcome', 'Success'],
    ]);
    expect(taken[1]?.content.attributes?.map(([name]) => name)).toEqual([
      'ClientHost',
      'ServerHost',
      'ServerPort',
      'SubjectID',
      'CertSerialNum',
      'IssuerDN',
      'Outcome',
      'Info',
    ]);
    expect(taken[0]?.content.target).toEqual({ type: 'test server', id: `localhost:${port}` });
  });

  test('follows no redirect', async () => {
    const port = await startEcho();
    const { fetch, told } = make();
    const answer = await fetch(`https://localhost:${port}/moved`);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('https://elsewhere.invalid/');
    expect(await told()).toHaveLength(2);
  });

  test('has its own connection, recorded by itself', async () => {
    const port = await startEcho();
    const { fetch, told } = make();
    await fetch(`https://localhost:${port}/`);
    await fetch(`https://127.0.0.1:${port}/`);
    const records = await told();
    expect(records.filter((line) => line === 'ESTABLISH | Success')).toHaveLength(2);
    expect(records.filter((line) => GOODBYE.test(line))).toHaveLength(2);
  });

  test('ends when the answer is longer than wanted', async () => {
    const port = await startEcho();
    const { fetch, told } = make({ maxBytes: 4_999 });
    await expect(fetch(`https://localhost:${port}/long`)).rejects.toMatchObject({
      code: 'answer_too_large',
      message: `localhost:${port}: expected at most 4999 bytes, got more`,
    });
    expect(await told()).toHaveLength(2);
  });

  test('ends when no answer comes', async () => {
    const port = await startEcho();
    const { fetch, told } = make({ timeoutMs: 300 });
    await expect(fetch(`https://localhost:${port}/silent`)).rejects.toMatchObject({
      code: 'timed_out',
      message: `localhost:${port} has not answered in time`,
    });
    expect(await told()).toEqual(['ESTABLISH | Success', 'TERMINATED | Success | send:timeout']);
  });

  test('ends when whoever asked gives up', async () => {
    const port = await startEcho();
    const { fetch, told } = make();
    const signal = AbortSignal.abort();
    await expect(fetch(`https://localhost:${port}/`, { signal })).rejects.toMatchObject({
      code: 'timed_out',
    });
    expect(await told()).toEqual(['ESTABLISH | Failure | connect:timeout']);
  });

  test('goes nowhere while the log takes no records', async () => {
    const port = await startEcho();
    const { fetch, sessions, taken, log } = make();
    log.works = false;
    await expect(fetch(`https://localhost:${port}/`)).rejects.toMatchObject({
      code: 'log_unavailable',
    });
    await sessions.close();
    expect(taken).toEqual([]);
  });

  test('whose end the log could not take is recorded later', async () => {
    const port = await startEcho();
    const { fetch, sessions, taken, told, log } = make();
    const pending = fetch(`https://localhost:${port}/silent`);
    const failure = pending.then(
      () => null,
      (error: unknown) => error,
    );
    await expect.poll(() => taken.length).toBe(1);
    log.works = false;
    await sessions.close();
    expect(await failure).toMatchObject({ code: 'connection_failed' });
    log.works = true;
    await sessions.turn();
    expect(await told()).toEqual(['ESTABLISH | Success', expect.stringMatching(GOODBYE)]);
  });
});

describe('a connection that does not come about', () => {
  test('because the certificate is of another authority', async () => {
    const port = await startEcho();
    const { fetch, taken, told } = make({ ca: stranger.certificate.toString() });
    await expect(fetch(`https://localhost:${port}/`)).rejects.toMatchObject({
      code: 'certificate_refused',
      message: `the certificate of localhost:${port}: UNABLE_TO_VERIFY_LEAF_SIGNATURE`,
    });
    expect(await told()).toEqual([
      'ESTABLISH | Failure | clientAlertSent: CLOSE_NOTIFY; certificate refused: UNKNOWN_CA',
    ]);
    expect(taken[0]?.content.attributes).toContainEqual(['IssuerDN', 'CN=Test CA']);
    expect(taken[0]?.content.reason).toBe(
      'server certificate refused: UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    );
  });

  test('because it is of an authority that Node.js does not know', async () => {
    const port = await startEcho();
    const { fetch, told } = make({ ca: null });
    await expect(fetch(`https://localhost:${port}/`)).rejects.toMatchObject({
      code: 'certificate_refused',
    });
    expect(await told()).toHaveLength(1);
  });

  test('because the certificate is for another name', async () => {
    const now = new Date();
    const subject = [['CN', 'other.example']] as const;
    const names = ['other.example'];
    const other = await issue({ purpose: 'server', subject, names, now }, authority);
    const port = await startEcho(other);
    const { fetch, told } = make();
    await expect(fetch(`https://localhost:${port}/`)).rejects.toMatchObject({
      code: 'certificate_refused',
      message: `the certificate of localhost:${port}: ERR_TLS_CERT_ALTNAME_INVALID`,
    });
    expect(await told()).toEqual([
      'ESTABLISH | Failure | clientAlertSent: CLOSE_NOTIFY; certificate refused: CERTIFICATE_UNKNOWN',
    ]);
  });

  test('because nobody listens there', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    const { fetch, taken, told } = make();
    await expect(fetch(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'connection_failed',
      message: `no connection to 127.0.0.1:${port}: connection refused`,
    });
    expect(await told()).toEqual(['ESTABLISH | Failure | connect:connection refused']);
    expect(taken[0]?.content.attributes).toEqual([
      ['ClientHost', '--'],
      ['ServerHost', '127.0.0.1'],
      ['ServerPort', String(port)],
      ['SubjectID', 'SYSTEM'],
      ['Outcome', 'Failure'],
      ['Info', 'connect:connection refused'],
    ]);
  });

  test('because the other end resets it in the handshake', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.resetAndDestroy());
    });
    const port = await listen(server);
    const { fetch, told } = make();
    await expect(fetch(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'connection_failed',
      message: `no connection to 127.0.0.1:${port}: connection reset`,
    });
    expect(await told()).toEqual(['ESTABLISH | Failure | connect:connection reset']);
  });

  test('because both ends share no version of TLS', async () => {
    const { pem } = identity;
    const server = createServer({
      key: pem,
      cert: pem,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
    });
    const port = await listen(server);
    const { fetch, told } = make();
    await expect(fetch(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'connection_failed',
    });
    expect(await told()).toEqual(['ESTABLISH | Failure | clientAlertReceived: PROTOCOL_VERSION']);
  });

  test('because the other end wants a certificate of ours: the session ends with its alert', async () => {
    const { pem } = identity;
    const ca = authority.certificate.toString();
    const server = createServer({
      key: pem,
      cert: pem,
      ca,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const port = await listen(server);
    const { fetch, told } = make();
    await expect(fetch(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'connection_failed',
    });
    const [established, ended] = await told();
    expect(established).toBe('ESTABLISH | Success');
    expect(ended).toMatch(/^TERMINATED \| Success \| /);
  });

  test('for the other end closes it before it answers', async () => {
    const { pem } = identity;
    const server = createServer({ key: pem, cert: pem });
    server.removeAllListeners('secureConnection');
    server.on('secureConnection', (socket) => socket.resume().end());
    const port = await listen(server);
    const { fetch, told } = make();
    await expect(fetch(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'connection_failed',
      message: `the connection to 127.0.0.1:${port} broke: ECONNRESET`,
    });
    expect(await told()).toEqual(['ESTABLISH | Success', expect.stringMatching(GOODBYE)]);
  });
});

describe('plain http', () => {
  test('goes to this machine, and has no session to record', async () => {
    const port = await listen(createPlainServer((_, answer) => void answer.end('here')));
    const { fetch, told } = make();
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('here');
    expect(await told()).toEqual([]);
  });

  test('goes nowhere else, nor does anything that is no http', async () => {
    const { fetch, told } = make();
    for (const address of ['http://192.0.2.1/', 'http://example.com/', 'ftp://127.0.0.1/']) {
      await expect(fetch(address)).rejects.toMatchObject({
        code: 'address_refused',
        message: expect.stringMatching(
          /^expected an https address \(or http on this machine\), got /,
        ),
      });
    }
    expect(await told()).toEqual([]);
  });
});
