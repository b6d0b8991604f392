import { LedgerError, type Log } from '@countersign/ledger';
import type { CompleteDraft } from '@countersign/records';
import { OutcomeUnknown, stateUnavailable, type State } from '../database/state.ts';
import type { StateDatabase, StateReader, StateTransaction } from '../database/schema.ts';
import { assertRecorded, watchChanges } from './watch-changes.ts';
import { ServerError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { logWasUnavailable } from './events.ts';
import { completeDraft, type OwnDraft, type Unnumbered } from './draft.ts';
import {
  hasForeignRows,
  insertRows,
  numberForeignRows,
  readOutbox,
  sweepRows,
  type OutboxRow,
} from './outbox.ts';

/** The name under which the server numbers its own records. */
export const OWN_PRODUCER = 'countersign';

/**
 * The state a change is made in: having it proves that the transaction is open. It demands a record: a transaction
 * that has changed something and recorded nothing is rolled back.
 */
export interface AuditedTransaction {
  readonly db: StateTransaction;
  /** The record of the change; it commits with it, or not at all. The selection may leave it out. */
  record(draft: OwnDraft): void;
  /** Says that this is the rest of something whose record is written already, by naming that record's event. */
  follows(event: string): void;
  /** What is done at once when the transaction has committed, before anything else is recorded. */
  committed(work: () => void): void;
}

/** What an audited transaction leaves: its result, and the index of its first record (null: none, or still on its way). */
export interface Audited<T> {
  readonly result: T;
  readonly index: number | null;
}

/** The part of the log the recorder needs. */
export type LogPort = Pick<Log, 'append' | 'nextSeq'>;

/** What decides which records are recorded. */
export interface SelectionPort {
  includes(record: Unnumbered): boolean;
  /** Takes up what another process has changed. */
  load(db: StateReader): Promise<void>;
}

const EVERYTHING: SelectionPort = { includes: () => true, load: async () => undefined };

interface Waiting {
  readonly draft: Unnumbered;
  readonly resolve: (index: number) => void;
  readonly reject: (error: Error) => void;
}
interface Numbered extends OutboxRow {
  readonly settle: (index: number | null) => void;
}

/** Most records in one append; the rest goes in the next. */
const BATCH = 1_000;
/** Longer than this nobody waits for the log: the request is refused, the append goes on. */
const PATIENCE_MS = 10_000;
/** After a failure the log is left alone for so long; requests in between are refused at once. */
const RETRY_MS = 1_000;

/**
 * The way of the server's own records into the log.
 *
 * A record that stands for itself (a check, a read) goes straight to the log: one append, durable, done.
 * A record of a change goes through the outbox: the change and its row commit in one SQLite transaction, then the
 * row is appended. Both carry numbers of the producer `countersign`, 1, 2, 3 … without gaps, which rests on one rule:
 *
 *   a number is given to an outbox row only while no append is in flight, and no batch is formed until the
 *   transaction has ended. So when a row with number n is committed, every number below n is durable: in the
 *   log, or in the outbox.
 *
 * After a crash `start()` appends what the outbox still holds; what the log already has, it recognises by number.
 */
export class Recorder {
  readonly #state: State;
  readonly #writer: StateDatabase;
  readonly #log: LogPort;
  readonly #clock: () => Date;
  readonly #logger: Logger;
  readonly #selection: SelectionPort;

  /** Records without a number yet, in the order they happened. */
  #waiting: Waiting[] = [];
  /** Outbox rows not yet in the log; every number is lower than those that `#waiting` will get. */
  #numbered: Numbered[] = [];
  /** The next number of ours. */
  #next = 1;
  /** True while a transaction gives out numbers: no batch is formed. */
  #held = false;
  /** The append in flight. */
  #running: Promise<void> | null = null;
  /** Orders audited transactions one after another. */
  #turn: Promise<unknown> = Promise.resolve();
  #failure: { readonly reason: string; readonly at: number; readonly since: Date } | null = null;
  #retry: NodeJS.Timeout | null = null;
  #dataVersion = -1;
  #closed = false;
  /** Since when, and why, the state cannot be changed. */
  #outage: {
    readonly reason: string;
    readonly since: Date;
    readonly patience: NodeJS.Timeout;
  } | null = null;
  /** Nobody knows whether a transaction with numbers of ours is committed: no number is given any more. */
  #undecided = false;
  /** Tells those who wait for their transactions that it takes too long. */
  readonly #callers = new Set<(error: Error) => void>();

  constructor(parts: {
    state: State;
    /** The one way to change the state; nobody else has it. */
    writer: StateDatabase;
    log: LogPort;
    clock: () => Date;
    logger: Logger;
    /** Without one everything is recorded. */
    selection?: SelectionPort;
  }) {
    this.#selection = parts.selection ?? EVERYTHING;
    this.#state = parts.state;
    this.#writer = parts.writer;
    this.#log = parts.log;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
    parts.state.onTrouble((reason) => {
      if (reason === null) this.#stateRecovered();
      else this.#stateLost(reason);
    });
  }

  /** Why the log takes no records at the moment, or null. */
  get failure(): string | null {
    return this.#failure?.reason ?? null;
  }

  /** Brings what an earlier run left in the outbox into the log, exactly once. Throws when the log cannot be it. */
  async start(): Promise<void> {
    const next = this.#log.nextSeq(OWN_PRODUCER);
    await sweepRows(this.#writer, next);
    const rows = await readOutbox(this.#writer);
    const first = rows[0]?.seq;
    if (first !== undefined && first !== next) {
      throw new Error(
        `the log expects record ${next} of "${OWN_PRODUCER}", but the outbox begins with ${first}: ` +
          'the log has been cut back or belongs to another state.db',
      );
    }
    this.#numbered = rows.map((row) => ({ ...row, settle: () => undefined }));
    this.#next = next + rows.length;
    await this.adopt();
    this.#kick();
    await this.idle();
    if (this.#failure !== null) {
      throw new Error(`couldn't append the outbox: ${this.#failure.reason}`);
    }
  }

  /**
   * Appends a record that stands for itself. Resolves with its index once it is durable, with null when the
   * selection leaves it out; rejects with `log_unavailable` when the log does not take it.
   */
  async record(draft: OwnDraft): Promise<number | null> {
    this.assertAvailable();
    const complete = completeDraft(draft, this.#clock());
    if (!this.#selection.includes(complete)) return null;
    return await new Promise<number>((resolve, reject) => {
      this.#waiting.push({ draft: complete, resolve, reject });
      this.#kick();
    });
  }

  /**
   * Makes a change together with its records. The work's statements and the outbox rows commit in one transaction:
   * if either fails, neither is there. Changes without a record are rolled back, too, with an error. Resolves when the records are in the log, or, when the log failed meanwhile,
   * safely in the outbox.
   */
  async audited<T>(work: (tx: AuditedTransaction) => Promise<T>): Promise<Audited<T>> {
    this.assertAvailable();
    const turn = this.#turn.then(async () => await this.#commit(work));
    this.#turn = turn.catch(() => undefined);
    const { result, settled } = await this.#patiently(turn);
    return { result, index: await settled };
  }

  /** Gives numbers to rows that another process (the command line) left in the outbox, by the selection of now. */
  async adopt(): Promise<void> {
    if (this.#state.trouble() !== null) return;
    const version = await this.#state.dataVersion();
    if (version === this.#dataVersion) return;
    this.#dataVersion = version;
    const turn = this.#turn.then(async () => {
      await this.#selection.load(this.#state.db);
      await this.#numberForeignRows();
    });
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  /** Throws `log_unavailable` when records cannot be taken: nothing that must be recorded may begin. */
  assertAvailable(): void {
    if (this.#closed)
      throw new ServerError('shutting_down', 'the server is stopping; nothing new is begun');
    if (this.#failure !== null && performance.now() - this.#failure.at < RETRY_MS) {
      throw unavailable(this.#failure.reason);
    }
    // Without the state, what is recorded stands for itself at most; and another server may have the state now.
    const trouble = this.#state.trouble();
    if (trouble !== null) throw stateUnavailable(trouble);
  }

  /** Resolves when nothing is on its way into the log. */
  async idle(): Promise<void> {
    await this.#turn;
    while (this.#running !== null) await this.#running;
  }

  /** Appends what is left and takes nothing more; what the log refuses stays in the outbox. */
  async close(): Promise<void> {
    await this.idle();
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    if (this.#outage !== null) clearTimeout(this.#outage.patience);
    if (this.#failure !== null || this.#state.trouble() !== null) return;
    await sweepRows(this.#writer, this.#log.nextSeq(OWN_PRODUCER)).catch((error: unknown) => {
      this.#logger.warn('the outbox could not be swept', { error: String(error) });
    });
  }

  async #commit<T>(
    work: (tx: AuditedTransaction) => Promise<T>,
  ): Promise<{ result: T; settled: Promise<number | null> }> {
    this.assertAvailable();
    try {
      const outcome = await this.#writer.transaction().execute(async (transaction) => {
        const { db, changed } = watchChanges(transaction);
        let recorded = false;
        const drafts: Unnumbered[] = [];
        const afterwards: (() => void)[] = [];
        const result = await work({
          db,
          record: (draft) => {
            recorded = true;
            const complete = completeDraft(draft, this.#clock());
            if (this.#selection.includes(complete)) drafts.push(complete);
          },
          follows: () => void (recorded = true),
          committed: (task) => void afterwards.push(task),
        });
        assertRecorded(changed, recorded);
        // From here to the commit no batch is formed. Once the append in flight has ended,
        // every number below #next is in the log or in the outbox.
        this.#held = true;
        while (this.#running !== null) await this.#running;
        this.assertAvailable();
        const first = this.#next;
        if (drafts.length > 0) {
          // Rows the log has already are swept out here: it costs no transaction of its own.
          await sweepRows(transaction, this.#log.nextSeq(OWN_PRODUCER));
          await insertRows(
            transaction,
            drafts.map((draft, i) => ({ seq: first + i, draft })),
          );
        }
        return { result, drafts, first, afterwards };
      });
      // The commit is the point of no return: change and record are both durable now.
      this.#next = outcome.first + outcome.drafts.length;
      for (const task of outcome.afterwards) task();
      const settled = outcome.drafts.map(
        (draft, i) =>
          new Promise<number | null>((settle) => {
            this.#numbered.push({ seq: outcome.first + i, draft, settle });
          }),
      );
      return { result: outcome.result, settled: settled[0] ?? Promise.resolve(null) };
    } catch (error) {
      this.#undecided ||= error instanceof OutcomeUnknown;
      throw error;
    } finally {
      this.#held = this.#undecided;
      this.#kick();
    }
  }

  async #numberForeignRows(): Promise<void> {
    if (!(await hasForeignRows(this.#writer))) return;
    try {
      this.#held = true;
      while (this.#running !== null) await this.#running;
      const rows = await numberForeignRows(this.#writer, this.#next, (draft) =>
        this.#selection.includes(draft),
      );
      this.#next += rows.length;
      this.#numbered.push(...rows.map((row) => ({ ...row, settle: () => undefined })));
    } catch (error) {
      this.#undecided ||= error instanceof OutcomeUnknown;
      throw error;
    } finally {
      this.#held = this.#undecided;
      this.#kick();
    }
  }

  /** Starts the loop that appends, unless it runs or a transaction gives out numbers. */
  #kick(): void {
    if (this.#running !== null || this.#held) return;
    if (this.#numbered.length === 0 && this.#waiting.length === 0) return;
    this.#running = this.#drain().finally(() => {
      this.#running = null;
      // What came while the last batch failed or a transaction held us is looked at again.
      if (this.#failure === null) this.#kick();
    });
  }

  async #drain(): Promise<void> {
    // One turn of the loop later, so that requests arriving together share an append and its fsync.
    await Promise.resolve();
    while (!this.#held && (this.#numbered.length > 0 || this.#waiting.length > 0)) {
      const numbered = this.#numbered.slice(0, BATCH);
      const room = numbered.length === this.#numbered.length ? BATCH - numbered.length : 0;
      const waiting = this.#waiting.splice(0, room);
      const first = this.#next;
      this.#next += waiting.length;
      if (!(await this.#append(numbered, waiting, first))) return;
    }
  }

  /** Appends one batch. False: the log does not take records now, and everybody waiting has been told. */
  async #append(numbered: Numbered[], waiting: Waiting[], first: number): Promise<boolean> {
    const drafts: CompleteDraft[] = [
      ...numbered.map(({ seq, draft }) => ({ ...draft, seq })),
      ...waiting.map(({ draft }, i) => ({ ...draft, seq: first + i })),
    ];
    const impatience = setTimeout(() => {
      const reason = `the log has not answered for ${PATIENCE_MS / 1000} seconds`;
      this.#fail(reason);
      for (const item of waiting) item.reject(unavailable(reason));
      for (const item of numbered) item.settle(null);
    }, PATIENCE_MS);
    try {
      const appended = await this.#log.append(OWN_PRODUCER, drafts);
      const indexes = appended.map(({ index }) => index);
      this.#numbered.splice(0, numbered.length);
      numbered.forEach((item, i) => item.settle(indexes[i] ?? null));
      waiting.forEach((item, i) => item.resolve(indexes[numbered.length + i] ?? 0));
      this.#recovered();
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // Numbers of records that only waited are given back. Outbox rows keep theirs and are tried again.
      this.#next = Math.max(this.#log.nextSeq(OWN_PRODUCER), (this.#numbered.at(-1)?.seq ?? 0) + 1);
      if (!(error instanceof LedgerError) && drafts.length > 1)
        return await this.#appendOneByOne(waiting, reason);
      this.#fail(reason);
      const refused = unavailable(reason, error);
      for (const item of [...waiting, ...this.#waiting.splice(0)]) item.reject(refused);
      for (const item of this.#numbered) item.settle(null);
      this.#retryLater();
      return false;
    } finally {
      clearTimeout(impatience);
    }
  }

  /** A record that cannot be sealed must not take others with it: the batch is sent again, one record at a time. */
  async #appendOneByOne(waiting: Waiting[], reason: string): Promise<boolean> {
    this.#logger.warn('a batch was refused; its records are sent one by one', { reason });
    while (this.#numbered.length > 0) {
      if (!(await this.#append(this.#numbered.slice(0, 1), [], this.#next))) {
        for (const item of waiting) item.reject(unavailable(reason));
        return false;
      }
    }
    for (const item of waiting) {
      try {
        const [appended] = await this.#log.append(OWN_PRODUCER, [
          { ...item.draft, seq: this.#next },
        ]);
        this.#next += 1;
        item.resolve(appended?.index ?? 0);
      } catch (error) {
        item.reject(error instanceof Error ? error : new Error(String(error)));
      }
    }
    this.#next = this.#log.nextSeq(OWN_PRODUCER);
    return true;
  }

  #fail(reason: string): void {
    if (this.#failure === null) this.#logger.error('the log takes no records', { reason });
    const since = this.#failure?.since ?? this.#clock();
    this.#failure = { reason, at: performance.now(), since };
  }

  /** After a failure: the time in which nothing could be recorded is itself recorded. */
  #recovered(): void {
    if (this.#failure === null) return;
    const { since, reason } = this.#failure;
    this.#failure = null;
    this.#logger.info('the log takes records again');
    this.record(logWasUnavailable(since, this.#clock(), reason)).catch((error: unknown) => {
      this.#logger.warn('the outage could not be recorded', { error: String(error) });
    });
  }

  /** Whoever waits for his transaction does not wait for a database that is gone; the transaction is decided without him. */
  async #patiently<T>(turn: Promise<T>): Promise<T> {
    let refuse: (error: Error) => void = () => undefined;
    const impatience = new Promise<never>((_, reject) => (refuse = reject));
    this.#callers.add(refuse);
    try {
      return await Promise.race([turn, impatience]);
    } finally {
      this.#callers.delete(refuse);
    }
  }

  /** Who has no number yet is refused: while a commit is undecided no batch is formed. */
  #stateLost(reason: string): void {
    for (const { reject } of this.#waiting.splice(0)) reject(stateUnavailable(reason));
    if (this.#closed || this.#outage !== null) return;
    const patience = setTimeout(() => {
      for (const refuse of this.#callers) refuse(new OutcomeUnknown(reason));
    }, PATIENCE_MS);
    this.#outage = { reason, since: this.#clock(), patience: patience.unref() };
  }

  /** The time in which nothing could be changed is recorded, too. */
  #stateRecovered(): void {
    if (this.#outage === null) return;
    const { since, reason, patience } = this.#outage;
    clearTimeout(patience);
    this.#outage = null;
    this.record(logWasUnavailable(since, this.#clock(), reason)).catch((error: unknown) => {
      this.#logger.warn('the outage could not be recorded', { error: String(error) });
    });
  }

  /** Outbox rows are tried again without waiting for a request. */
  #retryLater(): void {
    if (this.#closed || this.#retry !== null) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      if (this.#closed) return;
      if (this.#numbered.length > 0) this.#kick();
    }, RETRY_MS);
    this.#retry.unref();
  }
}

function unavailable(reason: string, cause?: unknown): ServerError {
  return new ServerError('log_unavailable', `nothing can be done without its record: ${reason}`, {
    members: { reason },
    headers: { 'retry-after': '1' },
    ...(cause === undefined ? {} : { cause }),
  });
}
