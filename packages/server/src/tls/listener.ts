import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { createAdaptorServer } from '@hono/node-server';
import type { X509Certificate } from 'node:crypto';
import type { App } from '../app.ts';
import { normalizeAddress } from '../http/address.ts';
import { readNames } from '../pki/distinguished-name.ts';
import type { Connection } from '../recording/session-events.ts';
import { certificateAlert, describeTlsError } from './alerts.ts';
import type { TlsMaterial } from './material.ts';
import type { PeerCertificate, TlsSessions } from './tls-sessions.ts';

/** Extended key usage of TLS clients, RFC 5280 section 4.2.1.12. */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
/** A handshake must be done within so many milliseconds. */
const HANDSHAKE_MS = 10_000;
/** A client that was told that the connection ends has so many milliseconds to end its side. */
const LINGER_MS = 1_000;

/** The HTTPS listener before it listens. */
export interface TlsListener {
  readonly server: HttpsServer;
  /** Says goodbye on connections without a request under way; the others end with their answer. */
  closeIdle(): Promise<void>;
}

/**
 * Makes the HTTPS server. A client certificate is asked for and not required; one that is shown must be good: path,
 * validity, use for client authentication, revocation. Each handshake and each end is recorded.
 */
export async function createTlsListener(
  app: App['app'],
  material: TlsMaterial,
  sessions: TlsSessions,
): Promise<TlsListener> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    createServer,
    serverOptions: {
      ...(await material.load()),
      requestCert: true,
      // Node would close without a word; what is wrong is found and recorded here.
      rejectUnauthorized: false,
      handshakeTimeout: HANDSHAKE_MS,
      requestTimeout: 120_000,
      headersTimeout: 20_000,
      keepAliveTimeout: 10_000,
    },
  }) as HttpsServer;
  const requests = new Map<TLSSocket, number>();

  server.prependListener('connection', (raw: Socket) => {
    // An address is known while a connection is open: asked for once, the socket remembers it.
    void [raw.remoteAddress, raw.localAddress];
    sessions.connected(raw);
  });
  server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
    sessions.refuse({ ...addresses(socket), certificate: null }, describeTlsError(error), null);
    socket.destroy();
  });

  // Whose certificate is refused never reaches HTTP.
  const serve = server.listeners('secureConnection') as ((socket: TLSSocket) => void)[];
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket: TLSSocket) => {
    const peer = socket.getPeerX509Certificate();
    const certificate = peer === undefined ? null : describeCertificate(peer);
    const connection = { ...addresses(socket), certificate };
    const fault = peer === undefined ? null : findFault(socket, peer, certificate);
    if (fault !== null) {
      const alert = certificateAlert(fault);
      const info = `serverAlertSent: CLOSE_NOTIFY; certificate refused: ${alert}`;
      sessions.refuse(connection, info, `client certificate refused: ${fault}`);
      socket.on('error', () => undefined);
      void hangUp(socket);
      return;
    }
    const session = sessions.establish(socket, connection);
    followEnd(socket, (info) => {
      requests.delete(socket);
      sessions.terminate(session, connection, info);
    });
    requests.set(socket, 0);
    for (const listener of serve) listener.call(server, socket);
  });

  server.on('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    const tls = socket as TLSSocket;
    requests.set(tls, (requests.get(tls) ?? 0) + 1);
    answer.once('close', () => {
      if (requests.has(tls)) requests.set(tls, (requests.get(tls) ?? 1) - 1);
    });
  });
  // Without a listener Node drops an idle connection without close_notify.
  server.on('timeout', (socket: Socket) => void hangUp(socket));
  return {
    server,
    async closeIdle() {
      const idle = [...requests].filter(([, underWay]) => underWay === 0);
      await Promise.all(idle.map(async ([socket]) => await hangUp(socket)));
    },
  };
}

/** Why a certificate is no good as a client's, in OpenSSL's words, or null. */
function findFault(
  socket: TLSSocket,
  certificate: X509Certificate,
  described: PeerCertificate | null,
): string | null {
  if (!socket.authorized) return String(socket.authorizationError);
  if (described === null) return 'UNREADABLE';
  // OpenSSL takes a certificate without the extension for any use; here it must say so.
  return (certificate.keyUsage ?? []).includes(CLIENT_AUTH) ? null : 'INVALID_PURPOSE';
}

/** Null for a certificate that only OpenSSL can read: a stranger's must not stop the server. */
function describeCertificate(certificate: X509Certificate): PeerCertificate | null {
  try {
    return {
      ...readNames(certificate.raw),
      fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    };
  } catch {
    return null;
  }
}

/** Calls back once, when the socket is closed, with how that came. */
function followEnd(socket: TLSSocket, ended: (info: string) => void): void {
  let info: string | null = null;
  // First of all listeners: HTTP's own answers the client's end with one of ours.
  socket.prependListener('end', () => {
    if (!socket.writableEnded) info ??= 'clientAlertReceived: CLOSE_NOTIFY';
  });
  socket.on('finish', () => {
    info ??= 'serverAlertSent: CLOSE_NOTIFY';
  });
  socket.on('error', (error) => {
    info ??= describeTlsError(error);
  });
  socket.once('close', () => ended(info ?? 'connection reset'));
}

/** Sends close_notify and resolves when the connection is closed, by the client or after a while. */
async function hangUp(socket: Socket): Promise<void> {
  if (socket.closed) return;
  const force = setTimeout(() => socket.destroy(), LINGER_MS);
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.end();
    socket.resume();
  });
  clearTimeout(force);
}

/** The addresses of both ends; after a failure only the socket below TLS remembers them. */
function addresses(socket: TLSSocket): Omit<Connection, 'certificate'> {
  const below: unknown = Reflect.get(socket, '_parent');
  const known = (side: 'remoteAddress' | 'localAddress'): string => {
    const own = socket[side];
    if (own !== undefined) return normalizeAddress(own);
    const other: unknown =
      typeof below === 'object' && below !== null ? Reflect.get(below, side) : undefined;
    return typeof other === 'string' ? normalizeAddress(other) : '--';
  };
  return { clientAddress: known('remoteAddress'), serverAddress: known('localAddress') };
}
