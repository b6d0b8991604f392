import { ServerError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import { accountLocked, credentialChanged } from '../recording/events.ts';
import { sessionActor, type RequestFacts } from '../recording/facts.ts';
import { findAccount } from './accounts.ts';
import { clearFailures, countFailure, lockedUntil } from './lockout.ts';
import { checkNewPassword } from './password-rules.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import type { Session } from './sessions.ts';
import { accountIsLocked, lockedReason } from './sign-in.ts';

/**
 * Changes the password of the user of a session, who shows the present one. All sessions of the user but this one end.
 * Throws `request_invalid` for a password that breaks the rules, `credentials_invalid` for a wrong present one, which
 * counts like a wrong sign-in, and `account_locked` after too many of those: a session that was left open is no way
 * to go on guessing.
 */
export async function changePassword(
  platform: Platform,
  session: Session,
  passwords: { readonly current: string; readonly next: string },
  facts: RequestFacts,
): Promise<void> {
  const { state, recorder, sessions, clock, config, refusals } = platform;
  const { username, id } = session.user;
  const actor = sessionActor(session);
  const broken = checkNewPassword(passwords.next);
  if (broken !== null) {
    throw new ServerError(
      'request_invalid',
      `next: expected ${broken.expected}, got ${broken.got}`,
      {
        members: { in: 'body', errors: [{ field: 'next', ...broken }] },
      },
    );
  }
  const refuseLocked = async () => {
    const until = await lockedUntil(state.db, username, clock());
    if (until === null) return;
    await recorder.record(credentialChanged(actor, facts, 'Failure', lockedReason(until)));
    throw accountIsLocked(until, clock());
  };
  refusals.admitSignIn(username, facts);
  await refuseLocked();
  const account = await findAccount(state.db, username);
  if (!(await checkPassword(passwords.current, account?.passwordHash ?? null))) {
    const { result: lock } = await recorder.audited(async (tx) => {
      const counted = await countFailure(tx.db, username, clock(), config.lockout);
      const { lockedUntil: until, before } = counted;
      const why = until !== null && before ? lockedReason(until) : 'wrong present password';
      tx.record(credentialChanged(actor, facts, 'Failure', why));
      if (until !== null && !before) {
        tx.record(accountLocked(username, counted.failures, until, facts));
      }
      return counted;
    });
    if (lock.lockedUntil !== null && lock.before) throw accountIsLocked(lock.lockedUntil, clock());
    throw new ServerError('credentials_invalid', 'the present password is wrong');
  }
  await refuseLocked();
  const hash = await hashPassword(passwords.next);
  const { result } = await recorder.audited(async (tx) => {
    await clearFailures(tx.db, username);
    await tx.db
      .updateTable('users')
      .set({ password: hash, password_generated: 0 })
      .where('id', '=', id)
      .execute();
    tx.record(credentialChanged(actor, facts, 'Success', null));
    return await sessions.removeOthers(tx.db, session);
  });
  result.end();
}
