/** The roles of the product, by the names people see. */
export const ROLES = ['Administrator', 'Auditor'] as const;
export type Role = (typeof ROLES)[number];

/** Roles nobody may hold together with another: who watches is not who acts. */
export const EXCLUSIVE_ROLES: readonly Role[] = ['Auditor'];

/** The exclusive role that stands beside another one, or null when the set may be held by one person. */
export function findRoleConflict(roles: readonly string[]): Role | null {
  if (roles.length < 2) return null;
  return EXCLUSIVE_ROLES.find((role) => roles.includes(role)) ?? null;
}
