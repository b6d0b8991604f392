import { clearFailures } from '../accounts/lockout.ts';
import { faultyField } from '../errors.ts';
import type { SecurityTransaction } from './change.ts';
import { accountUnlocked, credentialAdministered } from './credential-records.ts';
import { assertNotOwn } from './guards.ts';
import { findIdentity, findPerson } from './identity-view.ts';

/** Ends the lock of an account that was tried with too many wrong passwords. Throws `not_found`. */
export async function unlock(tx: SecurityTransaction, username: string): Promise<void> {
  const { identity } = await findIdentity(tx.db, username, tx.now);
  if (identity.lockedUntil === null) return;
  await clearFailures(tx.db, identity.username);
  tx.record(accountUnlocked(tx.caller, identity));
}

/**
 * Sets a password that the server has made up, ends all sessions of the user and revokes his API tokens. Throws `not_found`; `own_role` for
 * the caller himself, who shows his present password to change it; `request_invalid` where no password opens the account.
 */
export async function resetPassword(
  tx: SecurityTransaction,
  username: string,
  passwordHash: string,
): Promise<void> {
  const { id, identity } = await findPerson(tx.db, username, tx.now);
  tx.attemptsElse((reason) =>
    credentialAdministered(tx.caller, identity, { outcome: 'Failure', reason }),
  );
  assertNotOwn(tx, id, 'resets his own password, which he changes by showing the present one');
  if (identity.provider !== null) {
    const got = `one that ${identity.provider} vouches for`;
    throw faultyField('username', 'an account with a password of its own', got);
  }
  await tx.db
    .updateTable('users')
    .set({ password: passwordHash, password_generated: 1 })
    .where('id', '=', id)
    .execute();
  // Whoever knew the old password may have made himself tokens with it.
  const { numDeletedRows } = await tx.db
    .deleteFrom('api_tokens')
    .where('user_id', '=', id)
    .executeTakeFirst();
  const revoked = numDeletedRows === 0n ? '' : `; API tokens revoked: ${numDeletedRows}`;
  tx.record(
    credentialAdministered(tx.caller, identity, {
      reason: `a new password was made up${revoked}`,
    }),
  );
  const ended = await tx.platform.sessions.removeAll(tx.db, id);
  tx.afterwards(ended.end);
}
