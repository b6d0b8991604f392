import { once, type EventEmitter } from 'node:events';
import { randomBytes } from 'node:crypto';
import { FloodGate } from '../authorization/denials.ts';
import type { Config } from '../config/config.ts';
import { addressKey } from '../http/address.ts';
import type { Logger } from '../logger.ts';
import type { CertificateNames } from '../pki/distinguished-name.ts';
import type { Recorder } from '../recording/recorder.ts';
import {
  sessionEstablished,
  sessionRefused,
  sessionTerminated,
  type Connection,
} from '../recording/session-events.ts';
import { LateRecords } from './late-records.ts';

/** A certificate that a client has shown and that was found good. */
export interface PeerCertificate extends CertificateNames {
  /** SHA-256 of the whole certificate, lower case hex. */
  readonly fingerprint: string;
}

/** One TLS session: a connection whose handshake was completed. */
export class TlsSession {
  /** Names the session in records. */
  readonly reference = randomBytes(8).toString('hex');
  readonly certificate: PeerCertificate | null;
  readonly #record: (() => Promise<unknown>) | null;
  #established: Promise<unknown> | null = null;
  /** Set by the first request that was authenticated by the certificate. */
  authentication: Promise<unknown> | null = null;
  rolesAssumed = false;

  /** `record` appends the record of the session's beginning; null: it is one of a sum. */
  constructor(certificate: PeerCertificate | null, record: (() => Promise<unknown>) | null) {
    this.certificate = certificate;
    this.#record = record;
  }

  /** Whether the session has a record of its own, and so its end. */
  get recordedByItself(): boolean {
    return this.#record !== null;
  }

  /** Resolves when the session's beginning is in the log; rejects with `log_unavailable`, and tries again when called again. */
  async established(): Promise<void> {
    if (this.#record === null) return;
    this.#established ??= this.#record().catch((error: unknown) => {
      this.#established = null;
      throw error;
    });
    await this.#established;
  }
}

/**
 * The TLS sessions and their records: one ACCESS_SESSION_ESTABLISH for each handshake, completed or not, and one
 * ACCESS_SESSION_TERMINATED for each completed one. A flood is recorded as a sum, like refusals.
 */
export class TlsSessions {
  readonly #recorder: Pick<Recorder, 'record'>;
  readonly #records: LateRecords;
  readonly #failures: FloodGate<{ connection: Connection; info: string; reason: string | null }>;
  readonly #anonymous: FloodGate<Connection>;
  readonly #bySocket = new WeakMap<object, TlsSession>();
  readonly #open = new Set<EventEmitter>();

  constructor(recorder: Pick<Recorder, 'record'>, limits: Config['limits'], logger: Logger) {
    this.#recorder = recorder;
    this.#records = new LateRecords(recorder, logger);
    this.#failures = new FloodGate({
      perKey: limits.denialsPerMinute,
      overall: limits.anonymousDenialsPerMinute,
    });
    this.#anonymous = new FloodGate({
      perKey: limits.sessionsPerMinute,
      overall: limits.sessionsPerMinute * 10,
    });
  }

  /** The session of a request's socket, or null when it came without TLS. */
  of(socket: object | undefined): TlsSession | null {
    return socket === undefined ? null : (this.#bySocket.get(socket) ?? null);
  }

  /** A handshake was completed. Who has shown a good certificate is always recorded by itself. */
  establish(
    socket: object,
    connection: Connection & { readonly certificate: PeerCertificate | null },
  ): TlsSession {
    const alone =
      connection.certificate !== null ||
      this.#anonymous.admit(addressKey(connection.clientAddress), connection);
    const session = new TlsSession(
      connection.certificate,
      alone ? async () => await this.#recorder.record(sessionEstablished(connection)) : null,
    );
    this.#bySocket.set(socket, session);
    this.#records.follow(session.established(), null);
    return session;
  }

  /** A handshake failed, or its certificate was refused. */
  refuse(connection: Connection, info: string, reason: string | null): void {
    const example = { connection, info, reason };
    if (!this.#failures.admit(addressKey(connection.clientAddress), example)) return;
    const draft = sessionRefused(connection, info, reason);
    this.#records.follow(this.#recorder.record(draft), draft);
  }

  /** A session has ended. One whose beginning is not in the log has no end there either. */
  terminate(session: TlsSession, connection: Connection, info: string): void {
    if (!session.recordedByItself) return;
    const draft = sessionTerminated(connection, info);
    // Both at once: the beginning stands before the end in the recorder's queue already.
    const ended = session.established().then(async () => await this.#recorder.record(draft));
    this.#records.follow(ended, draft);
  }

  /** Ends the minute: sums become records, and what the log could not take is tried again. */
  async turn(): Promise<void> {
    for (const { count, example } of this.#failures.turn()) {
      const { connection, info, reason } = example;
      await this.#recorder.record(sessionRefused(connection, info, reason, count));
    }
    for (const { count, example } of this.#anonymous.turn())
      await this.#recorder.record(sessionEstablished(example, count));
    await this.#records.retry();
  }

  /** Follows a connection from before its handshake to its end. */
  connected(connection: EventEmitter): void {
    this.#open.add(connection);
    connection.once('close', () => this.#open.delete(connection));
  }

  /** How many connections are open, their handshakes completed or not. */
  get open(): number {
    return this.#open.size;
  }

  /** Resolves when no record of a session is on its way. */
  async idle(): Promise<void> {
    await this.#records.idle();
  }

  /** Resolves when every connection has ended and its records are in the log. */
  async ended(): Promise<void> {
    for (const connection of this.#open) await once(connection, 'close');
    await this.idle();
  }
}
