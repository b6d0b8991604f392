import { request as requestPlain, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestTls } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isLoopback } from '../http/address.ts';
import { OutgoingError } from './outgoing-error.ts';
import type { OutgoingSessions } from './outgoing-sessions.ts';

/** What is sent: a part of what `fetch` takes. */
export interface OutgoingRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | URLSearchParams | null;
  readonly signal?: AbortSignal;
}

/** A request of the server's own to another one. */
export type OutgoingFetch = (url: string | URL, request?: OutgoingRequest) => Promise<Response>;

/** Whom requests are for, and how much patience there is. */
export interface OutgoingFetchOptions {
  /** What the other end is to us, for the record: `identity provider`. */
  readonly purpose: string;
  /** PEM: the authorities whose certificates are believed; null: those that Node.js knows. */
  readonly ca: string | null;
  /** Connecting, sending and reading the answer together, in milliseconds. */
  readonly timeoutMs?: number;
  /** Longest body of an answer, in bytes. */
  readonly maxBytes?: number;
  /** Hosts that may be spoken to in plain http; this machine, if nothing else is said. */
  readonly plain?: (host: string) => boolean;
  /** How a name becomes an address. */
  readonly lookup?: LookupFunction;
}

/** Statuses whose answers have no body (Fetch, "null body status"). */
const NO_BODY = new Set([101, 103, 204, 205, 304]);

/**
 * Makes a function like `fetch` whose connections are recorded (see {@link OutgoingSessions}): one for each request,
 * closed after it. No redirect is followed: what names another server is the caller's to decide. Plain http goes to
 * this machine only, or where `plain` lets it, and has no TLS session to record. Throws {@link OutgoingError},
 * `log_unavailable`.
 */
export function createOutgoingFetch(
  sessions: OutgoingSessions,
  options: OutgoingFetchOptions,
): OutgoingFetch {
  const { purpose, ca, timeoutMs = 15_000, maxBytes = 1_048_576 } = options;
  const { plain = isLoopback, lookup } = options;
  const resolving = lookup === undefined ? {} : { lookup };
  return async (address, { method = 'GET', headers = {}, body, signal } = {}) => {
    const url = new URL(address);
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    refuseAddress(url, host, plain);
    const patience = AbortSignal.timeout(timeoutMs);
    const until = signal === undefined ? patience : AbortSignal.any([patience, signal]);
    const bytes = body instanceof URLSearchParams ? body.toString() : (body ?? null);
    const sending = {
      method,
      headers: {
        ...(body instanceof URLSearchParams
          ? { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }
          : {}),
        ...headers,
        ...(bytes === null ? {} : { 'content-length': String(Buffer.byteLength(bytes)) }),
        connection: 'close',
      },
    };
    let sent: ClientRequest;
    if (url.protocol === 'http:') {
      sent = requestPlain(url, { ...sending, ...resolving, agent: false });
    } else {
      const port = url.port === '' ? 443 : Number(url.port);
      const socket = await sessions.connect({
        host,
        port,
        purpose,
        ca,
        signal: until,
        ...resolving,
      });
      sent = requestTls(url, { ...sending, createConnection: () => socket });
    }
    const giveUp = () =>
      sent.destroy(new OutgoingError('timed_out', `${url.host} has not answered in time`));
    until.addEventListener('abort', giveUp);
    try {
      if (until.aborted) giveUp();
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        sent.once('response', resolve);
        // Stays: an error without a listener would end the process.
        sent.on('error', reject);
        sent.end(bytes);
      });
      const text = await readBody(answer, url, maxBytes);
      return new Response(NO_BODY.has(answer.statusCode ?? 0) ? null : text, {
        status: answer.statusCode ?? 0,
        headers: headersOf(answer),
      });
    } catch (error) {
      sent.destroy();
      throw describeBreak(url, error);
    } finally {
      until.removeEventListener('abort', giveUp);
    }
  };
}

function refuseAddress(url: URL, host: string, plain: (host: string) => boolean): void {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && plain(host))) return;
  throw new OutgoingError(
    'address_refused',
    `expected an https address (or http on this machine), got ${url.protocol}//${url.host}`,
  );
}

async function readBody(answer: IncomingMessage, url: URL, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > maxBytes) {
      const message = `${url.host}: expected at most ${maxBytes} bytes, got more`;
      throw new OutgoingError('answer_too_large', message);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function headersOf(answer: IncomingMessage): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2)
    headers.append(answer.rawHeaders[i] ?? '', answer.rawHeaders[i + 1] ?? '');
  return headers;
}

function describeBreak(url: URL, error: unknown): OutgoingError {
  if (error instanceof OutgoingError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
  const message = `the connection to ${url.host} broke: ${code}`;
  return new OutgoingError('connection_failed', message, error);
}
