import { createAccount, foldUsername } from '../accounts/accounts.ts';
import type { StateReader } from '../database/schema.ts';
import { faultyField, ServerError } from '../errors.ts';
import { revoke } from './certificates.ts';
import type { SecurityTransaction } from './change.ts';
import { assertOrder, assertNotOwn } from './guards.ts';
import { findIdentity, findPerson, identityModel, type Identity } from './identity-view.ts';
import {
  EVERYBODY,
  isRecordable,
  RECORDABLE_EXPECTED,
  USERNAME,
  USERNAME_EXPECTED,
} from './names.ts';
import { IDENTITY, identityRef, type Attempt } from './records.ts';
import { assignRoles, changingMembers, knownRoles } from './role-assignments.ts';

/** A local account to be made. */
export interface NewIdentity {
  readonly username: string;
  readonly name: string;
  readonly alias: string | null;
  readonly email: string | null;
  readonly roles: readonly string[];
  readonly passwordHash: string;
  /** The server has made the password up. */
  readonly passwordGenerated: boolean;
}

/**
 * Creates a local account with its roles. Throws `request_invalid`, `already_exists` when somebody is known by the user
 * name or alias, `role_conflict`.
 */
export async function createIdentity(
  tx: SecurityTransaction,
  wanted: NewIdentity,
): Promise<Identity> {
  const username = parseUsername('username', wanted.username);
  const alias = wanted.alias === null ? null : parseUsername('alias', wanted.alias);
  const roles = await knownRoles(tx.db, wanted.roles);
  await assertFree(tx.db, 'username', username, null);
  if (alias !== null) await assertFree(tx.db, 'alias', alias, null);
  const ref = identityRef({ username });
  const attempt: Attempt = { ...IDENTITY, operation: 'Created', target: ref };
  tx.attempts(attempt);
  await changingMembers(tx, roles, ref, async () => {
    const { id } = await createAccount(tx.db, {
      ...wanted,
      username,
      alias,
      roles: [],
      now: tx.now,
    });
    await assignRoles(tx, id, roles, ref, () => attempt);
    const { identity } = await findIdentity(tx.db, username, tx.now);
    tx.changed(attempt, { before: null, after: identityModel(identity) });
  });
  return (await findIdentity(tx.db, username, tx.now)).identity;
}

/** What can be changed of an identity; left out: stays as it is. */
export interface IdentityChange {
  readonly name?: string | undefined;
  readonly email?: string | null | undefined;
  readonly alias?: string | null | undefined;
  readonly disabled?: boolean | undefined;
}

/**
 * Changes a person. Disabling ends the sessions. Throws `not_found`, `already_exists`, `own_role`, `last_administrator`.
 */
export async function updateIdentity(
  tx: SecurityTransaction,
  username: string,
  change: IdentityChange,
): Promise<Identity> {
  const { id, identity } = await findPerson(tx.db, username, tx.now);
  const wanted = {
    name: change.name ?? identity.name,
    email: change.email === undefined ? identity.email : change.email,
    alias: change.alias === undefined ? identity.alias : change.alias,
    disabled: change.disabled ?? identity.disabled,
  };
  if (wanted.alias !== null) wanted.alias = parseUsername('alias', wanted.alias);
  const attempt: Attempt = { ...IDENTITY, operation: 'Updated', target: identityRef(identity) };
  tx.attempts(attempt);
  if (wanted.disabled !== identity.disabled) assertNotOwn(tx, id, 'disables or enables himself');
  if (wanted.alias !== identity.alias) {
    // Access rules and records know people by it.
    assertNotOwn(tx, id, 'changes the name by which access rules know him');
    if (wanted.alias !== null) await assertFree(tx.db, 'alias', wanted.alias, id);
  }
  if (sameAs(identity, wanted)) return identity;
  await tx.db
    .updateTable('users')
    .set({ ...wanted, disabled: wanted.disabled ? 1 : 0 })
    .where('id', '=', id)
    .execute();
  if (wanted.disabled && !identity.disabled) {
    await tx.db.deleteFrom('sessions').where('user_id', '=', id).execute();
    await assertOrder(tx);
  }
  const changed = (await findIdentity(tx.db, identity.username, tx.now)).identity;
  tx.changed(attempt, { before: identityModel(identity), after: identityModel(changed) });
  tx.affects(id);
  return changed;
}

function sameAs(identity: Identity, wanted: Partial<Identity>): boolean {
  return JSON.stringify({ ...identity, ...wanted }) === JSON.stringify(identity);
}

/** Deletes a person with sessions and credentials, whose certificates of the built-in authority are revoked. Throws `not_found`, `own_role`, `last_administrator`. */
export async function deleteIdentity(tx: SecurityTransaction, username: string): Promise<Identity> {
  const { id, identity } = await findPerson(tx.db, username, tx.now);
  const attempt: Attempt = { ...IDENTITY, operation: 'Deleted', target: identityRef(identity) };
  tx.attempts(attempt);
  assertNotOwn(tx, id, 'deletes himself');
  await revoke(tx, identity.certificates);
  await tx.db.deleteFrom('users').where('id', '=', id).execute();
  await tx.db.deleteFrom('lockouts').where('username', '=', identity.username).execute();
  await assertOrder(tx);
  tx.changed(attempt, { before: identityModel(identity), after: null });
  tx.affects(id);
  return identity;
}

/** A user name as it is kept. Throws `request_invalid`. */
export function parseUsername(field: string, typed: string): string {
  const username = foldUsername(typed);
  const shown = JSON.stringify(typed.slice(0, 80));
  if (!USERNAME.test(username)) throw faultyField(field, USERNAME_EXPECTED, shown);
  if (!isRecordable(username)) throw faultyField(field, RECORDABLE_EXPECTED, 'such a name');
  if (EVERYBODY.has(username))
    throw faultyField(field, 'a name that does not mean everybody in access rules', shown);
  return username;
}

/** Nobody else is known by the name, neither as user name nor as alias. Throws `already_exists`. */
export async function assertFree(
  db: StateReader,
  field: 'username' | 'alias' | 'name',
  name: string,
  ownId: string | null,
): Promise<void> {
  const holder = await db
    .selectFrom('users')
    .select(['id', 'username'])
    .where((e) => e.or([e('username', '=', name), e('alias', '=', name)]))
    .where('id', '!=', ownId ?? '')
    .executeTakeFirst();
  if (holder === undefined) return;
  throw new ServerError('already_exists', `${field}: "${name}" is "${holder.username}" already`, {
    members: { field },
  });
}
