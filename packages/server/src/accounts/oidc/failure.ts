import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { ServerError, type ServerErrorCode } from '../../errors.ts';
import { OutgoingError } from '../../tls/outgoing-error.ts';

/** Why a sign-in by a provider came to nothing: our code, and the reason for the record. */
export interface ProviderFailure {
  readonly code: Extract<ServerErrorCode, 'sign_in_failed' | 'provider_unavailable'>;
  readonly reason: string;
}

/** The provider cannot be used as it is now: it is away, or does not describe itself as it should. */
export class ProviderUnusable extends Error {
  override readonly name = 'ProviderUnusable';
}

/** Answers by which a provider says that it is out of order (RFC 6749 section 4.1.2.1). */
const OUT_OF_ORDER = new Set(['server_error', 'temporarily_unavailable']);

/**
 * What an error of the conversation with the provider means; null for one that is a fault of ours. Only the library's
 * own sentences and the provider's error codes are told: causes hold answers, and answers hold tokens.
 */
export function describeProviderFailure(error: unknown): ProviderFailure | null {
  if (error instanceof ProviderUnusable) return unavailable(error.message);
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ServerError) return null;
    if (cause instanceof OutgoingError) return unavailable(cause.message);
  }
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const reason = `the provider answered ${error.error}`;
    return OUT_OF_ORDER.has(error.error) || isServerStatus(error)
      ? unavailable(reason)
      : failed(reason);
  }
  if (error instanceof WWWAuthenticateChallengeError)
    return failed(`the provider refused this server as its client, status ${error.status}`);
  if (!(error instanceof ClientError)) return null;
  const { code, cause } = error;
  if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT')
    return unavailable('the provider has not answered in time');
  if (cause instanceof Response && !cause.ok)
    return unavailable(`the provider answered with status ${cause.status}`);
  if (code === 'OAUTH_RESPONSE_IS_NOT_JSON' || code === 'OAUTH_PARSE_ERROR')
    return unavailable('the provider answered with something that is no JSON');
  return failed(cause instanceof Error ? cause.message : error.message);
}

function isServerStatus(error: Error): boolean {
  return 'status' in error && typeof error.status === 'number' && error.status >= 500;
}

function failed(reason: string): ProviderFailure {
  return { code: 'sign_in_failed', reason };
}

function unavailable(reason: string): ProviderFailure {
  return { code: 'provider_unavailable', reason };
}
