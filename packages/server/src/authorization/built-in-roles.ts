import type { State } from '../database/open.ts';
import type { StateTransaction } from '../database/schema.ts';
import type { OwnDraft } from '../recording/draft.ts';
import { ownSource, SYSTEM_ACTOR } from '../recording/facts.ts';
import type { Recorder } from '../recording/recorder.ts';
import { VERSION } from '../version.ts';
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

/** CONFIG_ROLE: the product has made a role of its own. */
function roleCreated(role: RoleFacts, now: string): OwnDraft {
  const { name, description, builtIn, exclusive, groups } = role;
  const model = {
    name,
    description,
    builtIn,
    exclusive,
    groups: [...groups],
    permissions: [],
    members: [],
  };
  return {
    event: 'CONFIG_ROLE',
    outcome: 'Success',
    category: 'SecurityRole',
    operation: 'Created',
    content: {
      actor: SYSTEM_ACTOR,
      source: ownSource('server', VERSION),
      origin: { interface: 'console' },
      target: { type: 'role', id: name, name },
      after: { ...model, claims: [], createdAt: now, updatedAt: now },
      attributes: [
        ['SubjectID', SYSTEM_ACTOR.id],
        ['Outcome', 'Success'],
        ['ParamNameValPairs', `Scope;;roles+Operation;;OP_ADD+Resource;;${name}`],
      ],
    },
  };
}
