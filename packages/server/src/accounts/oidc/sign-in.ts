import { randomNonce, randomPKCECodeVerifier } from 'openid-client';
import { ServerError } from '../../errors.ts';
import type { Platform } from '../../platform.ts';
import type { RequestFacts } from '../../recording/facts.ts';
import { userOf, type User } from '../accounts.ts';
import type { Session } from '../sessions.ts';
import { openSession } from '../open-session.ts';
import { refuseWithoutRight } from '../sign-in.ts';
import { ensureOidcAccount, findOidcAccount } from './account.ts';
import { rolesByClaims } from './claims.ts';
import { describeProviderFailure } from './failure.ts';
import { STATE_FAULTS, type PendingSignIn } from './pending.ts';
import type { OidcIdentity, OidcProvider } from './provider.ts';
import type { OidcSignIns } from './sign-ins.ts';
import { NOBODY_CLAIMED, oidcFailed, OIDC_AUTHENTICATOR } from './records.ts';

/** Somebody who wants to sign in by the provider. */
export interface OidcDeparture {
  /** Where the browser comes back to, registered at the provider. */
  readonly redirectUri: string;
  /** The portal's page to go to afterwards, checked. */
  readonly next: string;
  /** The key in the browser's cookie, if it has one. */
  readonly browser: string | null;
  /** The id of a session the browser has already; it ends with the new one. */
  readonly previous: string | null;
  readonly facts: RequestFacts;
}

/**
 * Sends a browser to the provider: where to, and the key for its cookie. Throws `provider_unavailable` (recorded),
 * `too_many_requests`, `log_unavailable`.
 */
export async function beginOidcSignIn(
  platform: Platform,
  { provider, pending }: OidcSignIns,
  departure: OidcDeparture,
): Promise<{ location: string; browser: string }> {
  const { redirectUri, next, previous, facts } = departure;
  platform.recorder.assertAvailable();
  const nonce = randomNonce();
  const verifier = randomPKCECodeVerifier();
  try {
    await provider.reach();
  } catch (error) {
    // Only what fails counts: nothing is looked at and nothing recorded when a browser merely leaves.
    platform.refusals.admitSignIn(NOBODY_CLAIMED, facts, (why) => oidcFailed(why, facts));
    return await refuseFailure(platform, provider, error, facts);
  }
  const signIn: PendingSignIn = { nonce, verifier, redirectUri, next, previous };
  const { state, browser } = pending.add(signIn, {
    address: facts.address,
    browser: departure.browser,
  });
  const location = await provider.authorizationUrl(signIn, state);
  return { location: location.href, browser };
}

/** What the provider has sent a browser back with. */
export interface OidcReturn {
  /** The query of the address it came to. */
  readonly answer: URLSearchParams;
  readonly browser: string | null;
  readonly facts: RequestFacts;
}

/**
 * Takes a browser that comes back from the provider, and signs in whom it vouches for: AUTH, AUTHZ and ROLE_ASSUME are
 * recorded in the transaction that begins the session. Throws `sign_in_failed`, `provider_unavailable`,
 * `access_denied`, `role_conflict`, `too_many_requests` (each recorded), `log_unavailable`.
 */
export async function finishOidcSignIn(
  platform: Platform,
  signIns: OidcSignIns,
  { answer, browser, facts }: OidcReturn,
): Promise<{ id: string; next: string }> {
  const { provider, pending, idTokens } = signIns;
  platform.recorder.assertAvailable();
  platform.refusals.admitSignIn(NOBODY_CLAIMED, facts, (why) => oidcFailed(why, facts));
  const states = answer.getAll('state');
  const state = states.length === 1 ? (states[0] ?? '') : '';
  const held = pending.take(state, browser);
  if (typeof held === 'string') return await refuse(platform, STATE_FAULTS[held], facts);

  let identity: OidcIdentity;
  try {
    identity = await provider.identify(answer, held, state);
  } catch (error) {
    return await refuseFailure(platform, provider, error, facts);
  }
  const { issuer, subject, idToken } = identity;
  const user = await identifiedUser(platform, provider, identity, facts);
  if (user === null) return await refuse(platform, 'the account is disabled', facts, subject);
  const credential = `${issuer} ${subject}`;
  const authenticator = OIDC_AUTHENTICATOR;
  await refuseWithoutRight(platform, user, facts, 'oidc', { credential, authenticator });
  const { id, reference } = await openSession(platform, {
    user,
    facts,
    previous: held.previous,
    method: 'oidc',
    credential,
    claimed: true,
    authenticator,
  });
  idTokens.keep(reference, idToken);
  return { id, next: held.next };
}

/** Where a browser whose session has ended ends the provider's session, too; null: nowhere. */
export async function oidcSignOutUrl(
  { oidc }: Platform,
  session: Session,
  origin: string,
): Promise<string | null> {
  if (oidc === null || session.method !== 'oidc') return null;
  const idToken = oidc.idTokens.take(session.reference);
  return await oidc.provider.signOutUrl(idToken, `${origin}/portal/sign-in`);
}

/**
 * The account of whom the provider vouches for, with the roles of this session: those that claims give and those
 * assigned to the account. Null when it is disabled.
 */
async function identifiedUser(
  platform: Platform,
  provider: OidcProvider,
  identity: OidcIdentity,
  facts: RequestFacts,
): Promise<User | null> {
  const { state, recorder, clock } = platform;
  const account =
    (await findOidcAccount(state.db, provider.name, identity.subject)) ??
    (
      await recorder.audited(
        async (tx) => await ensureOidcAccount(tx, provider, identity, { facts, now: clock() }),
      )
    ).result;
  if (account.disabled) return null;
  const user = userOf(account);
  const claimed = await rolesByClaims(state.db, provider.name, identity.claims);
  return { ...user, roles: [...new Set([...user.roles, ...claimed])].sort() };
}

/** Records what went wrong between us and the provider, and refuses. A fault of our own is thrown as it is. */
async function refuseFailure(
  platform: Platform,
  provider: OidcProvider,
  error: unknown,
  facts: RequestFacts,
): Promise<never> {
  const failure = describeProviderFailure(error);
  if (failure === null) throw error;
  const { code, reason } = failure;
  platform.loggers('server:oidc').warn('a sign-in by the provider failed', { code, reason });
  if (code === 'sign_in_failed') return await refuse(platform, reason, facts);
  await platform.recorder.record(oidcFailed(reason, facts));
  throw new ServerError(
    'provider_unavailable',
    `the identity provider "${provider.name}" cannot be used now; the attempt was recorded`,
    { headers: { 'retry-after': '5' } },
  );
}

/** What went wrong is for the record: who has sent a faulty answer is not told which part of it was found out. */
async function refuse(
  platform: Platform,
  reason: string,
  facts: RequestFacts,
  subject?: string,
): Promise<never> {
  await platform.recorder.record(oidcFailed(reason, facts, subject));
  throw new ServerError(
    'sign_in_failed',
    'the identity provider did not sign you in; the attempt was recorded',
  );
}
