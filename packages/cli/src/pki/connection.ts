import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { CliError, messageOf, systemCode } from '../errors.ts';

/** A handshake must be done within so many milliseconds. */
const CONNECT_MS = 15_000;
/** So long an answer may keep us waiting without a byte. */
const SILENCE_MS = 120_000;

/** Where requests go and who sends them. */
export interface Peer {
  /** https, without a slash at its end. */
  readonly url: string;
  /** Key and certificate as PEM. */
  readonly identity: string;
  /** Whose certificate it is, for messages. */
  readonly nickname: string;
  /** Authorities to trust the server by, as PEM; null: those of the system. */
  readonly authorities: string | null;
}

export interface HttpRequest {
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * One request over a TLS connection of its own, as Dogtag's `pki` makes them: the handshake shows the client certificate
 * and verifies the server's, its host name included; after the answer we say goodbye (close_notify) and wait for the end,
 * so that the server has recorded it before anything else happens.
 *
 * @throws CliError `server_unreachable`, `server_untrusted`, `certificate_refused`
 */
export async function exchange(peer: Peer, request: HttpRequest): Promise<HttpAnswer> {
  const socket = await shakeHands(peer);
  try {
    return await send(peer, socket, request);
  } finally {
    await sayGoodbye(socket);
  }
}

async function shakeHands(peer: Peer): Promise<TLSSocket> {
  const { hostname, port } = new URL(peer.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({
    host,
    port: port === '' ? 443 : Number(port),
    ...(isIP(host) === 0 && { servername: host }),
    cert: peer.identity,
    key: peer.identity,
    minVersion: 'TLSv1.2',
    ...(peer.authorities !== null && { ca: peer.authorities }),
  });
  const timer = setTimeout(
    () => socket.destroy(new Error(`no TLS session within ${CONNECT_MS / 1000} s`)),
    CONNECT_MS,
  );
  try {
    await once(socket, 'secureConnect');
  } catch (error) {
    throw explainHandshake(peer, host, error);
  } finally {
    clearTimeout(timer);
  }
  return socket;
}

async function send(peer: Peer, socket: TLSSocket, request: HttpRequest): Promise<HttpAnswer> {
  const { method, path, headers, body } = request;
  const sent = httpRequest({
    createConnection: () => socket,
    method,
    path,
    headers: {
      host: new URL(peer.url).host,
      // The client ends the connection, after the answer.
      connection: 'keep-alive',
      ...headers,
      ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
    },
  });
  sent.setTimeout(SILENCE_MS, () =>
    sent.destroy(new Error(`no answer within ${SILENCE_MS / 1000} s`)),
  );
  sent.end(body);
  let answered = false;
  try {
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answered = true;
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    return {
      status: answer.statusCode ?? 0,
      statusText: answer.statusMessage ?? '',
      headers: answer.headers,
      body: Buffer.concat(parts),
    };
  } catch (error) {
    throw explainSilence(peer, error, answered);
  }
}

/** Sends close_notify and resolves when the connection is closed on both sides. */
async function sayGoodbye(socket: TLSSocket): Promise<void> {
  if (socket.closed) return;
  const force = setTimeout(() => socket.destroy(), 2_000);
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.end();
    socket.resume();
  });
  clearTimeout(force);
}

/** Verification results of OpenSSL that end a handshake from our side, beside those that begin with CERT_. */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
]);

function explainHandshake(peer: Peer, host: string, error: unknown): CliError {
  const code = systemCode(error) ?? '';
  const details = { url: peer.url, ...(code !== '' && { reason: code }) };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new CliError(
      'server_untrusted',
      `-U "${peer.url}": the server's certificate is not for "${host}"; use a name that is in it`,
      { cause: error, details },
    );
  }
  if (code.startsWith('CERT_') || UNTRUSTED.has(code)) {
    const by =
      peer.authorities === null
        ? 'the store knows no authority and those of the system did not issue it; --ca names one'
        : 'no authority of the store (or --ca) vouches for it as it is';
    return new CliError(
      'server_untrusted',
      `-U "${peer.url}": the server's certificate cannot be trusted (${messageOf(error)}): ${by}`,
      { cause: error, details },
    );
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return new CliError(
      'server_unreachable',
      `-U "${peer.url}": what listens there does not speak TLS`,
      { cause: error, details },
    );
  }
  if (code.includes('ALERT')) {
    return new CliError(
      'certificate_refused',
      `-U "${peer.url}": the server ended the handshake: ${messageOf(error)}`,
      { cause: error, details },
    );
  }
  return new CliError(
    'server_unreachable',
    `-U "${peer.url}" cannot be reached: ${reason(error)}`,
    { cause: error, details },
  );
}

/** An end without an answer: that is how a server refuses a client certificate once TLS 1.3 is established. */
function explainSilence(peer: Peer, error: unknown, answered: boolean): CliError {
  const code = systemCode(error) ?? '';
  const ended = code === 'ECONNRESET' || code === 'EPIPE' || code.includes('ALERT');
  const details = { url: peer.url, nickname: peer.nickname };
  if (!answered && ended) {
    return new CliError(
      'certificate_refused',
      `-U "${peer.url}": the server ended the connection without an answer: it does not take the certificate of "${peer.nickname}" (expired, revoked, or of another authority)`,
      { cause: error, details },
    );
  }
  return new CliError(
    'server_unreachable',
    `-U "${peer.url}": the connection ended before the answer did: ${messageOf(error)}`,
    { cause: error, details },
  );
}

/** Several addresses of one name fail together, in an error without a message of its own. */
function reason(error: unknown): string {
  if (error instanceof AggregateError)
    return [...new Set(error.errors.map((each) => messageOf(each)))].join(', ');
  return messageOf(error);
}
