import type { Right } from './engine.ts';
import { formatRight } from './permission-names.ts';
import type { Policy } from './policy.ts';

/** A right that a role gives. */
export interface RoleRight extends Right {
  /** A permission of the role itself, or an access rule that names one of its groups. */
  readonly from: 'role' | 'rule';
}

/**
 * What a role gives beyond what everybody may: its permissions, and what access rules grant its groups, perhaps
 * under further conditions. What is refused to all who hold it is left out.
 */
export function rightsOfRole(policy: Policy, role: string): RoleRight[] {
  const rights = new Map<string, RoleRight>();
  const holder = { user: '', roles: [role], address: '', scopes: null };
  for (const { rule } of policy.rules) {
    for (const { type, operations, terms } of rule.entries) {
      const named = terms.some(
        (term) =>
          term.type === 'group' &&
          term.operator === '=' &&
          policy.rolesOfGroup(term.value).some(({ name }) => name === role),
      );
      if (type === 'deny' || !named) continue;
      for (const operation of operations) {
        const right = { resource: rule.resource, operation };
        rights.set(formatRight(right), { ...right, from: 'rule' });
      }
    }
  }
  for (const right of policy.roleOf(role)?.permissions ?? [])
    rights.set(formatRight(right), { ...right, from: 'role' });
  return [...rights]
    .filter(([, right]) => policy.decide(holder, right).by !== 'deny')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, right]) => right);
}
