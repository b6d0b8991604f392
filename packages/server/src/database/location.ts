import { resolve } from 'node:path';
import { homedir } from 'node:os';
import { inspect } from 'node:util';

/** Where the state is kept: in a file of SQLite's, or in a database of PostgreSQL's. */
export type StateLocation = SqliteLocation | PostgresLocation;

export interface SqliteLocation {
  readonly kind: 'sqlite';
  readonly path: string;
}

/** A database of PostgreSQL's. Its URL may hold a password: it shows itself without it, and without the user. */
export class PostgresLocation {
  readonly kind = 'postgres';
  /** For people: host, port and database. */
  readonly name: string;
  readonly #url: string;
  constructor(url: string) {
    this.#url = url;
    const parsed = parseUrl(url);
    const host = parsed?.searchParams.get('host') ?? decodeURIComponent(parsed?.hostname ?? '');
    const port = parsed === null || parsed.port === '' ? '' : `:${parsed.port}`;
    const shown = host === '' || host === NO_HOST ? 'localhost' : host;
    this.name = `postgres://${shown}${port}${parsed?.pathname ?? ''}`;
  }
  /** The whole URL, with the password: for whoever connects, and nobody else. */
  get url(): string {
    return this.#url;
  }
  toString(): string {
    return this.name;
  }
  toJSON(): string {
    return this.name;
  }
  [inspect.custom](): string {
    return this.name;
  }
}

/** Stands for the host in `postgres://user@/database`, which is a URL to PostgreSQL's tools and to no other. */
const NO_HOST = 'no-host';

/**
 * Reads a location: `postgres://user:password@host:port/database`, as PostgreSQL's own tools take it, or the path of a
 * file. Null: it is neither; the text is not to be shown, it may hold a password.
 */
export function parseStateLocation(text: string): StateLocation | null {
  if (!text.includes('://'))
    return { kind: 'sqlite', path: resolve(text.replace(/^~(?=\/)/, homedir())) };
  const url = parseUrl(text);
  if (url === null || !/^postgres(?:ql)?:$/.test(url.protocol)) return null;
  return url.pathname.length > 1 ? new PostgresLocation(text) : null;
}

function parseUrl(text: string): URL | null {
  return URL.parse(text) ?? URL.parse(text.replace('@/', `@${NO_HOST}/`));
}
