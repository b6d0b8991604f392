/** What a set of roles must not be: an exclusive one beside others. */
export interface RoleConflict {
  readonly exclusive: string;
  readonly others: readonly string[];
}

interface NamedRole {
  readonly name: string;
  readonly exclusive: boolean;
}

/** The first exclusive role among several chosen ones, with those it cannot stand beside; null when all is well. */
export function conflictOf(
  chosen: readonly string[],
  roles: readonly NamedRole[],
): RoleConflict | null {
  if (chosen.length < 2) return null;
  const exclusive = roles.find((role) => role.exclusive && chosen.includes(role.name));
  if (exclusive === undefined) return null;
  return { exclusive: exclusive.name, others: chosen.filter((name) => name !== exclusive.name) };
}

/** "Administrator", "Administrator and RA", "Administrator, RA and Clerk". */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
