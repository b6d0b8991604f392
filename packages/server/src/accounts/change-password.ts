import { ServerError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import { accountLocked, credentialChanged } from '../recording/events.ts';
import { sessionActor, type RequestFacts } from '../recording/facts.ts';
import { findAccount } from './accounts.ts';
import { clearFailures, countFailure } from './lockout.ts';
import { checkNewPassword } from './password-rules.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import type { Session } from './sessions.ts';

/**
 * Changes the password of the user of a session, who shows the present one. All sessions of the user but this one end.
 * Throws `request_invalid` for a password that breaks the rules, `credentials_invalid` for a wrong present one, which
 * counts like a wrong sign-in.
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
  refusals.admitSignIn(username, facts);
  const account = await findAccount(state.db, username);
  if (!(await checkPassword(passwords.current, account?.passwordHash ?? null))) {
    await recorder.audited(async (tx) => {
      const lock = await countFailure(tx.db, username, clock(), config.lockout);
      tx.record(credentialChanged(actor, facts, 'Failure', 'wrong present password'));
      if (lock.lockedUntil !== null) {
        tx.record(accountLocked(username, lock.failures, lock.lockedUntil, facts));
      }
    });
    throw new ServerError('credentials_invalid', 'the present password is wrong');
  }
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
