import type { ObjectRef } from '@countersign/records';
import { assignRole, foldUsername } from '../accounts/accounts.ts';
import type { StateReader } from '../database/schema.ts';
import { faultyField } from '../errors.ts';
import type { SecurityTransaction } from './change.ts';
import { assertOrder, assertNotOwn } from './guards.ts';
import { findIdentity, type Identity } from './identity-view.ts';
import { foldRole } from './names.ts';
import { identityRef, ROLE, roleRef, type Attempt } from './records.ts';
import { listRoles, roleModel } from './role-view.ts';

/** So many people hold one role at most: its record holds them all. */
export const MAX_MEMBERS = 5_000;

/**
 * Gives a user exactly these roles. Each role that gains or loses him is a change of that role, recorded with the whole
 * role before and after. Throws `not_found`, `request_invalid` for a role there is not, `own_role`, `role_conflict`,
 * `last_administrator`.
 */
export async function setRoles(
  tx: SecurityTransaction,
  username: string,
  wanted: readonly string[],
): Promise<Identity> {
  const { id, identity } = await findIdentity(tx.db, username, tx.now);
  const names = await knownRoles(tx.db, wanted);
  const lost = identity.roles.filter((name) => !names.includes(name));
  const gained = names.filter((name) => !identity.roles.includes(name));
  const [first] = [...gained, ...lost];
  if (first === undefined) return identity;
  const ref = identityRef(identity);
  tx.attempts(membership(first, ref));
  assertNotOwn(tx, id, 'changes his own roles');
  await changingMembers(tx, [...lost, ...gained], ref, async () => {
    for (const role of lost) {
      await tx.db
        .deleteFrom('role_assignments')
        .where('user_id', '=', id)
        .where('role', '=', role)
        .execute();
    }
    await assignRoles(tx, id, gained, ref);
    if (lost.length > 0) {
      tx.attempts(membership(lost[0] ?? first, ref));
      await assertOrder(tx);
    }
  });
  tx.affects(id);
  // What a provider's claims add to other roles than before is for the next sign-in to see, and whether they go together.
  const { end } = await tx.platform.sessions.removeClaimedOf(tx.db, id);
  tx.afterwards(end);
  return (await findIdentity(tx.db, foldUsername(username), tx.now)).identity;
}

/** Gives a user further roles, one after another. Throws `role_conflict` for the first that must not be beside another. */
export async function assignRoles(
  tx: SecurityTransaction,
  userId: string,
  roles: readonly string[],
  ref: ObjectRef,
  attempt: (role: string) => Attempt = (role) => membership(role, ref),
): Promise<void> {
  for (const role of roles) {
    tx.attempts(attempt(role));
    await assignRole(tx.db, userId, role, tx.now);
  }
}

/** Records, for each of these roles, that the work has changed it. */
export async function changingMembers(
  tx: SecurityTransaction,
  names: readonly string[],
  ref: ObjectRef,
  work: () => Promise<void>,
): Promise<void> {
  const before = new Map((await listRoles(tx.db)).map((role) => [role.name, role]));
  await work();
  for (const role of await listRoles(tx.db)) {
    if (!names.includes(role.name)) continue;
    if (role.members.length > MAX_MEMBERS) {
      const got = `${role.members.length}`;
      throw faultyField('roles', `at most ${MAX_MEMBERS} members of ${role.name}`, got);
    }
    const old = before.get(role.name);
    const models = { before: old === undefined ? null : roleModel(old), after: roleModel(role) };
    tx.changed(membership(role.name, ref), models);
  }
}

/** The names as the roles have them, each once, in order. Throws `request_invalid` for one that is none. */
export async function knownRoles(db: StateReader, wanted: readonly string[]): Promise<string[]> {
  const rows = await db.selectFrom('roles').select('name').execute();
  const known = new Map(rows.map(({ name }) => [foldRole(name), name]));
  const names = wanted.map((name, i) => {
    const found = known.get(foldRole(name));
    if (found !== undefined) return found;
    throw faultyField(`roles.${i}`, 'the name of a role', JSON.stringify(name.slice(0, 80)));
  });
  return [...new Set(names)].sort();
}

function membership(role: string, ref: ObjectRef): Attempt {
  return {
    ...ROLE,
    operation: 'Updated',
    target: roleRef(role),
    related: [{ ...ref, relation: 'member' }],
  };
}
