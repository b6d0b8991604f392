import { foldUsername, rolesOf } from '../accounts/accounts.ts';
import { readPolicy } from '../authorization/access-policy.ts';
import { assertStaffed, assertReserved, AT_THE_MACHINE } from '../authorization/safeguards.ts';
import { ServerError } from '../errors.ts';
import type { SecurityTransaction } from './change.ts';
import { foldRole } from './names.ts';

/** Whether the caller of a change is this user. */
export function isOwn(tx: SecurityTransaction, userId: string): boolean {
  return tx.caller.session.user.id === userId;
}

/** Nobody changes what he himself may do. Throws `own_role`. */
export function assertNotOwn(tx: SecurityTransaction, userId: string, what: string): void {
  if (!isOwn(tx, userId)) return;
  throw new ServerError('own_role', `nobody ${what}; somebody else has to`);
}

/** Nobody changes a role that he holds, assigned or by a claim. Throws `own_role`. */
export async function assertNotHeld(tx: SecurityTransaction, role: string): Promise<void> {
  const { user } = tx.caller.session;
  const held = [...user.roles, ...(await rolesOf(tx.db, user.id))].map(foldRole);
  if (!held.includes(foldRole(role))) return;
  throw new ServerError(
    'own_role',
    `nobody changes a role that he holds, here ${role}; somebody else has to`,
    { members: { role } },
  );
}

/** Nobody lets a claim that names himself lead to a role: what his groups are, only the provider knows. Throws `own_role`. */
export async function assertNotNamed(
  tx: SecurityTransaction,
  claim: { readonly provider: string; readonly type: string; readonly value: string },
): Promise<void> {
  const self = await tx.db
    .selectFrom('users')
    .select(['username', 'email', 'provider', 'subject'])
    .where('id', '=', tx.caller.session.user.id)
    .executeTakeFirst();
  if (self === undefined || self.provider !== claim.provider) return;
  const known = [self.username, self.email].filter((name) => name !== null).map(foldUsername);
  const named =
    (claim.type === 'OAuthSubject' && claim.value === self.subject) ||
    (claim.type === 'User' && known.includes(foldUsername(claim.value)));
  if (!named) return;
  throw new ServerError(
    'own_role',
    'nobody lets a claim that names himself lead to a role; somebody else has to',
  );
}

/**
 * The state of this transaction leaves duties apart and somebody in charge: called after every change of who may do
 * what. Throws `reserved_right`, `last_administrator`, `last_auditor`.
 */
export async function assertOrder(tx: SecurityTransaction): Promise<void> {
  const policy = await readPolicy(tx.db);
  assertReserved(policy);
  await assertStaffed(policy, tx.db, [tx.caller.facts.address, ...AT_THE_MACHINE]);
  tx.afterwards(async () => await tx.platform.engine.load(tx.platform.state.db));
}
