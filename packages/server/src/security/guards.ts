import { rolesOf } from '../accounts/accounts.ts';
import { readPolicy } from '../authorization/access-policy.ts';
import type { Right } from '../authorization/engine.ts';
import type { Policy } from '../authorization/policy.ts';
import { ServerError } from '../errors.ts';
import type { SecurityTransaction } from './change.ts';
import { foldRole } from './names.ts';
import { assertReserved } from './reserved.ts';

/** What it takes to administer the server: to sign in, and to change users and access rules. */
const ADMINISTRATION: readonly Right[] = [
  { resource: 'certServer.ca.account', operation: 'login' },
  { resource: 'certServer.usrgrp.administration', operation: 'modify' },
  { resource: 'certServer.acl.configuration', operation: 'modify' },
];

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

/**
 * The state of this transaction leaves duties apart and somebody in charge: called after every change of who may do
 * what. Throws `reserved_right`, `last_administrator`.
 */
export async function assertOrder(tx: SecurityTransaction): Promise<void> {
  const policy = await readPolicy(tx.db);
  assertReserved(policy);
  await assertAdministratorLeft(tx, policy);
  tx.afterwards(async () => await tx.platform.engine.load(tx.platform.state.db));
}

/**
 * Somebody is left who can administer the server: an enabled person with roles of his own, asking from where the
 * caller asks from.
 */
async function assertAdministratorLeft(tx: SecurityTransaction, policy: Policy): Promise<void> {
  const people = await tx.db
    .selectFrom('users')
    .select(['id', 'username', 'alias'])
    .where('kind', '=', 'person')
    .where('disabled', '=', 0)
    .execute();
  const { address } = tx.caller.facts;
  for (const { id, username: user, alias } of people) {
    const subject = { user, alias, roles: await rolesOf(tx.db, id), address, scopes: null };
    // Neither of them could sign in.
    if (subject.roles.length === 0 || policy.findRoleConflict(subject.roles) !== null) continue;
    if (ADMINISTRATION.every((right) => policy.isAllowed(subject, right))) return;
  }
  throw new ServerError(
    'last_administrator',
    'nobody would be left who may administer users and access rules',
  );
}
