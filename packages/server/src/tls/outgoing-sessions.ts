import { isIP, type LookupFunction, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { normalizeAddress } from '../http/address.ts';
import type { Logger } from '../logger.ts';
import { readNames, type CertificateNames } from '../pki/distinguished-name.ts';
import type { Recorder } from '../recording/recorder.ts';
import {
  outgoingEstablished,
  outgoingFailed,
  outgoingTerminated,
  type OutgoingConnection,
} from '../recording/session-events.ts';
import { certificateAlert, describeOutgoingError } from './alerts.ts';
import { LateRecords } from './late-records.ts';
import { OutgoingError } from './outgoing-error.ts';

/** Where to connect to. */
export interface OutgoingTarget {
  readonly host: string;
  readonly port: number;
  /** What the other end is to us, for the record: `identity provider`. */
  readonly purpose: string;
  /** PEM: the authorities whose certificates are believed; null: those that Node.js knows. */
  readonly ca: string | null;
  readonly signal?: AbortSignal;
  /** A connection that is there already and is to be secured (STARTTLS). */
  readonly over?: Socket;
  /** Whoever is at the other end will do (opportunistic security, RFC 7435). */
  readonly anybody?: boolean;
  /** How a name becomes an address. */
  readonly lookup?: LookupFunction;
}

/** Connecting and the handshake must be done within so many milliseconds. */
const CONNECT_MS = 10_000;
/** Another end that was told that the connection ends has so many milliseconds to end its side. */
const LINGER_MS = 1_000;

/**
 * The TLS sessions that the server opens itself and their records: one CLIENT_ACCESS_SESSION_ESTABLISH for each
 * attempt, one CLIENT_ACCESS_SESSION_TERMINATED for each that succeeded.
 */
export class OutgoingSessions {
  readonly #recorder: Pick<Recorder, 'record'>;
  readonly #records: LateRecords;
  readonly #open = new Set<TLSSocket>();

  constructor(recorder: Pick<Recorder, 'record'>, logger: Logger) {
    this.#recorder = recorder;
    this.#records = new LateRecords(recorder, logger);
  }

  /**
   * Opens a TLS session. It is handed out when the other end's certificate was found good and the session's beginning
   * is in the log. Throws {@link OutgoingError} (recorded), or `log_unavailable`, with the connection closed.
   */
  async connect(target: OutgoingTarget): Promise<TLSSocket> {
    const { host, port, purpose, ca, signal, over, anybody = false, lookup } = target;
    const where = `${host}:${port}`;
    const socket = connect({
      host,
      port,
      ...(over === undefined ? {} : { socket: over }),
      ...(lookup === undefined ? {} : { lookup }),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === null ? {} : { ca }),
      minVersion: 'TLSv1.2',
      // A refused certificate would leave nothing to record; it is refused below, before anything is sent.
      rejectUnauthorized: false,
    });
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    // The address is known while the connection is open; a reset takes it away.
    let clientHost = normalizeAddress(over?.localAddress ?? '--');
    socket.once('connect', () => (clientHost = normalizeAddress(socket.localAddress ?? '--')));
    const connection = (certificate: CertificateNames | null): OutgoingConnection => ({
      clientHost,
      serverHost: host,
      serverPort: port,
      purpose,
      certificate,
    });

    try {
      await handshake(socket, where, signal);
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      const info = describeOutgoingError(failure, 'connect');
      await this.#recorder.record(outgoingFailed(connection(null), info, null));
      if (failure instanceof OutgoingError) throw failure;
      const what = info.replace(/^connect:/, '');
      throw new OutgoingError('connection_failed', `no connection to ${where}: ${what}`, error);
    }
    const certificate = certificateOf(socket);
    const established = connection(certificate);
    if (!anybody && (!socket.authorized || certificate === null)) {
      const why = socket.authorized ? 'UNREADABLE' : String(socket.authorizationError);
      const info = `clientAlertSent: CLOSE_NOTIFY; certificate refused: ${certificateAlert(why)}`;
      void hangUp(socket);
      await this.#recorder.record(outgoingFailed(established, info, certificateReason(why)));
      throw new OutgoingError('certificate_refused', `the certificate of ${where}: ${why}`);
    }
    const ending = followEnd(socket);
    try {
      const unverified = anybody && !socket.authorized ? String(socket.authorizationError) : null;
      await this.#recorder.record(outgoingEstablished(established, unverified));
    } catch (error) {
      void hangUp(socket);
      throw error;
    }
    const ended = ending.then(async (info) => {
      const draft = outgoingTerminated(established, info);
      this.#records.follow(this.#recorder.record(draft), draft);
    });
    this.#records.follow(ended, null);
    return socket;
  }

  /** Tries again to record what the log could not take. */
  async turn(): Promise<void> {
    await this.#records.retry();
  }

  /** Ends every session, and resolves when its end is recorded. */
  async close(): Promise<void> {
    await Promise.all([...this.#open].map(async (socket) => await hangUp(socket)));
    await this.#records.idle();
  }
}

/** Resolves when the handshake is done; a failure, or the end of patience, destroys the socket. */
async function handshake(socket: TLSSocket, where: string, signal?: AbortSignal): Promise<void> {
  const giveUp = () =>
    socket.destroy(new OutgoingError('timed_out', `no connection to ${where} in time`));
  const impatience = setTimeout(giveUp, CONNECT_MS);
  signal?.addEventListener('abort', giveUp);
  try {
    if (signal?.aborted === true) giveUp();
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      // Stays: an error without a listener would end the process.
      socket.on('error', reject);
    });
  } finally {
    clearTimeout(impatience);
    signal?.removeEventListener('abort', giveUp);
  }
}

/** Null for a certificate that only OpenSSL can read. */
function certificateOf(socket: TLSSocket): CertificateNames | null {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return null;
  try {
    return readNames(certificate.raw);
  } catch {
    return null;
  }
}

function certificateReason(why: string): string {
  return `server certificate refused: ${why}`;
}

/** Resolves once, when the socket is closed, with how that came. */
async function followEnd(socket: TLSSocket): Promise<string> {
  let info: string | null = null;
  // First of all listeners: HTTP's own answers the other end's goodbye with one of ours.
  socket.prependListener('end', () => {
    if (!socket.writableEnded) info ??= 'clientAlertReceived: CLOSE_NOTIFY';
  });
  socket.on('finish', () => {
    info ??= 'clientAlertSent: CLOSE_NOTIFY';
  });
  socket.on('error', (error) => {
    info ??= describeOutgoingError(error, 'send');
  });
  if (!socket.closed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return info ?? 'send:closed without an alert';
}

/** Sends close_notify and resolves when the connection is closed, by the other end or after a while. */
async function hangUp(socket: TLSSocket): Promise<void> {
  if (socket.closed) return;
  const force = setTimeout(() => socket.destroy(), LINGER_MS);
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.end();
    socket.resume();
  });
  clearTimeout(force);
}
