import type { Platform } from '../platform.ts';
import { namesOf } from '../authorization/permission-names.ts';
import { rightsOfRole } from '../authorization/role-rights.ts';
import type { Role } from './role-view.ts';

/** Everything a role may, with Keyfactor's names for it, and what grants it: the role itself or an access rule. */
export function permissionsOf({ engine }: Platform, role: Pick<Role, 'name'>) {
  return rightsOfRole(engine.current, role.name).map((right) => ({
    ...right,
    names: namesOf(right),
  }));
}
