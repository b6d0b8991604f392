import { covers } from '../authorization/acl/rule.ts';
import type { AccessEntry, Term } from '../authorization/acl/rule.ts';
import type { Policy, RoleFacts } from '../authorization/policy.ts';
import { ServerError } from '../errors.ts';

/** What is kept for roles that are held alone: who watches is not who acts. */
export const RESERVED = 'certServer.log.content';

/** Whether a right on a resource reaches what is reserved: it is below it, or above and covers it. */
export function isReserved(resource: string): boolean {
  return covers(RESERVED, resource) || covers(resource, RESERVED);
}

/**
 * Nothing reserved is within reach of anybody whose role is not exclusive, be it by a permission of the role or by an
 * access rule, whoever asks from wherever. Throws `reserved_right`, naming the role or the entry.
 */
export function assertReserved(policy: Policy): void {
  for (const role of policy.roles) {
    const right = role.permissions.find(({ resource }) => isReserved(resource));
    if (right === undefined || role.exclusive) continue;
    throw new ServerError(
      'reserved_right',
      `${right.resource}:${right.operation} is kept for exclusive roles, and ${role.name} is none`,
      { members: { role: role.name, resource: right.resource, operation: right.operation } },
    );
  }
  for (const { rule } of policy.rules) {
    if (!isReserved(rule.resource)) continue;
    for (const entry of rule.entries) {
      if (entry.type === 'deny' || !couldHold(entry, policy.roles)) continue;
      throw new ServerError(
        'reserved_right',
        `${rule.resource} is kept for exclusive roles, and "${entry.text.trim()}" reaches others`,
        { members: { resource: rule.resource, entry: entry.text.trim() } },
      );
    }
  }
}

/** Whether the entry could be about somebody without an exclusive role. Terms stand left to right, as the engine takes them. */
function couldHold({ terms, joins }: AccessEntry, roles: readonly RoleFacts[]): boolean {
  const [first = false, ...rest] = terms.map((term) => couldBeOther(term, roles));
  return rest.reduce(
    (left, right, i) => (joins[i] === '||' ? left || right : left && right),
    first,
  );
}

/** Only membership in a group that no other role goes by keeps others out. */
function couldBeOther({ type, operator, value }: Term, roles: readonly RoleFacts[]): boolean {
  if (type !== 'group' || operator === '!=') return true;
  return roles.some(
    ({ name, groups, exclusive }) => !exclusive && (name === value || groups.includes(value)),
  );
}
