/** Every way in which a log can refuse. Codes are stable; messages are for people. */
export type LedgerErrorCode =
  | 'log_exists'
  | 'log_missing'
  | 'log_locked'
  | 'log_closed'
  | 'log_unavailable'
  | 'log_truncated'
  | 'log_tampered'
  | 'checkpoint_invalid'
  | 'overloaded'
  | 'producer_invalid'
  | 'batch_too_large'
  | 'sequence_gap'
  | 'sequence_conflict'
  | 'record_missing'
  | 'record_corrupt'
  | 'record_kept'
  | 'erasure_unfounded'
  | 'tile_missing'
  | 'derived_corrupt'
  // The derived index.
  | 'index_closed'
  | 'index_failed'
  | 'index_missing'
  | 'index_damaged'
  | 'cursor_invalid'
  | 'field_unknown'
  | 'argument_invalid';

/** The evidence behind a message. Only what applies is set. */
export interface LedgerErrorDetails extends ErrorOptions {
  readonly producer?: string;
  /** The sequence number the log would take next from this producer. */
  readonly expected?: number;
  readonly got?: number;
  /** Index of the record concerned. */
  readonly index?: number;
  readonly file?: string;
  /** Byte offset in `file`. */
  readonly offset?: number;
  /** When to try again, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** The one error class of this package: the world or the data is wrong, and `code` says how. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerErrorCode;
  declare readonly producer?: string;
  declare readonly expected?: number;
  declare readonly got?: number;
  declare readonly index?: number;
  declare readonly file?: string;
  declare readonly offset?: number;
  declare readonly retryAfterMs?: number;

  constructor(code: LedgerErrorCode, message: string, details: LedgerErrorDetails = {}) {
    const { cause, ...evidence } = details;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    Object.assign(this, evidence);
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
