import { ServerError } from '../errors.ts';
import type { Right } from '../authorization/engine.ts';
import type { SecurityTransaction } from './change.ts';
import { assertOrder, assertNotHeld } from './guards.ts';
import { foldRole } from './names.ts';
import { ROLE, roleRef, type Attempt } from './records.ts';
import { formatRight } from '../authorization/permission-names.ts';
import { findRole, listRoles, roleModel, type Role } from './role-view.ts';

/** A role to be made. */
export interface NewRole {
  readonly name: string;
  readonly description: string;
  readonly exclusive: boolean;
  /** Further names it has in access rules. */
  readonly groups: readonly string[];
  readonly permissions: readonly Right[];
}

/** Creates a role that nobody holds yet. Throws `already_exists`, `reserved_right`. */
export async function createRole(tx: SecurityTransaction, wanted: NewRole): Promise<Role> {
  const attempt: Attempt = { ...ROLE, operation: 'Created', target: roleRef(wanted.name) };
  tx.attempts(attempt);
  await assertNamesFree(tx, wanted, null);
  const now = tx.now.toISOString();
  await tx.db
    .insertInto('roles')
    .values({
      name: wanted.name,
      description: wanted.description,
      built_in: 0,
      exclusive: wanted.exclusive ? 1 : 0,
      groups: JSON.stringify([...new Set(wanted.groups)]),
      created_at: now,
      updated_at: now,
    })
    .execute();
  await setPermissions(tx, wanted.name, wanted.permissions);
  await assertOrder(tx);
  const role = await findRole(tx.db, wanted.name);
  tx.changed(attempt, { before: null, after: roleModel(role) });
  return role;
}

/** What can be changed of a role; left out: stays as it is. */
export type RoleChange = { readonly [K in keyof NewRole]?: NewRole[K] | undefined };

/**
 * Changes a role. Throws `not_found`, `built_in`, `own_role` for a role the caller holds (its description alone may be
 * changed), `already_exists`, `role_conflict` when it is to be exclusive and a member holds another, `reserved_right`,
 * `last_administrator`.
 */
export async function updateRole(
  tx: SecurityTransaction,
  name: string,
  change: RoleChange,
): Promise<Role> {
  const role = await findRole(tx.db, name);
  const wanted: NewRole = {
    name: change.name ?? role.name,
    description: change.description ?? role.description,
    exclusive: change.exclusive ?? role.exclusive,
    groups: change.groups === undefined ? role.groups : [...new Set(change.groups)],
    permissions: change.permissions ?? role.permissions,
  };
  const same = isSame(role, wanted);
  if (same === 'whole') return role;
  const renamed = wanted.name !== role.name;
  const attempt: Attempt = {
    ...ROLE,
    operation: 'Updated',
    target: roleRef(wanted.name),
    ...(renamed ? { related: [{ ...roleRef(role.name), relation: 'formerly' }] } : {}),
  };
  tx.attempts({ ...ROLE, operation: 'Updated', target: roleRef(role.name) });
  assertNotBuiltIn(role);
  if (same === 'description') {
    await writeRole(tx, role, wanted);
  } else {
    await assertNotHeld(tx, role.name);
    await assertNamesFree(tx, wanted, role.name);
    if (wanted.exclusive && !role.exclusive) await assertHeldAlone(tx, role);
    await writeRole(tx, role, wanted);
    await setPermissions(tx, wanted.name, wanted.permissions);
  }
  await assertOrder(tx);
  const changed = await findRole(tx.db, wanted.name);
  tx.changed(attempt, { before: roleModel(role), after: roleModel(changed) });
  return changed;
}

/** Deletes a role; its members do not hold it any more. Throws `not_found`, `built_in`, `own_role`, `last_administrator`. */
export async function deleteRole(tx: SecurityTransaction, name: string): Promise<void> {
  const role = await findRole(tx.db, name);
  const attempt: Attempt = { ...ROLE, operation: 'Deleted', target: roleRef(role.name) };
  tx.attempts(attempt);
  assertNotBuiltIn(role);
  await assertNotHeld(tx, role.name);
  await affectMembers(tx, role.name);
  await tx.db.deleteFrom('role_assignments').where('role', '=', role.name).execute();
  await tx.db.deleteFrom('roles').where('name', '=', role.name).execute();
  await assertOrder(tx);
  tx.changed(attempt, { before: roleModel(role), after: null });
}

/** Sessions of members, and those that have the role by a claim, follow the change. */
export async function affectMembers(tx: SecurityTransaction, role: string): Promise<void> {
  const members = await tx.db
    .selectFrom('role_assignments')
    .select('user_id')
    .where('role', '=', role)
    .execute();
  for (const { user_id } of members) tx.affects(user_id);
  const ended = await tx.platform.sessions.removeClaimed(tx.db, role);
  tx.afterwards(ended.end);
}

function assertNotBuiltIn(role: Role): void {
  if (!role.builtIn) return;
  throw new ServerError(
    'built_in',
    `${role.name} belongs to the product: only its members and claims can be changed`,
    { members: { role: role.name } },
  );
}

function isSame(role: Role, wanted: NewRole): 'whole' | 'description' | 'no' {
  const core = ({ name, exclusive, groups, permissions }: NewRole) =>
    JSON.stringify([name, exclusive, groups, permissions.map(formatRight).sort()]);
  if (core(role) !== core(wanted)) return 'no';
  return role.description === wanted.description ? 'whole' : 'description';
}

async function writeRole(tx: SecurityTransaction, role: Role, wanted: NewRole): Promise<void> {
  if (wanted.name !== role.name) await affectMembers(tx, role.name);
  await tx.db
    .updateTable('roles')
    .set({
      name: wanted.name,
      description: wanted.description,
      exclusive: wanted.exclusive ? 1 : 0,
      groups: JSON.stringify(wanted.groups),
      updated_at: tx.now.toISOString(),
    })
    .where('name', '=', role.name)
    .execute();
  await tx.db
    .updateTable('role_assignments')
    .set({ role: wanted.name })
    .where('role', '=', role.name)
    .execute();
}

async function setPermissions(
  tx: SecurityTransaction,
  role: string,
  permissions: readonly Right[],
): Promise<void> {
  await tx.db.deleteFrom('role_permissions').where('role', '=', role).execute();
  const once = new Map(permissions.map((right) => [formatRight(right), right]));
  const rows = [...once.values()].map(({ resource, operation }) => ({ role, resource, operation }));
  if (rows.length > 0) await tx.db.insertInto('role_permissions').values(rows).execute();
}

/** In access rules a role goes by its name and its groups: no other role may go by the same. Throws `already_exists`. */
async function assertNamesFree(
  tx: SecurityTransaction,
  wanted: NewRole,
  formerly: string | null,
): Promise<void> {
  const taken = new Map<string, string>();
  for (const role of await listRoles(tx.db)) {
    if (role.name === formerly) continue;
    for (const name of [role.name, ...role.groups]) taken.set(foldRole(name), role.name);
  }
  for (const [i, name] of [wanted.name, ...wanted.groups].entries()) {
    const holder = taken.get(foldRole(name));
    if (holder === undefined) continue;
    const field = i === 0 ? 'name' : `groups.${i - 1}`;
    const as = foldRole(holder) === foldRole(name) ? 'is a role' : `is a group of role ${holder}`;
    throw new ServerError('already_exists', `${field}: "${name}" ${as} already`, {
      members: { field },
    });
  }
}

/** Nobody who holds the role holds another. Throws `role_conflict`. */
async function assertHeldAlone(tx: SecurityTransaction, role: Role): Promise<void> {
  const other = (await listRoles(tx.db)).find(
    (known) => known.name !== role.name && known.members.some((m) => role.members.includes(m)),
  );
  if (other === undefined) return;
  const member = other.members.find((name) => role.members.includes(name)) ?? '';
  throw new ServerError(
    'role_conflict',
    `${member} holds ${role.name} together with ${other.name}, so ${role.name} cannot be exclusive`,
    { members: { role: role.name, held: [role.name, other.name] } },
  );
}
