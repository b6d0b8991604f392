import type { JsonObject } from '@countersign/records';
import type { Selectable } from 'kysely';
import { formatRight } from '../authorization/permission-names.ts';
import type { Right } from '../authorization/engine.ts';
import type { StateReader, StateSchema } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import { foldRole } from './names.ts';

/** Who holds a role because an identity provider says so. */
export interface Claim {
  readonly id: string;
  readonly role: string;
  readonly provider: string;
  readonly type: StateSchema['role_claims']['type'];
  readonly value: string;
  readonly description: string;
  readonly createdAt: string;
}

/** A role with everything that belongs to it. */
export interface Role {
  readonly name: string;
  readonly description: string;
  readonly builtIn: boolean;
  readonly exclusive: boolean;
  /** Its names in access rules, beside its own. */
  readonly groups: readonly string[];
  /** What it may beyond what access rules grant its groups. */
  readonly permissions: readonly Right[];
  /** User names of those to whom it is assigned. */
  readonly members: readonly string[];
  readonly claims: readonly Claim[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Every role by name in order. */
export async function listRoles(db: StateReader): Promise<Role[]> {
  const rows = await db.selectFrom('roles').selectAll().orderBy('name').execute();
  const [permissions, members, claims] = [
    await db
      .selectFrom('role_permissions')
      .selectAll()
      .orderBy('resource')
      .orderBy('operation')
      .execute(),
    await db
      .selectFrom('role_assignments')
      .innerJoin('users', 'users.id', 'role_assignments.user_id')
      .select(['role', 'username'])
      .orderBy('username')
      .execute(),
    await listClaims(db),
  ];
  return rows.map((row) => ({
    name: row.name,
    description: row.description,
    builtIn: row.built_in === 1,
    exclusive: row.exclusive === 1,
    groups: JSON.parse(row.groups) as string[],
    permissions: permissions
      .filter(({ role }) => role === row.name)
      .map(({ resource, operation }) => ({ resource, operation })),
    members: members.filter(({ role }) => role === row.name).map(({ username }) => username),
    claims: claims.filter(({ role }) => role === row.name),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}

/** The role of a name, whatever the case. Throws `not_found`. */
export async function findRole(db: StateReader, name: string): Promise<Role> {
  const folded = foldRole(name);
  const role = (await listRoles(db)).find((known) => foldRole(known.name) === folded);
  if (role === undefined)
    throw new ServerError('not_found', `there is no role "${name.slice(0, 100)}"`);
  return role;
}

/** Every claim, by role, provider, type and value. */
export async function listClaims(db: StateReader): Promise<Claim[]> {
  const rows = await db
    .selectFrom('role_claims')
    .selectAll()
    .orderBy('role')
    .orderBy('provider')
    .orderBy('type')
    .orderBy('value')
    .execute();
  return rows.map(toClaim);
}

function toClaim(row: Selectable<StateSchema['role_claims']>): Claim {
  const { created_at: createdAt, ...claim } = row;
  return { ...claim, createdAt };
}

/** A role as records hold it. */
export function roleModel(role: Role): JsonObject {
  const { name, description, exclusive } = role;
  return {
    name,
    description,
    exclusive,
    groups: [...role.groups],
    permissions: role.permissions.map(formatRight),
    members: [...role.members],
    claims: role.claims.map(claimModel),
  };
}

/** A claim as records hold it. */
export function claimModel({ role, provider, type, value, description }: Claim): JsonObject {
  return { role, provider, type, value, description };
}
