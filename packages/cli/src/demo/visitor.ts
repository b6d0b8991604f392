import { CliError } from '../errors.ts';

/** Somebody with a browser, in a few lines: a session and requests whose refusal is part of the story. */
export class Visitor {
  readonly #url: string;
  #cookie = '';

  constructor(url: string) {
    this.#url = url;
  }

  /** @returns the status */
  async signIn(username: string, password: string): Promise<number> {
    const response = await this.#send(
      'POST',
      '/api/v1/session',
      JSON.stringify({ username, password }),
    );
    this.#cookie = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';', 1)[0])
      .join('; ');
    return response.status;
  }

  /** @returns the status; 403 is a fine answer here */
  async open(path: string): Promise<number> {
    return (await this.#send('GET', path)).status;
  }

  async signOut(): Promise<void> {
    await this.#send('DELETE', '/api/v1/session');
    this.#cookie = '';
  }

  async #send(method: string, path: string, body?: string): Promise<Response> {
    const response = await fetch(this.#url + path, {
      method,
      redirect: 'manual',
      headers: {
        'user-agent': 'Mozilla/5.0 (demo visitor)',
        ...(this.#cookie !== '' && { cookie: this.#cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
    });
    await response.arrayBuffer();
    if (response.status >= 500) {
      throw new CliError(
        'server_refused',
        `${method} ${path}: the demo's own server answered ${response.status}`,
      );
    }
    return response;
  }
}
