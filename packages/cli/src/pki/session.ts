import { CliError, messageOf } from '../errors.ts';
import { describeProblem, parseProblem, type Problem } from '../problem.ts';
import { exchange, type HttpAnswer, type Peer } from './connection.ts';

const LOGIN = '/ca/v2/account/login';
const LOGOUT = '/ca/v2/account/logout';

export interface RequestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Values of the query; what is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
}

/** Somebody signed in by his client certificate. */
export interface PkiSession {
  readonly url: string;
  /** Sends a request and returns a good answer only. @throws CliError `server_refused`, `server_unreachable` */
  send(method: string, path: string, options?: RequestOptions): Promise<HttpAnswer>;
  /** The JSON of a good answer; what it looks like is the server's promise, checked by its own schemas. */
  json<T>(method: string, path: string, options?: RequestOptions): Promise<T>;
}

export interface SessionOptions {
  /** Whether each request is told. */
  readonly verbose: boolean;
  /** Takes what goes to stderr. */
  readonly say: (line: string) => void;
}

/** A session until it is closed. */
export interface OpenSession {
  readonly session: PkiSession;
  /** Signs out; what goes wrong is told, for the work is done. */
  close(this: void): Promise<void>;
}

/**
 * Signs in. Each request goes over a connection of its own, the sign-out, too: that is what Dogtag's `pki` does, and what
 * leaves the records that its administrators know.
 */
export async function openSession(
  peer: Peer,
  { verbose, say }: SessionOptions,
): Promise<OpenSession> {
  const trace = verbose ? say : () => undefined;
  const cookie = await signIn(peer, trace);
  return {
    session: sessionOf(peer, cookie, trace),
    async close() {
      try {
        refuseBad(peer, 'GET', LOGOUT, await send(peer, 'GET', LOGOUT, cookie, trace));
      } catch (error) {
        say(`warning: the session was not ended: ${messageOf(error)}`);
      }
    },
  };
}

/** Signs in, works, and signs out, after a refusal, too. */
export async function withSession<T>(
  peer: Peer,
  options: SessionOptions,
  work: (session: PkiSession) => Promise<T>,
): Promise<T> {
  const { session, close } = await openSession(peer, options);
  try {
    return await work(session);
  } finally {
    await close();
  }
}

async function signIn(peer: Peer, trace: (line: string) => void): Promise<string> {
  const answer = await send(peer, 'GET', LOGIN, null, trace);
  if (answer.status >= 400) {
    const { message, details } = describeProblem(
      answer.status,
      answer.statusText,
      answer.body.toString(),
    );
    throw new CliError(
      'sign_in_failed',
      `-n "${peer.nickname}" could not sign in at ${peer.url}: ${message}`,
      { details },
    );
  }
  const cookies = (answer.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';', 1)[0]);
  if (cookies.length > 0) return cookies.join('; ');
  throw new CliError(
    'server_malformed',
    `${peer.url}${LOGIN}: expected a session cookie, got none`,
  );
}

function sessionOf(peer: Peer, cookie: string, trace: (line: string) => void): PkiSession {
  const session: PkiSession = {
    url: peer.url,
    async send(method, path, options = {}) {
      const target = path + queryOf(options.query);
      const answer = await send(peer, method, target, cookie, trace, options.body);
      return refuseBad(peer, method, path, answer);
    },
    async json<T>(method: string, path: string, options?: RequestOptions): Promise<T> {
      const { body } = await session.send(method, path, options);
      try {
        return JSON.parse(body.toString()) as T;
      } catch (error) {
        throw new CliError('server_malformed', `${peer.url}${path}: the answer is not JSON`, {
          cause: error,
        });
      }
    },
  };
  return session;
}

async function send(
  peer: Peer,
  method: string,
  path: string,
  cookie: string | null,
  trace: (line: string) => void,
  body?: unknown,
): Promise<HttpAnswer> {
  trace(`${method} ${peer.url}${path}`);
  const answer = await exchange(peer, {
    method,
    path,
    headers: {
      accept: 'application/json, */*;q=0.5',
      'user-agent': 'countersign-cli',
      ...(cookie !== null && { cookie }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  trace(`answered ${answer.status} ${answer.statusText}`.trimEnd());
  return answer;
}

function queryOf(query: RequestOptions['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

/** Passes good answers on. @throws CliError `server_refused` for the others */
function refuseBad(peer: Peer, method: string, path: string, answer: HttpAnswer): HttpAnswer {
  if (answer.status < 300) return answer;
  const body = answer.body.toString();
  const { message, details } = describeProblem(answer.status, answer.statusText, body);
  const problem = parseProblem(body);
  const told = problem?.code === 'access_denied' ? describeDenial(method, path, problem) : null;
  throw new CliError('server_refused', told ?? `${peer.url}${path}: ${message}`, { details });
}

/** A refusal for lack of a right: what was asked for, the right it needs, the record that tells of it. */
function describeDenial(method: string, path: string, problem: Problem): string {
  const { detail = '', recordIndex, roles } = problem;
  const what = detail.replace(/; the attempt was recorded$/, '');
  const recorded =
    typeof recordIndex === 'number' ? `recorded as record ${recordIndex}` : 'recorded';
  const held = Array.isArray(roles) ? `; your roles: ${roles.join(', ') || 'none'}` : '';
  return `access denied: ${what || `${method} ${path}`}; the attempt was ${recorded}${held}`;
}
