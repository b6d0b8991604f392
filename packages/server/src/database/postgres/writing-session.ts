import type { Client, QueryResult } from 'pg';
import { OutcomeUnknown, stateUnavailable, type StateOwner } from '../state.ts';
import type { PostgresLocation } from '../location.ts';
import { connect, isTrouble, whatHappened } from './client.ts';
import {
  claim,
  endSession,
  findRun,
  lockServer,
  sessionOf,
  type Run,
  type Session,
} from './ownership.ts';

/** Between two attempts to connect again, in milliseconds. */
const RETRY_MS = 500;

/** The second of our advisory locks: whoever writes has it for his transaction, as SQLite's writers have the file. */
const WRITE_LOCK = 'pg_advisory_xact_lock(1129532487, 2)';

/**
 * A transaction sees what is committed when it has the lock, and everybody who writes waits for it: what it reads stays
 * true until it commits. `read committed` is what makes each statement look after the lock, not before.
 */
const BEGIN = `begin isolation level read committed; select ${WRITE_LOCK}`;

/** PostgreSQL's settings for the session. The keepalives find out that a client is gone, so that its lock is free. */
const SETTINGS = {
  lock_timeout: '2s',
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
};

const STANDBY = 'select pg_is_in_recovery() as standby';

/** A commit is durable when it is acknowledged, whatever the database's default; a stronger one is left alone. */
const DURABLE = `select set_config('synchronous_commit', 'on', false)
  where current_setting('synchronous_commit') not in ('on', 'remote_apply')`;

/**
 * The connection that changes the state. The server's holds the lock that makes it the only server, in the very session
 * it writes by: whoever has lost the one has lost the other, so two servers never write.
 *
 * When the connection is lost nothing is changed until there is a new one that has the lock. PostgreSQL gives it the lock
 * when the old session has ended, and with it the transaction it was in. A commit that was under way is decided then:
 * each transaction writes its number into the server's own row, and that row says whether it is there.
 */
export class WritingSession {
  readonly #location: PostgresLocation;
  readonly #owner: StateOwner | null;
  readonly #listeners: ((reason: string | null) => void)[] = [];
  #client: Client | null = null;
  /** That of the connection, or of the last one. */
  #session: Session | null = null;
  #run: Run | null = null;
  #trouble: string | null = null;
  /** Nobody connects again: closed, given up, or another server has been at work. */
  #over = false;
  #retry: NodeJS.Timeout | null = null;
  /** Number of the last transaction; of those that commit it is in the server's row. */
  #turn = 0;
  #inTransaction = false;
  /** Ends of those who have the connection to themselves, one after another. */
  #taken: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;
  #waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];

  constructor(location: PostgresLocation, owner: StateOwner | null) {
    this.#location = location;
    this.#owner = owner;
  }

  /** Connects, and takes the server's lock. Throws when another server has it. */
  async open(): Promise<void> {
    await this.#connect();
  }

  /** Enters this run of the server, once the schema is there. Throws when the state belongs to another log. */
  async claim(): Promise<void> {
    if (this.#owner === null) return;
    this.#run = await claim(
      async (text, values) => await this.query(text, values),
      this.#owner.log,
      this.#location.name,
    );
    this.#turn = this.#run.turn;
  }

  trouble(): string | null {
    return this.#trouble;
  }

  onTrouble(listener: (reason: string | null) => void): void {
    this.#listeners.push(listener);
  }

  /** Waits until nobody else uses the connection. `release` lets the next one have it. */
  async acquire(): Promise<void> {
    const before = this.#taken;
    let release = (): void => undefined;
    this.#taken = new Promise<void>((resolve) => (release = resolve));
    await before;
    this.#release = release;
  }

  release(): void {
    this.#release();
  }

  async query(text: string, values: unknown[] = []): Promise<QueryResult> {
    const client = this.#client;
    if (client === null) throw stateUnavailable(this.#trouble ?? 'it is closed');
    try {
      // Without values it is PostgreSQL's simple protocol, in which several statements go at once.
      return await (values.length === 0 ? client.query(text) : client.query(text, values));
    } catch (error) {
      if (!isTrouble(error)) throw error;
      if (isEnd(error)) this.#lose(client, whatHappened(error));
      throw stateUnavailable(whatHappened(error), error);
    }
  }

  async begin(): Promise<void> {
    this.#inTransaction = true;
    if (this.#run === null) {
      await this.query(BEGIN);
      return;
    }
    this.#turn += 1;
    const enter = `update state_server set turn = ${this.#turn} where epoch = ${this.#run.epoch}`;
    const answers = (await this.query(`${BEGIN}; ${enter}`)) as unknown as QueryResult[];
    if (answers[2]?.rowCount === 1) return;
    await this.rollback();
    throw this.#replaced();
  }

  /**
   * Commits. When the connection is lost meanwhile it waits for a new one, by which it finds out: resolves when the
   * transaction is committed, throws when it is not.
   */
  async commit(): Promise<void> {
    this.#inTransaction = false;
    const answer = await this.query('commit').catch(async (error: unknown) => {
      if (await this.#hasCommitted(whatHappened(error))) return null;
      throw error;
    });
    // An earlier statement has failed and somebody went on all the same: PostgreSQL has undone everything.
    if (answer?.command === 'ROLLBACK')
      throw new Error('the transaction was undone: one of its statements had failed');
  }

  /** Undoes the transaction; without a connection PostgreSQL does it. */
  async rollback(): Promise<void> {
    if (!this.#inTransaction) return;
    this.#inTransaction = false;
    const client = this.#client;
    await client?.query('rollback').catch((error: unknown) => {
      this.#lose(client, whatHappened(error));
    });
  }

  /** Waits no longer for a database that is gone; whoever waits is told. */
  giveUp(): void {
    this.#over = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    if (this.#client === null) this.#refuse('the server is stopping');
  }

  async close(): Promise<void> {
    this.giveUp();
    const client = this.#client;
    this.#client = null;
    this.#trouble ??= 'it is closed';
    await client?.end();
  }

  async #hasCommitted(reason: string): Promise<boolean> {
    if (this.#run === null) {
      // Whoever works beside the server has no row of his own to look at. Where PostgreSQL has answered, it has refused.
      if (this.#client !== null) return false;
      throw new OutcomeUnknown(`${reason}; look before trying again`);
    }
    for (;;) {
      await this.#restored();
      try {
        const found = await findRun(async (text, values) => await this.query(text, values));
        return found?.turn === this.#turn;
      } catch (error) {
        // Lost again meanwhile.
        if (this.#client !== null) throw error;
      }
    }
  }

  async #restored(): Promise<void> {
    if (this.#client !== null) return;
    await new Promise<void>((resolve, reject) => {
      if (this.#over) reject(new OutcomeUnknown(this.#trouble ?? 'the server is stopping'));
      else this.#waiting.push({ resolve, reject });
    });
  }

  async #connect(): Promise<void> {
    const client = await connect(this.#location, SETTINGS);
    try {
      const { rows } = await client.query<{ standby: boolean }>(STANDBY);
      if (rows[0]?.standby === true)
        throw new Error(`${this.#location.name} is a standby: nothing can be changed there`);
      await client.query(DURABLE);
      if (this.#session !== null) await endSession(client, this.#session);
      if (this.#owner !== null) await lockServer(client, this.#location);
      if (this.#run !== null) {
        const found = await findRun(async (text, values) => await client.query(text, values));
        if (found?.epoch !== this.#run.epoch) throw this.#replaced();
      }
      this.#session = await sessionOf(client);
      if (this.#over) throw stateUnavailable('the server is stopping');
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    client.on('error', (error) => this.#lose(client, whatHappened(error)));
    client.on('end', () => this.#lose(client, 'PostgreSQL has closed it'));
    this.#client = client;
    this.#tell(null);
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  #lose(client: Client, reason: string): void {
    if (this.#client !== client) return;
    this.#client = null;
    client.end().catch(() => undefined);
    this.#tell(`the connection to ${this.#location.name} is lost: ${reason}`);
    if (this.#over || this.#owner === null) this.#refuse(reason);
    else void this.#reconnect();
  }

  /** Never rejects: what fails is tried again. */
  async #reconnect(): Promise<void> {
    this.#retry = null;
    try {
      await this.#connect();
    } catch (error) {
      if (this.#over) return;
      this.#tell(whatHappened(error));
      this.#retry = setTimeout(() => void this.#reconnect(), RETRY_MS);
      this.#retry.unref();
    }
  }

  /** Another server has been at work: what this one has in memory may be wrong, it never goes on. */
  #replaced(): Error {
    const reason = `another server has worked with ${this.#location.name} meanwhile; start this one again`;
    this.#over = true;
    this.#tell(reason);
    this.#refuse(reason);
    return stateUnavailable(reason);
  }

  #refuse(reason: string): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new OutcomeUnknown(reason));
  }

  #tell(trouble: string | null): void {
    if (this.#trouble === trouble) return;
    const before = this.#trouble;
    this.#trouble = trouble;
    if (trouble !== null) this.#owner?.logger.error('the state cannot be changed', { trouble });
    else if (before !== null) this.#owner?.logger.info('the state can be changed again');
    for (const listener of this.#listeners) listener(trouble);
  }
}

/** Whether an error means that the connection is of no use any more. */
function isEnd(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || /^(?:08|57P)/.test(code);
}
