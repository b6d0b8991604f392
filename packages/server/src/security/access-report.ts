import { readPolicy } from '../authorization/access-policy.ts';
import { formatRight } from '../authorization/permission-names.ts';
import { rightsOfRole } from '../authorization/role-rights.ts';
import type { StateReader } from '../database/schema.ts';
import { listRoles } from './role-view.ts';

/** Who holds what at one moment. */
export interface AccessReport {
  readonly identities: readonly {
    readonly username: string;
    readonly name: string;
    readonly kind: 'person' | 'application';
    readonly roles: readonly string[];
    readonly disabled: boolean;
    /** The identity provider that vouches for the user; null: local. */
    readonly provider: string | null;
    readonly lastSignIn: string | null;
    /** How many client certificates and API tokens are the user's. */
    readonly certificates: number;
    readonly tokens: number;
  }[];
  readonly roles: readonly {
    readonly name: string;
    /** To how many users it is assigned. */
    readonly members: number;
    /** How many claims of identity providers lead to it. */
    readonly claims: number;
    /** The claims, `provider type: value`. */
    readonly claimed: readonly string[];
    /** Everything it may, `resource:operation`. */
    readonly permissions: readonly string[];
  }[];
  /** Users with roles that exclude each other. */
  readonly conflicts: readonly { readonly username: string; readonly roles: readonly string[] }[];
  /** User names of those who could sign in and have not for a quarter of a year. */
  readonly dormant: readonly string[];
}

/** Nobody is on leave for longer without anybody knowing. */
const DORMANT_MS = 90 * 86_400_000;

/** Draws up who holds what. */
export async function reportAccess(db: StateReader, now: Date): Promise<AccessReport> {
  const policy = await readPolicy(db);
  const users = await db.selectFrom('users').selectAll().orderBy('username').execute();
  const assigned = grouped(
    await db
      .selectFrom('role_assignments')
      .select(['user_id', 'role as value'])
      .orderBy('role')
      .execute(),
  );
  const certificates = grouped(
    await db
      .selectFrom('client_certificates')
      .select(['user_id', 'fingerprint as value'])
      .execute(),
  );
  const tokens = grouped(
    await db
      .selectFrom('api_tokens')
      .select(['user_id', 'id as value'])
      .where('expires_at', '>', now.toISOString())
      .execute(),
  );
  const identities = users.map((user) => ({
    username: user.username,
    name: user.name,
    kind: user.kind,
    roles: assigned.get(user.id) ?? [],
    disabled: user.disabled === 1,
    provider: user.provider,
    lastSignIn: user.last_sign_in_at,
    certificates: certificates.get(user.id)?.length ?? 0,
    tokens: tokens.get(user.id)?.length ?? 0,
  }));
  const since = new Date(now.getTime() - DORMANT_MS).toISOString();
  return {
    identities,
    roles: (await listRoles(db)).map(({ name, members, claims }) => ({
      name,
      members: members.length,
      claims: claims.length,
      claimed: claims.map(({ provider, type, value }) => `${provider} ${type}: ${value}`),
      permissions: rightsOfRole(policy, name).map(formatRight),
    })),
    conflicts: identities
      .filter(({ roles }) => policy.findRoleConflict(roles) !== null)
      .map(({ username, roles }) => ({ username, roles })),
    dormant: users
      .filter((user) => user.disabled === 0 && (user.last_sign_in_at ?? user.created_at) < since)
      .map(({ username }) => username),
  };
}

function grouped(
  rows: readonly { readonly user_id: string; readonly value: string }[],
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { user_id, value } of rows) {
    const group = groups.get(user_id);
    if (group === undefined) groups.set(user_id, [value]);
    else group.push(value);
  }
  return groups;
}
