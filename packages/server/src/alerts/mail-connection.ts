import { connect, type Socket } from 'node:net';
import type { SettingValues } from '../settings/definitions.ts';
import { OutgoingError } from '../tls/outgoing-error.ts';
import type { OutgoingSessions } from '../tls/outgoing-sessions.ts';

/** Where the mail server is, and how it is spoken to. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: SettingValues['smtp.security'];
  /** PEM; null: those that Node.js knows. */
  readonly ca: string | null;
}

/** What the mail server is to us, in records of TLS sessions. */
const PURPOSE = 'mail server';
/** Longest answer to a command, in bytes. */
const MAX_ANSWER = 16_384;

/**
 * Opens a connection to a mail server up to the point at which mail can be handed over, encrypted as wanted (RFC 3207).
 * Its TLS session is recorded as any other. The first thing read from the socket is a greeting, whoever has said it:
 * what the server says in the clear before TLS counts for nothing. Throws {@link OutgoingError}.
 */
export async function openMailConnection(
  sessions: OutgoingSessions,
  server: MailServer,
  name: string,
  signal: AbortSignal,
): Promise<Socket> {
  const { host, port, security, ca } = server;
  const target = { host, port, purpose: PURPOSE, ca, signal };
  if (security === 'tls') return await sessions.connect(target);

  const where = `${host}:${port}`;
  const plain = connect({ host, port });
  const conversation = new Conversation(plain, where, signal);
  try {
    await conversation.expect('220');
    const capabilities = await conversation.ask(`EHLO ${name}`, '250');
    const offered = /^250[ -]STARTTLS\r?$/im.test(capabilities);
    if (!offered && security === 'starttls')
      throw new OutgoingError('connection_failed', `${where} has no STARTTLS, which is required`);
    if (offered) await conversation.ask('STARTTLS', '220');
    conversation.leave();
    const socket = offered
      ? await sessions.connect({ ...target, over: plain, anybody: security === 'opportunistic' })
      : plain;
    socket.pause();
    socket.unshift(Buffer.from(`220 ${host}\r\n`));
    return socket;
  } catch (error) {
    plain.destroy();
    throw error;
  }
}

/** Commands and answers before there is TLS. */
class Conversation {
  readonly #socket: Socket;
  readonly #where: string;
  readonly #signal: AbortSignal;
  readonly #stop: () => void;
  #text = '';
  #failure: Error | null = null;
  #wake: (() => void) | null = null;
  readonly #onData = (chunk: Buffer): void => {
    this.#text += chunk.toString('latin1');
    this.#wake?.();
  };

  constructor(socket: Socket, where: string, signal: AbortSignal) {
    this.#socket = socket;
    this.#where = where;
    this.#signal = signal;
    socket.on('data', this.#onData);
    // Stays: an error without a listener would end the process.
    socket.on('error', (error: NodeJS.ErrnoException) => this.#fail(error.code ?? error.message));
    socket.on('close', () => this.#fail('the server closed the connection'));
    this.#stop = () => {
      this.#failure ??= new OutgoingError('timed_out', `${where} has not answered in time`);
      this.#wake?.();
    };
    signal.addEventListener('abort', this.#stop);
  }

  #fail(why: string): void {
    this.#failure ??= new OutgoingError(
      'connection_failed',
      `no connection to ${this.#where}: ${why}`,
    );
    this.#wake?.();
  }

  /** Sends a command and returns the answer, which must begin so. */
  async ask(command: string, code: string): Promise<string> {
    this.#socket.write(`${command}\r\n`);
    return await this.expect(code);
  }

  /** The next answer, all its lines. */
  async expect(code: string): Promise<string> {
    const end = /^\d{3}(?: .*)?\r?\n/m;
    for (;;) {
      if (this.#signal.aborted) this.#stop();
      const found = end.exec(this.#text);
      if (found !== null) {
        const answer = this.#text.slice(0, found.index + found[0].length);
        this.#text = this.#text.slice(answer.length);
        if (answer.startsWith(code)) return answer;
        const got = answer.slice(0, 200).trim();
        throw new OutgoingError(
          'connection_failed',
          `${this.#where}: expected ${code}, got "${got}"`,
        );
      }
      if (this.#failure !== null) throw this.#failure;
      if (this.#text.length > MAX_ANSWER)
        throw new OutgoingError('answer_too_large', `${this.#where}: an answer without end`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  /** Hands the socket on. What came before TLS and was not asked for would be taken for part of it: it ends here. */
  leave(): void {
    this.#socket.off('data', this.#onData);
    this.#signal.removeEventListener('abort', this.#stop);
    if (this.#text === '') return;
    throw new OutgoingError('connection_failed', `${this.#where} speaks before it is asked`);
  }
}
