import { ServerError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { StateDatabase, StateReader } from './schema.ts';

/** An open state database, as the whole server has it: to be read. */
export interface State {
  /** Reads what is committed, on a connection that the database itself keeps from writing. */
  readonly db: StateReader;
  /** Another one each time after another process has committed something; our own commits may count, too. */
  dataVersion(): Promise<number>;
  /** Why nothing can be changed at the moment; null: it can. */
  trouble(): string | null;
  /** Calls whenever trouble begins (why) and when it is over (null). */
  onTrouble(listener: (reason: string | null) => void): void;
  /** Waits no longer for a database that is gone: the server is about to close. */
  giveUp(): void;
  close(): Promise<void>;
}

/** The state and the one way to change it, which is the recorder's. */
export interface OpenState {
  readonly state: State;
  readonly writer: StateDatabase;
}

/** The server that the state belongs to while it runs; without one somebody works beside it, for a moment. */
export interface StateOwner {
  /** Which log the state belongs to. */
  readonly log: string;
  readonly logger: Logger;
}

/**
 * The connection was lost while a transaction committed, and nobody will find out any more whether it did: nothing that
 * depends on it may go on in this process.
 */
export class OutcomeUnknown extends ServerError {
  constructor(reason: string) {
    super('state_unavailable', `whether the change was made is not known: ${reason}`, {
      headers: { 'retry-after': '10' },
    });
  }
}

/** The refusal of everything that needs the state while it cannot be had. */
export function stateUnavailable(reason: string, cause?: unknown): ServerError {
  return new ServerError('state_unavailable', `the state cannot be used: ${reason}`, {
    headers: { 'retry-after': '1' },
    ...(cause === undefined ? {} : { cause }),
  });
}
