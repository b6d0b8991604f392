import type { StateReader } from '../database/schema.ts';
import { findConflict, type RoleFacts } from './policy.ts';

/** The built-in roles, by the names people see. */
export const ROLES = [
  'Administrator',
  'Auditor',
  'CA Operations',
  'RA',
  'SSH Server Admin',
  'SSH Enterprise Admin',
] as const;
export type Role = (typeof ROLES)[number];

/**
 * The roles that the product has from the start; what they may do is in the access rules. Who watches is not who
 * acts, and who issues certificates does nothing else: Auditor and CA Operations are held alone.
 */
export const BUILT_IN_ROLES: readonly (RoleFacts & { readonly name: Role })[] = [
  role('Administrator', 'Administrators', 'Sets up the server and says who may do what'),
  role('Auditor', 'Auditors', 'Reads, verifies and exports the log; held alone', true),
  role(
    'CA Operations',
    'Certificate Manager Agents',
    'Approves, issues and revokes certificates; held alone',
    true,
  ),
  role('RA', 'Registration Manager Agents', 'Checks and enters requests for certificates'),
  role('SSH Server Admin', 'SSH Server Administrators', 'Manages servers, logons and SSH keys'),
  role(
    'SSH Enterprise Admin',
    'SSH Enterprise Administrators',
    'Manages SSH for all servers, their groups and owners',
  ),
];

/** The exclusive role that stands beside another one, by the roles in state.db; null: one person may hold them. */
export async function findRoleConflict(
  db: StateReader,
  roles: readonly string[],
): Promise<string | null> {
  if (roles.length < 2) return null;
  const rows = await db.selectFrom('roles').select('name').where('exclusive', '=', 1).execute();
  return findConflict(roles, new Set(rows.map(({ name }) => name)));
}

function role(name: Role, group: string, description: string, exclusive = false) {
  return { name, description, builtIn: true, exclusive, groups: [group], permissions: [] };
}
