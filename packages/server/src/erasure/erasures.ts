import { ERASED_EVENT, erasedIndex, LedgerError, whyKept } from '@countersign/ledger';
import type { Log, LogIndex } from '@countersign/ledger';
import { findAccountById } from '../accounts/accounts.ts';
import type { State } from '../database/open.ts';
import type { StateReader, StateTransaction } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { OwnDraft } from '../recording/draft.ts';
import type { AuditedTransaction, Recorder } from '../recording/recorder.ts';
import type { Caller } from '../security/records.ts';
import * as records from './records.ts';
import {
  decide,
  findRequest,
  finishRequest,
  insertRequest,
  listApproved,
  type Erasure,
} from './requests.ts';

/** The part of the log that erasing needs. */
export type ErasingLog = Pick<Log, 'erase' | 'reader' | 'size'>;

/**
 * Erasing the contents of records: one auditor asks, another one approves, and then it is carried out. The approval
 * commits with its AUDIT_DATA_ERASED record; what is left to do stands in state.db until it is done, so that a crash
 * anywhere in between is made good at the next start.
 */
export class Erasures {
  readonly #state: State;
  readonly #log: ErasingLog;
  readonly #index: Pick<LogIndex, 'forget'>;
  readonly #recorder: Pick<Recorder, 'audited' | 'record'>;
  readonly #clock: () => Date;
  readonly #logger: Logger;
  /** The AUDIT_DATA_ERASED records of approvals that could not be carried out so far, by the id of the request. */
  readonly #found = new Map<string, number>();
  /** One erasure after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: {
    state: State;
    log: ErasingLog;
    index: Pick<LogIndex, 'forget'>;
    recorder: Pick<Recorder, 'audited' | 'record'>;
    clock: () => Date;
    logger: Logger;
  }) {
    this.#state = parts.state;
    this.#log = parts.log;
    this.#index = parts.index;
    this.#recorder = parts.recorder;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
  }

  /** Asks for a content to be erased. Throws `content_erased`, `record_kept`, `already_exists`. */
  async request(
    wanted: { readonly index: number; readonly legalBasis: string; readonly reason: string },
    caller: Caller,
  ): Promise<Erasure> {
    await assertErasable(this.#log, wanted.index);
    const { session } = caller;
    const { result } = await this.#audited(caller, async (tx) => {
      const erasure = await insertRequest(tx.db, { ...wanted, session, now: this.#clock() });
      tx.record(records.erasureRequested(erasure, caller));
      return erasure;
    });
    return result;
  }

  /**
   * Approves a request of somebody else's and carries it out. What cannot be carried out now (no index, no log) is
   * carried out later; the request stays `approved` until then. Throws `not_found`, `own_request`, `erasure_decided`,
   * `content_erased`.
   */
  async approve(id: string, caller: Caller): Promise<Erasure> {
    await this.#decide(id, caller, records.erasureRefused, async (tx, erasure, person) => {
      await assertErasable(this.#log, erasure.index);
      const decision = { state: 'approved', because: null, size: this.#log.size } as const;
      const approved = await decide(tx.db, id, { ...decision, ...person });
      tx.record(records.dataErased(erasure, caller));
      return approved;
    });
    await this.carryOut();
    return await findRequest(this.#state.db, id);
  }

  /** Denies a request of somebody else's. Throws `not_found`, `own_request`, `erasure_decided`. */
  async deny(id: string, because: string, caller: Caller): Promise<Erasure> {
    return await this.#decide(id, caller, records.denialRefused, async (tx, erasure, person) => {
      tx.record(records.erasureDenied(erasure, caller, because));
      return await decide(tx.db, id, { state: 'denied', because, size: null, ...person });
    });
  }

  /** Withdraws one's own request: that it is one's own, the caller has made sure. Throws `not_found`, `erasure_decided`. */
  async withdraw(id: string, because: string, caller: Caller): Promise<Erasure> {
    const { result } = await this.#audited(caller, async (tx) => {
      const erasure = await pending(tx.db, id);
      tx.record(records.erasureWithdrawn(erasure, caller, because));
      const by = caller.session.user;
      const at = this.#clock();
      return await decide(tx.db, id, { state: 'withdrawn', because, size: null, by, at });
    });
    return result;
  }

  /** Carries out what was approved and is not done. Never throws: what fails is tried again. */
  async carryOut(): Promise<void> {
    const turn = this.#turn.then(async () => {
      for (const erasure of await listApproved(this.#state.db)) {
        try {
          await this.#erase(erasure);
        } catch (error) {
          const { id, index } = erasure;
          this.#logger.error('a content was not erased', { id, index, error: String(error) });
        }
      }
    });
    this.#turn = turn.catch((error: unknown) =>
      this.#logger.error('approved erasures could not be read', { error: String(error) }),
    );
    await this.#turn;
  }

  /** Resolves when no erasure is on its way. */
  async idle(): Promise<void> {
    await this.#turn;
  }

  /** Every step can be taken again. The order is the one that the log's design gives. */
  async #erase(erasure: Erasure): Promise<void> {
    const { id, index } = erasure;
    const record = this.#found.get(id) ?? (await findErasureRecord(this.#log, erasure));
    if (record === null) return; // still on its way into the log
    this.#found.set(id, record);
    await this.#index.forget(index);
    await this.#log.erase(index, record);
    // Perhaps the index took the content in between the two.
    await this.#index.forget(index);
    await this.#recorder.audited(async (tx) => {
      tx.follows('AUDIT_DATA_ERASED');
      await finishRequest(tx.db, id, record, this.#clock());
    });
    this.#found.delete(id);
  }

  /** A decision of somebody else's than who asked; the attempt of who asked is recorded as a failure. */
  async #decide<T>(
    id: string,
    caller: Caller,
    refused: (erasure: Erasure, caller: Caller, why: string) => OwnDraft,
    work: (
      tx: AuditedTransaction,
      erasure: Erasure,
      person: { readonly by: Caller['session']['user']; readonly at: Date },
    ) => Promise<T>,
  ): Promise<T> {
    const asked = await findRequest(this.#state.db, id);
    const by = caller.session.user;
    if (asked.requestedById === by.id) {
      const why = `another auditor than ${by.username}, who asked for it, has to decide`;
      const recordIndex = await this.#recorder.record(refused(asked, caller, why));
      throw new ServerError('own_request', `${why}; the attempt was recorded`, {
        members: { recordIndex },
      });
    }
    const { result } = await this.#audited(
      caller,
      async (tx) => await work(tx, await pending(tx.db, id), { by, at: this.#clock() }),
    );
    return result;
  }

  /** A change by somebody whose account is still there: requests that arrive together come here one after the other. */
  async #audited<T>(caller: Caller, work: (tx: AuditedTransaction) => Promise<T>) {
    return await this.#recorder.audited(async (tx) => {
      const account = await findAccountById(tx.db, caller.session.user.id);
      if (account === null || account.disabled)
        throw new ServerError(
          'session_expired',
          'the account of this session is not there any more',
        );
      return await work(tx);
    });
  }
}

/**
 * Writes the zeros of erasures that a crash cut short in the middle of them. To be done before anything reads the
 * contents: half of such a one is no record. Everything else that is unfinished can wait for `carryOut`.
 */
export async function mendTornContents(db: StateReader, log: ErasingLog): Promise<void> {
  for (const erasure of await listApproved(db)) {
    if (await isReadable(log, erasure.index)) continue;
    const record = await findErasureRecord(log, erasure);
    if (record !== null) await log.erase(erasure.index, record).catch(leaveCorrupt);
  }
}

async function isReadable(log: ErasingLog, index: number): Promise<boolean> {
  return await log.reader.read(index).then(() => true, leaveCorrupt);
}

/** A content that somebody has changed is no matter of an erasure; the verification says so. */
function leaveCorrupt(error: unknown): false {
  if (error instanceof LedgerError && error.code === 'record_corrupt') return false;
  throw error;
}

/** Throws `not_found`, `content_erased` or `record_kept` for a record whose content cannot be erased. */
async function assertErasable(log: ErasingLog, index: number): Promise<void> {
  const { envelope, contentBytes } = await log.reader.read(index);
  if (contentBytes === null)
    throw new ServerError('content_erased', `the content of record ${index} was erased before`);
  const why = whyKept(envelope);
  if (why !== null)
    throw new ServerError('record_kept', `the content of record ${index} is never erased: ${why}`);
}

/** The request of an id, not yet decided. Throws `not_found`, `erasure_decided`. */
async function pending(tx: StateTransaction, id: string): Promise<Erasure> {
  const erasure = await findRequest(tx, id);
  if (erasure.state === 'pending') return erasure;
  throw new ServerError(
    'erasure_decided',
    `the request to erase record ${erasure.index} is ${erasure.state} already`,
    { members: { state: erasure.state } },
  );
}

/** The AUDIT_DATA_ERASED record of an approval: the first behind the log of that time that names the record. */
async function findErasureRecord(log: ErasingLog, erasure: Erasure): Promise<number | null> {
  for await (const batch of log.reader.readRange(erasure.approvedAtSize ?? 0, log.size)) {
    for (const { index, envelope, contentBytes } of batch) {
      if (envelope.event !== ERASED_EVENT) continue;
      if (erasedIndex(envelope, contentBytes) === erasure.index) return index;
    }
  }
  return null;
}
