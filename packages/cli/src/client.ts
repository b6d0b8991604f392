import { CliError, messageOf } from './errors.ts';
import { describeProblem } from './problem.ts';

/** The part of `fetch` that is used. */
export type ClientFetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A server as the command line talks to it. The session lives in this object only: nothing is written to disk.
 */
export class ServerClient {
  readonly url: string;
  readonly #fetch: ClientFetch;
  #cookie: string | undefined;

  /** @param url without a slash at its end; @param fetch how it is reached, when not over the network */
  constructor(url: string, fetch: ClientFetch = globalThis.fetch) {
    this.url = url;
    this.#fetch = fetch;
  }

  /** @throws CliError `sign_in_failed`, `server_unreachable` */
  async signIn(username: string, password: string): Promise<void> {
    const response = await this.#send('/api/v1/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    if (!response.ok) {
      const { message, details } = await describe(response);
      throw new CliError(
        'sign_in_failed',
        `--user "${username}" could not sign in at ${this.url}: ${message}`,
        { details },
      );
    }
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]);
    if (cookies.length === 0)
      throw new CliError(
        'server_malformed',
        `${this.url} answered the sign-in without a session cookie`,
      );
    this.#cookie = cookies.join('; ');
    await response.arrayBuffer();
  }

  /** Ends the session; a session that is gone already is fine. */
  async signOut(): Promise<void> {
    if (this.#cookie === undefined) return;
    const response = await this.#send('/api/v1/session', { method: 'DELETE' });
    await response.arrayBuffer();
    this.#cookie = undefined;
  }

  /**
   * Asks for a path and returns a good answer only.
   *
   * @throws CliError `server_refused` with the problem's own members as details, `server_unreachable`
   */
  async get(path: string, options: { signal?: AbortSignal } = {}): Promise<Response> {
    const response = await this.#send(path, options);
    if (response.ok) return response;
    const { message, details } = await describe(response);
    throw new CliError('server_refused', `${this.url}${path.split('?', 1)[0]}: ${message}`, {
      details,
    });
  }

  async getJson(path: string): Promise<unknown> {
    const response = await this.get(path);
    try {
      return await response.json();
    } catch (error) {
      throw new CliError(
        'server_malformed',
        `${this.url}${path.split('?', 1)[0]}: the answer is not JSON`,
        { cause: error },
      );
    }
  }

  /**
   * Sends a request, with JSON where there is a body, and returns the JSON of a good answer; null where it has none.
   *
   * @throws CliError `server_refused` with the problem's own members as details, `server_unreachable`
   */
  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.#send(path, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      const { message, details } = await describe(response);
      throw new CliError('server_refused', `${method} ${path}: ${message}`, { details });
    }
    const text = await response.text();
    return text === '' ? null : (JSON.parse(text) as unknown);
  }

  async getText(path: string): Promise<string> {
    return (await this.get(path)).text();
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('user-agent', 'countersign-cli');
    if (this.#cookie !== undefined) headers.set('cookie', this.#cookie);
    try {
      return await this.#fetch(this.url + path, { redirect: 'error', ...init, headers });
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      throw new CliError(
        'server_unreachable',
        `--server "${this.url}" cannot be reached: ${messageOf(cause)}`,
        { cause: error },
      );
    }
  }
}

async function describe(response: Response): Promise<ReturnType<typeof describeProblem>> {
  return describeProblem(response.status, response.statusText, await response.text());
}
