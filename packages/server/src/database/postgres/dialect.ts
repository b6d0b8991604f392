import type { Client, Pool, PoolClient, QueryResult as Answer } from 'pg';
import {
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
} from 'kysely';
import { stateUnavailable } from '../state.ts';
import { isTrouble, whatHappened } from './client.ts';
import type { WritingSession } from './writing-session.ts';

/** kysely over PostgreSQL with a driver of ours. */
export class PostgresStateDialect implements Dialect {
  readonly #driver: Driver;
  constructor(driver: Driver) {
    this.#driver = driver;
  }
  createDriver(): Driver {
    return this.#driver;
  }
  createQueryCompiler(): QueryCompiler {
    return new PostgresQueryCompiler();
  }
  createAdapter(): DialectAdapter {
    return new PostgresAdapter();
  }
  // oxlint-disable-next-line typescript/no-explicit-any -- kysely's interface names it so
  createIntrospector(db: Kysely<any>): DatabaseIntrospector {
    return new PostgresIntrospector(db);
  }
}

type Ask = (text: string, values: unknown[]) => Promise<Answer>;

class PostgresConnection implements DatabaseConnection {
  readonly #ask: Ask;
  constructor(ask: Ask) {
    this.#ask = ask;
  }
  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, rowCount, command } = await this.#ask(sql, parameters.map(storable));
    if (!CHANGES.has(command)) return { rows: rows as R[] };
    return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
  }
  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }
}

const CHANGES: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** PostgreSQL's texts hold every character but NUL, which nobody means; what a stranger sends must not fail by it. */
function storable(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value;
}

/** Reads by whichever connection of the pool is free. */
export class ReadingDriver implements Driver {
  readonly #pool: Pool;
  readonly #clients = new WeakMap<DatabaseConnection, PoolClient>();
  readonly #broken = new WeakSet<PoolClient>();
  constructor(pool: Pool) {
    this.#pool = pool;
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw stateUnavailable(whatHappened(error), error);
    });
    const connection = new PostgresConnection(async (text, values) => {
      try {
        return await client.query(text, values);
      } catch (error) {
        if (!isTrouble(error)) throw error;
        this.#broken.add(client);
        throw stateUnavailable(whatHappened(error), error);
      }
    });
    this.#clients.set(connection, client);
    return connection;
  }
  async beginTransaction(): Promise<void> {
    throw new TypeError('nothing is changed by the connections that read');
  }
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    const client = this.#clients.get(connection);
    client?.release(this.#broken.has(client));
  }
  async destroy(): Promise<void> {
    await this.#pool.end();
  }
}

/** Writes by the one session that may, one after another. */
export class WritingDriver implements Driver {
  readonly #session: WritingSession;
  readonly #connection: DatabaseConnection;
  constructor(session: WritingSession) {
    this.#session = session;
    this.#connection = new PostgresConnection(
      async (text, values) => await session.query(text, values),
    );
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#session.acquire();
    return this.#connection;
  }
  async beginTransaction(): Promise<void> {
    await this.#session.begin();
  }
  async commitTransaction(): Promise<void> {
    await this.#session.commit();
  }
  async rollbackTransaction(): Promise<void> {
    await this.#session.rollback();
  }
  async releaseConnection(): Promise<void> {
    this.#session.release();
  }
  async destroy(): Promise<void> {
    await this.#session.close();
  }
}

/** One connection of its own, as the migrations have it. */
export class SingleDriver implements Driver {
  readonly #client: Client;
  readonly #connection: DatabaseConnection;
  constructor(client: Client) {
    this.#client = client;
    this.#connection = new PostgresConnection(
      async (text, values) => await client.query(text, values),
    );
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  async beginTransaction(): Promise<void> {
    await this.#client.query('begin');
  }
  async commitTransaction(): Promise<void> {
    await this.#client.query('commit');
  }
  async rollbackTransaction(): Promise<void> {
    await this.#client.query('rollback');
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {
    await this.#client.end();
  }
}
