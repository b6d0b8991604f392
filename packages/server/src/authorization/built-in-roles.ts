import type { State } from '../database/open.ts';
import type { StateTransaction } from '../database/schema.ts';
import type { OwnDraft } from '../recording/draft.ts';
import type { Recorder } from '../recording/recorder.ts';
import { ROLE, roleRef, securityChange } from '../security/records.ts';
import { roleModel } from '../security/role-view.ts';
import { BUILT_IN_ROLES } from './roles.ts';
import type { RoleFacts } from './policy.ts';

/** Creates the built-in roles that are not there, each with its record, all in one transaction. */
export async function createBuiltInRoles(parts: {
  state: State;
  recorder: Recorder;
  clock: () => Date;
}): Promise<void> {
  const { state, recorder, clock } = parts;
  const rows = await state.db.selectFrom('roles').select('name').execute();
  const there = new Set(rows.map(({ name }) => name));
  const missing = BUILT_IN_ROLES.filter(({ name }) => !there.has(name));
  if (missing.length === 0) return;
  await recorder.audited(async (tx) => {
    const now = clock().toISOString();
    for (const role of missing) {
      await insertRole(tx.db, role, now);
      tx.record(roleCreated(role, now));
    }
  });
}

/** Writes a role without its permissions; `now` is RFC 3339 text. */
export async function insertRole(
  tx: StateTransaction,
  { name, description, builtIn, exclusive, groups }: Omit<RoleFacts, 'permissions'>,
  now: string,
): Promise<void> {
  await tx
    .insertInto('roles')
    .values({
      name,
      description,
      built_in: builtIn ? 1 : 0,
      exclusive: exclusive ? 1 : 0,
      groups: JSON.stringify(groups),
      created_at: now,
      updated_at: now,
    })
    .execute();
}

/** The record of a role that the product has made. */
function roleCreated({ name, ...facts }: RoleFacts, now: string): OwnDraft {
  const role = { ...facts, name, members: [], claims: [], createdAt: now, updatedAt: now };
  const attempt = { ...ROLE, operation: 'Created', target: roleRef(name) } as const;
  return securityChange(attempt, null, 'Success', { after: roleModel(role) });
}
