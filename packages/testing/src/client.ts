/** Somebody at the other end of HTTP: keeps the session cookie, as a browser would. */
export class SystemClient {
  readonly #base: string;
  #cookie = '';

  constructor(base: string) {
    this.#base = base;
  }

  /** Asks for a path; nothing is thrown for a status, redirects are not followed. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#cookie !== '') headers.set('cookie', this.#cookie);
    const response = await fetch(new URL(path, this.#base), {
      redirect: 'manual',
      ...init,
      headers,
    });
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '');
    if (cookies.length > 0)
      this.#cookie = cookies.filter((cookie) => !cookie.endsWith('=')).join('; ');
    return response;
  }

  /** Sends a JSON body. */
  send(
    method: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return this.fetch(path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** The JSON of a good answer. @throws Error with status and body for any other */
  async json<T>(path: string): Promise<T> {
    const response = await this.fetch(path);
    const text = await response.text();
    if (!response.ok)
      throw new Error(`GET ${path}: expected a good answer, got ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  }

  async signIn(username: string, password: string): Promise<Response> {
    return this.send('POST', '/api/v1/session', { username, password });
  }

  async signOut(): Promise<void> {
    await (await this.fetch('/api/v1/session', { method: 'DELETE' })).arrayBuffer();
    this.#cookie = '';
  }
}
