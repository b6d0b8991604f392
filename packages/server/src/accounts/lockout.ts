import type { StateReader, StateTransaction } from '../database/schema.ts';
import type { Config } from '../config/config.ts';

/** Where a user name stands after a wrong password. */
export interface LockState {
  readonly failures: number;
  readonly lockedUntil: Date | null;
  /** The name was locked already, so this password was not to be looked at: who tried must not learn about it. */
  readonly before: boolean;
}

/** Until when the user name is locked, or null. */
export async function lockedUntil(
  db: StateReader,
  username: string,
  now: Date,
): Promise<Date | null> {
  const row = await db
    .selectFrom('lockouts')
    .select('locked_until')
    .where('username', '=', username)
    .executeTakeFirst();
  if (row === undefined || row.locked_until === null) return null;
  const until = new Date(row.locked_until);
  return until > now ? until : null;
}

/**
 * Counts a wrong password. After `failures` of them within the window the name is locked. Attempts made at the same
 * time arrive here one after another: those that come after the threshold change nothing, above all not the lock.
 */
export async function countFailure(
  tx: StateTransaction,
  username: string,
  now: Date,
  rule: Config['lockout'],
): Promise<LockState> {
  const row = await tx
    .selectFrom('lockouts')
    .selectAll()
    .where('username', '=', username)
    .executeTakeFirst();
  const held = row === undefined || row.locked_until === null ? null : new Date(row.locked_until);
  if (row !== undefined && held !== null && held > now) {
    return { failures: row.failures, lockedUntil: held, before: true };
  }
  const fresh =
    row === undefined ||
    held !== null ||
    now.getTime() - Date.parse(row.first_failure_at) > rule.windowMs;
  const failures = fresh ? 1 : row.failures + 1;
  const until = failures >= rule.failures ? new Date(now.getTime() + rule.lockMs) : null;
  const values = {
    failures,
    first_failure_at: fresh ? now.toISOString() : row.first_failure_at,
    locked_until: until?.toISOString() ?? null,
  };
  await tx
    .insertInto('lockouts')
    .values({ username, ...values })
    .onConflict((conflict) => conflict.column('username').doUpdateSet(values))
    .execute();
  return { failures, lockedUntil: until, before: false };
}

/**
 * Ends locks whose time is up, of one user name or of all, and says of which: that they may be tried again is to be
 * recorded in the same transaction.
 */
export async function endExpiredLocks(
  tx: StateTransaction,
  now: Date,
  username?: string,
): Promise<string[]> {
  let expired = tx
    .selectFrom('lockouts')
    .select('username')
    .where('locked_until', '<=', now.toISOString());
  if (username !== undefined) expired = expired.where('username', '=', username);
  const names = (await expired.orderBy('username').execute()).map((row) => row.username);
  if (names.length > 0) await tx.deleteFrom('lockouts').where('username', 'in', names).execute();
  return names;
}

/** Forgets the failures of a user name after a good sign-in. */
export async function clearFailures(tx: StateTransaction, username: string): Promise<void> {
  await tx.deleteFrom('lockouts').where('username', '=', username).execute();
}
