import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { parseContent, type Content, type Envelope } from '@countersign/records';
import { createAccount } from '../accounts/accounts.ts';
import { loadConfig, type ConfigArguments } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { PostgresLocation, type StateLocation } from '../database/location.ts';
import type { StateDatabase } from '../database/schema.ts';
import { silentLoggers } from '../logger.ts';
import { noteOf } from '../recording/testing.ts';
import { createServer, type Server } from '../server.ts';
import { TestClock } from './clock.ts';
import { connectBehind } from './behind.ts';
import { PASSWORDS } from './passwords.ts';
import { createDatabase, databaseOf, dropDatabase, OVER_POSTGRES } from './postgres/databases.ts';

export { PASSWORDS, TestClock };

/** One record as tests look at it. */
export interface SeenRecord {
  readonly index: number;
  readonly envelope: Envelope;
  readonly content: Content;
}

/** A server over a folder of its own, spoken to without sockets. */
export class TestServer {
  readonly server: Server;
  readonly clock: TestClock;
  readonly dir: string;
  #behind: StateDatabase | null = null;
  constructor(server: Server, clock: TestClock, dir: string) {
    this.server = server;
    this.clock = clock;
    this.dir = dir;
  }

  /** The state by a connection of its own, as somebody has it who goes behind the product's back. */
  get behind(): StateDatabase {
    return (this.#behind ??= openBehind(this.server.config));
  }

  /** Sends a request; an object as body goes as JSON. */
  async request(
    path: string,
    options: {
      method?: string;
      body?: unknown;
      cookie?: string;
      headers?: Record<string, string>;
      address?: string;
    } = {},
  ): Promise<Response> {
    const { method = 'GET', body, cookie, headers = {}, address } = options;
    const init: RequestInit = {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookie === undefined ? {} : { cookie }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    };
    const env = { incoming: { socket: { remoteAddress: address ?? '127.0.0.1' } } };
    return await this.server.app.request(path, init, env);
  }

  /** Signs in and returns the cookie. */
  async signIn(username: 'admin' | 'auditor'): Promise<string> {
    const answer = await this.request('/api/v1/session', {
      method: 'POST',
      body: { username, password: PASSWORDS[username] },
    });
    if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
    return cookieOf(answer);
  }

  /** A person with these roles, made on the spot and signed in; returns the cookie. */
  async signInAs(username: string, roles: readonly string[]): Promise<string> {
    const { recorder, sessions, cookies, clock } = this.server.platform;
    const { result } = await recorder.audited(async (tx) => {
      tx.record(noteOf(username));
      const user = await createAccount(tx.db, {
        username,
        name: username,
        passwordHash: '',
        passwordGenerated: false,
        roles,
        now: clock(),
      });
      return await sessions.create(tx.db, { user, address: '127.0.0.1', method: 'password' });
    });
    result.begin();
    return `${cookies.plain.name}=${result.id}`;
  }

  /** Creates a producer as the administrator and returns its token. */
  async createProducer(name: string): Promise<string> {
    const cookie = await this.signIn('admin');
    const answer = await this.request('/api/v1/producers', {
      method: 'POST',
      body: { name },
      cookie,
    });
    const { token } = (await answer.json()) as { token: string };
    return token;
  }

  /** Everything the log has from an index on, read from the log itself. */
  async records(from = 0): Promise<SeenRecord[]> {
    await this.server.platform.recorder.idle();
    const seen: SeenRecord[] = [];
    const { log } = this.server;
    if (from >= log.size) return seen;
    for await (const batch of log.reader.readRange(from, log.size)) {
      for (const { index, envelope, contentBytes } of batch) {
        if (contentBytes !== null)
          seen.push({ index, envelope, content: parseContent(contentBytes) });
      }
    }
    return seen;
  }

  /** The records that a piece of work leaves. */
  async recordsOf(work: () => Promise<unknown>): Promise<SeenRecord[]> {
    await this.server.platform.recorder.idle();
    const before = this.server.log.size;
    await work();
    return await this.records(before);
  }
}

/** Writes to the state without the server; closed after the tests of the file. */
function openBehind(config: Config): StateDatabase {
  const db = connectBehind(config.database);
  undo.push(async () => await db.destroy());
  return db;
}

/** The cookie of an answer, as a client sends it back. */
export function cookieOf(answer: Response): string {
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** The value of a record's attribute. */
export function attribute(record: SeenRecord | undefined, name: string): string | null | undefined {
  return record?.content.attributes?.find(([key]) => key === name)?.[1];
}

/** A configuration over a folder. */
export function testConfig(
  dir: string,
  args: ConfigArguments = {},
  settings: Readonly<Record<string, string>> = {},
): Config {
  return loadConfig(
    {
      COUNTERSIGN_ADMIN_PASSWORD: PASSWORDS.admin,
      COUNTERSIGN_AUDITOR_PASSWORD: PASSWORDS.auditor,
      COUNTERSIGN_PORTAL_DIR: join(dir, 'portal'),
      ...settings,
    },
    {
      data: join(dir, 'data'),
      port: 0,
      httpsPort: 'off',
      ...(OVER_POSTGRES ? { database: databaseOf(dir) } : {}),
      ...args,
    },
  );
}

/** What a file's tests have opened, undone in the opposite order after the last of them. */
const undo: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A folder that is gone after the tests of the file. */
export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-server-'));
  undo.push(async () => await rm(dir, { recursive: true, force: true }));
  if (OVER_POSTGRES) {
    await createDatabase(dir);
    undo.push(async () => await dropDatabase(dir));
  }
  return dir;
}

/** Where a test without a server keeps its state, in a folder of `temporaryFolder` or in the database that goes with it. */
export function stateOf(dir: string): StateLocation {
  return OVER_POSTGRES
    ? new PostgresLocation(databaseOf(dir))
    : { kind: 'sqlite', path: join(dir, 'state.db') };
}

/** Starts a server for the tests of a file; it is closed and its folder removed after them. */
export async function startTestServer(
  options: {
    args?: ConfigArguments;
    /** Settings by their environment names. */
    settings?: Readonly<Record<string, string>>;
    config?: (config: Config) => Config;
    dir?: string;
    /** With the machine's clock, by which TLS judges certificates. */
    realTime?: boolean;
    /** A clock of the test's own, instead of one that stands still. */
    now?: () => Date;
    /** Nothing is done by timers: the test says when lists are made, jobs run, sums are recorded. */
    withoutTimers?: boolean;
  } = {},
): Promise<TestServer> {
  const dir = options.dir ?? (await temporaryFolder());
  const clock = new TestClock();
  const base = testConfig(dir, options.args, options.settings);
  const config = options.config === undefined ? base : options.config(base);
  const server = await createServer(config, {
    ...(options.realTime === true ? {} : { clock: options.now ?? clock.read }),
    loggers: silentLoggers,
    housekeeping: options.withoutTimers !== true,
  });
  undo.push(async () => await server.close());
  return new TestServer(server, clock, dir);
}
