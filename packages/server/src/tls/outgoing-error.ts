/**
 * Why a request of ours to another server came to nothing:
 *
 * - `address_refused`: not https, and not this machine either
 * - `connection_failed`: no connection, no handshake, or the connection broke
 * - `certificate_refused`: the other end is not who it should be
 * - `timed_out`: it took too long
 * - `answer_too_large`: more bytes than wanted
 */
export type OutgoingErrorCode =
  | 'address_refused'
  | 'connection_failed'
  | 'certificate_refused'
  | 'timed_out'
  | 'answer_too_large';

/** A connection or request of ours to another server failed. The message names the server and never a secret. */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError';
  readonly code: OutgoingErrorCode;
  constructor(code: OutgoingErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
