import { subjectOf } from '../authorization/engine.ts';
import { ServerError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import {
  accessDenied,
  accountLocked,
  authFailed,
  authSucceeded,
  PASSWORD_AUTHENTICATOR,
} from '../recording/events.ts';
import { lockExpired } from '../recording/account-events.ts';
import { userActor, type RequestFacts } from '../recording/facts.ts';
import { findAccount, foldUsername, userOf, type Account, type User } from './accounts.ts';
import { clearFailures, countFailure, endExpiredLocks, lockedUntil } from './lockout.ts';
import { LOGIN, openSession } from './open-session.ts';
import { checkPassword } from './passwords.ts';
import type { AuthenticationMethod } from './sessions.ts';

/** What comes with an attempt to sign in. */
export interface SignInAttempt {
  readonly username: string;
  readonly password: string;
  /** The id of a session the browser has already; it ends with the new one. */
  readonly previous: string | null;
  readonly facts: RequestFacts;
}

/**
 * Signs somebody in: AUTH, AUTHZ and ROLE_ASSUME are recorded in the transaction that begins the session.
 * Throws `credentials_invalid` (the same for unknown users, after the same work), `account_locked`,
 * `role_conflict`, `access_denied`, `too_many_requests`, `log_unavailable`; each is recorded.
 */
export async function signIn(
  platform: Platform,
  attempt: SignInAttempt,
): Promise<{ id: string; user: User }> {
  const { state, recorder, refusals } = platform;
  const { facts } = attempt;
  const username = foldUsername(attempt.username);
  recorder.assertAvailable();
  refusals.admitSignIn(username, facts);
  await refuseLocked(platform, username, facts);

  const account = await findAccount(state.db, username);
  const right = await checkPassword(attempt.password, account?.passwordHash ?? null);
  if (!right || account === null || account.disabled) {
    return await refuse(platform, username, account, facts);
  }
  // Attempts made at the same time may have locked the account while this one was hashing.
  await refuseLocked(platform, username, facts);
  await refuseWithoutRight(platform, account, facts, 'password');

  const user = userOf(account);
  const { id } = await openSession(platform, {
    user,
    facts,
    previous: attempt.previous,
    method: 'password',
    authenticator: PASSWORD_AUTHENTICATOR,
    async before(tx) {
      for (const name of await endExpiredLocks(tx.db, platform.clock(), username))
        tx.record(lockExpired(name));
      await clearFailures(tx.db, username);
    },
  });
  return { id, user };
}

/** Ends the session of a cookie. The guard has recorded the AUTHZ for it. */
export async function signOut(platform: Platform, id: string): Promise<void> {
  const { result } = await platform.recorder.audited(
    async (tx) => await platform.sessions.remove(tx.db, id),
  );
  result.end();
}

/** Refuses a user name that is locked, known or not, whatever the password. */
async function refuseLocked(
  platform: Platform,
  username: string,
  facts: RequestFacts,
): Promise<void> {
  const until = await lockedUntil(platform.state.db, username, platform.clock());
  if (until === null) return;
  await platform.recorder.record(authFailed(username, lockedReason(until), facts));
  throw accountIsLocked(until, platform.clock());
}

/** Why nothing was looked at, for the record. */
export function lockedReason(until: Date): string {
  return `the account is locked until ${until.toISOString()}`;
}

/** The refusal of a user name that is locked: the same whether the password was right or wrong. */
export function accountIsLocked(until: Date, now: Date): ServerError {
  const seconds = Math.ceil((until.getTime() - now.getTime()) / 1000);
  return new ServerError(
    'account_locked',
    `too many wrong passwords; try again at ${until.toISOString()}`,
    {
      members: { lockedUntil: until.toISOString() },
      headers: { 'retry-after': String(Math.max(1, seconds)) },
    },
  );
}

/** Counts the failure and says the same to everybody; of attempts after the lock nobody learns what they were. */
async function refuse(
  platform: Platform,
  username: string,
  account: Account | null,
  facts: RequestFacts,
): Promise<never> {
  const { recorder, clock, config } = platform;
  const why =
    account === null
      ? 'no such user'
      : account.disabled
        ? 'the account is disabled'
        : 'wrong password';
  const { result: lock } = await recorder.audited(async (tx) => {
    for (const name of await endExpiredLocks(tx.db, clock(), username))
      tx.record(lockExpired(name));
    const state = await countFailure(tx.db, username, clock(), config.lockout);
    const { lockedUntil: until, before } = state;
    tx.record(authFailed(username, until !== null && before ? lockedReason(until) : why, facts));
    if (until !== null && !before) {
      tx.record(accountLocked(username, state.failures, until, facts));
    }
    return state;
  });
  if (lock.lockedUntil !== null && lock.before) throw accountIsLocked(lock.lockedUntil, clock());
  throw new ServerError('credentials_invalid', 'user name or password is wrong');
}

/**
 * Duties are kept apart at sign-in, too: roles that exclude each other open nothing. Whom a provider vouches for
 * (`claimed`) has been identified by then: AUTH is recorded before the refusal.
 */
export async function refuseWithoutRight(
  platform: Platform,
  account: User,
  facts: RequestFacts,
  method: AuthenticationMethod,
  claimed: { readonly credential: string; readonly authenticator: string } | null = null,
): Promise<void> {
  const conflict = platform.engine.findRoleConflict(account.roles);
  const subject = subjectOf({ user: account, scopes: null }, facts.address);
  // Everybody who is somebody may sign in; without any role one is nobody yet.
  const some = account.roles.length > 0;
  if (conflict === null && some && platform.engine.isAllowed(subject, LOGIN)) return;
  const actor = userActor(account, method, claimed?.credential);
  if (claimed !== null)
    await platform.recorder.record(authSucceeded(actor, facts, claimed.authenticator));
  const why =
    conflict === null
      ? 'no role that may sign in'
      : `${conflict} may not be held together with another role`;
  await platform.recorder.record(accessDenied(actor, LOGIN, facts, why));
  throw new ServerError(conflict === null ? 'access_denied' : 'role_conflict', why, {
    members: { resource: LOGIN.resource, operation: LOGIN.operation, roles: account.roles },
  });
}
